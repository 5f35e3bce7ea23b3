"""A ticket that Zendesk says is deleted: it can no longer be read, so it is told from what we know of it."""

from datetime import datetime

from sqlalchemy import Connection, select

from lineage.changes import PersonSeen, TicketSeen
from lineage.tables import addresses, persons, requests


def deleted(conn: Connection, workspace_id: int, ticket: str, *, now: datetime) -> TicketSeen | None:
    """The ticket as it last was, but deleted. None where nobody is answered there, or it is known already."""
    place = f"zendesk:ticket:{ticket}"
    query = select(requests).where(requests.c.workspace_id == workspace_id, requests.c.reply_to == place)
    row = conn.execute(query.order_by(requests.c.id).limit(1)).first()
    if row is None or row.reply_state == "deleted":
        return None
    requester = _person(conn, workspace_id, row.reply_to_person_id or row.person_id)
    if requester is None:
        return None
    return TicketSeen(
        ticket=ticket,
        status="deleted",
        subject=row.subject,
        words=row.words,
        requester=requester,
        created=row.asked_at,
        updated=now,
    )


def _person(conn: Connection, workspace_id: int, person: int) -> PersonSeen | None:
    here = (persons.c.workspace_id == workspace_id) & (persons.c.id == person)
    row = conn.execute(select(persons).where(here)).first()
    account = conn.scalar(
        select(addresses.c.value)
        .where(addresses.c.workspace_id == workspace_id, addresses.c.person_id == person)
        .where(addresses.c.kind == "zendesk")
        .order_by(addresses.c.rank)
        .limit(1)
    )
    if row is None or account is None:
        return None
    return PersonSeen(
        "zendesk", account, row.name, language=row.language, staff=row.staff, suspended=row.suspended
    )
