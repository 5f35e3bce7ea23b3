"""The mark that says in a ticket's audits what was told there, and what an audit proves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from connectors.errors import Refused, Unavailable
from connectors.zendesk.client import Zendesk
from connectors.zendesk.reader import when
from lineage.outbox import Receipt

KEY = "kithspark"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def as_metadata(mark: Sequence[str]) -> dict[str, list[str]]:
    """What a write carries; Zendesk keeps it at `metadata.custom` of the audit that the write makes."""
    return {KEY: list(mark)}


def said_in(audits: Sequence[Mapping[str, Any]], mark: Sequence[str]) -> Mapping[str, Any] | None:
    """The audit that carries this mark."""
    wanted = set(mark)
    for audit in audits:
        custom = (audit.get("metadata") or {}).get("custom") or {}
        found = custom.get(KEY) if isinstance(custom, Mapping) else None
        if isinstance(found, list) and wanted & {str(word) for word in found}:
            return audit
    return None


def newest(audits: Sequence[Mapping[str, Any]]) -> datetime:
    """When the newest of these audits was made."""
    return max((when(str(audit["created_at"])) for audit in audits), default=LONG_AGO)


def receipt_of(audit: Mapping[str, Any], place: str, ticket: str, requester: object | None = None) -> Receipt:
    """Where the message stands, and whether a trigger of the account mailed the requester."""
    events = [event for event in audit.get("events") or [] if isinstance(event, Mapping)]
    comment = next((str(event.get("id")) for event in events if event.get("type") == "Comment"), "")
    mailed = {
        str(recipient)
        for event in events
        if event.get("type") == "Notification"
        for recipient in event.get("recipients") or []
    }
    reached = bool(mailed) if requester is None else str(requester) in mailed
    return Receipt(place, str(audit.get("id", "")), comment, ticket, mailed=reached)


def with_mail(client: Zendesk, receipt: Receipt, ticket: str, requester: object) -> Receipt:
    """The receipt, with the audit read once more where the answer to the write showed no mail."""
    if receipt.mailed:
        return receipt
    try:
        audits = client.audits(ticket)
    except (Unavailable, Refused):
        return receipt  # it was said; only whether it was mailed stays as the answer showed it
    for audit in audits:
        if str(audit.get("id")) == receipt.audit_id:
            seen = receipt_of(audit, receipt.place, ticket, requester)
            return replace(receipt, mailed=seen.mailed)
    return receipt
