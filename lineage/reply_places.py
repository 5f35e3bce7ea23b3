"""Where each request is answered, as Zendesk's tickets close, change hands and merge (rule 13).

A merged ticket hands its requests on to the survivor only where the person is the survivor's requester;
else they stay as a follow-up on the closed source. The survivor is read before that is decided, and what
was decided is not turned around by reading the source again.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from lineage.changes import TicketSeen
from lineage.likeness import embedding
from lineage.tables import requests
from lineage.terms import PersonId, RequestId
from lineage.touched import Touched, Wanted
from store.rows import find_row, find_rows, update_rows

MERGED = "merged"
"""The state of a reply address that was merged into a ticket which nobody has read yet."""


class Address(NamedTuple):
    """Where a request is answered: a place, the state of the ticket there, and whose ticket it is."""

    place: str
    state: str
    requester: int | None


def bring_up_to_date(
    conn: Connection,
    workspace_id: int,
    seen: TicketSeen,
    requester: PersonId,
    touched: Touched,
    now: datetime,
) -> bool:
    """Every request that is answered on this ticket, as the ticket is now. Says whether any changed."""
    here = _ticket(seen.ticket)
    changed = False
    for row in find_rows(conn, requests, workspace_id=workspace_id, reply_to=here):
        before = Address(row.reply_to, row.reply_state, row.reply_to_person_id)
        after = _handed_on(conn, workspace_id, row, seen) if seen.merged_into else _here(row, seen, requester)
        values = {"reply_state": after.state, "reply_to_person_id": after.requester, "read_at": now}
        values |= {"reply_to": after.place}
        if after.place == row.moved_from:
            values["moved_from"] = None
        update_rows(conn, requests, values, workspace_id=workspace_id, id=row.id)
        if after == before:
            continue
        touched.persons.add(PersonId(row.person_id))
        if after.state == "deleted" and row.origin == here:
            embedding.forget_ticket(conn, workspace_id, RequestId(row.id))
        if after.state == MERGED:
            touched.wanted.add(Wanted("zendesk", "ticket", str(seen.merged_into)))
        changed = True
    return changed


def _here(row: Row[Any], seen: TicketSeen, requester: PersonId) -> Address:
    """The ticket stands for itself. Who came by a merge and is not its requester goes back, and so does a
    vote whose own ticket was deleted.
    """
    if seen.status == "deleted" and row.moved_from:
        return _back(row)
    made_here = row.origin in {_ticket(seen.ticket), _ticket(seen.followup_of)}
    if made_here or row.person_id == requester:
        return Address(_ticket(seen.ticket), seen.status, requester)
    return _back(row)


def _handed_on(conn: Connection, workspace_id: int, row: Row[Any], seen: TicketSeen) -> Address:
    into = _ticket(seen.merged_into)
    survivor = find_row(conn, requests, workspace_id=workspace_id, origin=into)
    if survivor is None:
        return Address(into, MERGED, row.reply_to_person_id)
    if survivor.reply_to_person_id == row.person_id:
        return Address(survivor.reply_to, survivor.reply_state, survivor.reply_to_person_id)
    return _back(row)


def _back(row: Row[Any]) -> Address:
    """Zendesk closes a ticket that it merges and leaves it to its requester: a follow-up can answer it. A
    vote whose ticket is another's by now is answered where it was cast.
    """
    if row.moved_from:
        return Address(row.moved_from, "open", row.person_id)
    return Address(row.origin, "closed", row.person_id)


def _ticket(number: str | None) -> str:
    return f"zendesk:ticket:{number}"
