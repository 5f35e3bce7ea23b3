"""What we told one person since a backup was made, as their tickets show it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import NotFound, Unavailable
from connectors.zendesk import marks
from connectors.zendesk.client import Zendesk, made
from connectors.zendesk.reader import OURS, followup_of
from lineage.recalling import Message
from lineage.votes import OWN_TICKET

SETTLED = timedelta(minutes=10)
"""Zendesk's list of audits may lag a little behind the ticket, but not for so long."""


def messages_to(
    client: Zendesk, *, readers: Collection[str], tickets: Iterable[str], since: datetime
) -> list[Message]:
    """Every message of ours since then on the tickets of this person, in no order.

    `readers`: their Zendesk ids; `tickets`: where we know that they asked or are answered. Others of theirs
    are found besides: one linked after the backup, a follow-up, the survivor of a merge. Each message of
    ours has changed its ticket, so the others need not be read. Raises Unavailable and Refused.
    """
    found: list[Message] = []
    for ticket in _changed(client, readers, set(tickets), since):
        ident = str(ticket["id"])
        audits = client.audits_since(ident, since)
        stamp = marks.stamp_of(ticket)
        if marks.newest(audits) < stamp and client.clock() - stamp < SETTLED:
            raise Unavailable("Zendesk's list of changes lags behind the ticket. It is read again later.")
        for audit in audits:
            if words := marks.words_in(audit):
                where = marks.Place(_place(ticket, audit), ident, readers)
                found.append(Message(words, marks.receipt_of(audit, where), made(audit)))
    return found


def _changed(
    client: Zendesk, readers: Collection[str], tickets: set[str], since: datetime
) -> list[Mapping[str, Any]]:
    seen: dict[str, Mapping[str, Any]] = {}
    for reader in sorted(readers):
        try:
            seen |= {str(ticket["id"]): ticket for ticket in client.requested_by(reader)}
        except NotFound:  # merged into another user, whose tickets these are now
            continue
    for ident in sorted(tickets - seen.keys()):
        try:
            seen[ident] = client.ticket(ident).ticket
        except NotFound:
            continue
    return [ticket for ticket in seen.values() if marks.stamp_of(ticket) >= since]


def _place(ticket: Mapping[str, Any], audit: Mapping[str, Any]) -> str:
    """As notices name it: a follow-up is named by the closed ticket that it answers, where we made it; a
    ticket that we opened for a voter by its requester.
    """
    via = ticket.get("via")
    source = via.get("source") if isinstance(via, Mapping) else None
    origin = source.get("from") if isinstance(source, Mapping) else None
    created = any(
        isinstance(event, Mapping) and event.get("type") == "Create"
        for event in marks.listed(audit.get("events"))
    )
    if created and str(ticket.get("external_id")).startswith(OURS) and not followup_of(dict(ticket)):
        return f"{OWN_TICKET}:{ticket.get('requester_id')}"
    if created and isinstance(source, Mapping) and source.get("rel") == "follow_up":
        closed = origin.get("ticket_id") if isinstance(origin, Mapping) else None
        if closed is not None:
            return f"zendesk:followup:{closed}"
    return f"zendesk:ticket:{ticket['id']}"
