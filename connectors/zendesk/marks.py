"""The mark that says in a ticket's audits what was told there, and what an audit proves.

Zendesk's answers are read here as they come: what lacks something proves nothing, and is no error.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from connectors.errors import Refused, Unavailable
from connectors.outcomes import Said
from connectors.zendesk.client import Zendesk
from connectors.zendesk.reader import when
from lineage.outbox import Receipt

KEY = "kithspark"
TAKEN_BACK = "kithspark_taken_back"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Audits = Sequence[Mapping[str, Any]]


class Place(NamedTuple):
    """Where a mark is looked for: a place as notices name it, its ticket, and who is to read it there."""

    place: str
    ticket: str
    readers: Collection[str]
    """Zendesk's ids of the person. Empty: nobody is to be mailed, it is an internal note."""


def as_metadata(mark: Sequence[str]) -> dict[str, list[str]]:
    """What a write carries; Zendesk keeps it at `metadata.custom` of the audit that the write makes."""
    return {KEY: list(mark)}


def taken_back(mark: Sequence[str], stamp: object) -> dict[str, list[str]]:
    """What the note carries that takes back a write of this mark against this stamp."""
    return {TAKEN_BACK: [*mark, str(stamp)]}


def was_taken_back(audits: Audits, mark: Sequence[str], stamp: object) -> bool:
    wanted = taken_back(mark, stamp)[TAKEN_BACK]
    return any(_words(audit, TAKEN_BACK) == wanted for audit in audits)


def said_in(audits: Audits, mark: Sequence[str], where: Place) -> Said | None:
    """What these audits prove of this mark: all of it told there, or some, or (None) nothing."""
    wanted, found = set(mark), set[str]()
    proof: Mapping[str, Any] | None = None
    for audit in audits:
        if here := wanted & set(_words(audit, KEY)):
            found |= here
            proof = proof or audit
    return None if proof is None else Said(receipt_of(proof, where), frozenset(found))


def words_in(audit: Mapping[str, Any]) -> frozenset[str]:
    """The words of our mark that this audit bears; none for one that is not of ours."""
    return frozenset(_words(audit, KEY))


def _words(audit: Mapping[str, Any], key: str) -> list[str]:
    metadata = audit.get("metadata")
    custom = metadata.get("custom") if isinstance(metadata, Mapping) else None
    words = custom.get(key) if isinstance(custom, Mapping) else None
    return [str(word) for word in words] if isinstance(words, list) else []


def stamp_of(ticket: Mapping[str, Any]) -> datetime:
    """`updated_at`. Raises Unavailable where Zendesk did not say it."""
    try:
        return when(str(ticket.get("updated_at")))
    except ValueError:
        text = "Zendesk answered a ticket without the time of its last change. It is asked again later."
        raise Unavailable(text) from None


def status_of(ticket: Mapping[str, Any]) -> str:
    return str(ticket.get("status"))


def newest(audits: Audits) -> datetime:
    """When the newest of these audits was made, as far as they say."""
    return max(_moments(audits), default=LONG_AGO)


def _moments(audits: Audits) -> Iterable[datetime]:
    for audit in audits:
        try:
            yield when(str(audit.get("created_at")))
        except ValueError:
            continue


def receipt_of(audit: Mapping[str, Any], where: Place) -> Receipt:
    """Where the message stands, and whether a trigger of the account mailed the person."""
    events = [event for event in listed(audit.get("events")) if isinstance(event, Mapping)]
    comment = next((str(event.get("id", "")) for event in events if event.get("type") == "Comment"), "")
    mailed = {
        str(recipient)
        for event in events
        if event.get("type") == "Notification"
        for recipient in listed(event.get("recipients"))
    }
    reached = bool(mailed & set(where.readers)) if where.readers else None
    return Receipt(where.place, str(audit.get("id", "")), comment, where.ticket, mailed=reached)


def listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def with_mail(client: Zendesk, receipt: Receipt, where: Place) -> Receipt:
    """The receipt, with the audit read once more where the answer to the write showed no mail."""
    if receipt.mailed is not False:
        return receipt
    try:
        audits = client.audits(where.ticket)
    except (Unavailable, Refused):
        return receipt  # it was said; only whether it was mailed stays as the answer showed it
    for audit in audits:
        if str(audit.get("id")) == receipt.audit_id:
            return replace(receipt, mailed=receipt_of(audit, where).mailed)
    return receipt
