"""Who is who: one person may have several addresses, accounts and requests (§1, rule 13).

A person is found by any account or proven address. Where two known persons turn out to be one, they
become the one known longer; what either was told, both were told.
"""

from sqlalchemy import Connection, delete, func, insert, select, update

from lineage.changes import PersonSeen
from lineage.outcomes import notices, told
from lineage.tables import addresses, asks, choices, persons, requests
from lineage.terms import AskId, PersonId, RequestId
from lineage.touched import Touched
from store.database import insert_or_ignore


def person(conn: Connection, workspace_id: int, seen: PersonSeen, touched: Touched) -> PersonId:
    """The person behind this account and these addresses; new where nobody is known by any of them.

    `touched` learns what must be counted anew where two turn out to be one, or somebody to be staff.
    """
    known_as = [(seen.kind, seen.id), *(("email", email.lower()) for email in seen.emails)]
    found = sorted({one for kind, value in known_as if (one := _known(conn, workspace_id, kind, value))})
    keep = found[0] if found else _new(conn, workspace_id, seen)
    for other in found[1:]:
        merge(conn, workspace_id, keep=keep, gone=other)
    for rank, (kind, value) in enumerate(known_as):
        row = {"workspace_id": workspace_id, "kind": kind, "value": value, "person_id": keep, "rank": rank}
        insert_or_ignore(conn, addresses, row)
    if _refresh(conn, workspace_id, keep, seen) or found[1:]:
        touched.changed = True
        touched.asks |= asks_of(conn, workspace_id, keep)
    touched.persons.add(keep)
    return keep


def by_address(conn: Connection, workspace_id: int, kind: str, value: str) -> PersonId | None:
    """The person known by this account or address (`email`, `zendesk`, `forum`)."""
    return _known(conn, workspace_id, kind, value.lower() if kind == "email" else value)


def emails(conn: Connection, workspace_id: int, of: PersonId) -> list[str]:
    """The person's proven addresses, the first one first."""
    query = (
        select(addresses.c.value)
        .where(addresses.c.workspace_id == workspace_id, addresses.c.person_id == of)
        .where(addresses.c.kind == "email")
        .order_by(addresses.c.rank, addresses.c.value)
    )
    return [row.value for row in conn.execute(query)]


def emails_behind(conn: Connection, workspace_id: int, request: RequestId) -> list[str]:
    """The proven addresses of whoever made this request."""
    query = (
        select(addresses.c.value)
        .join(requests, requests.c.person_id == addresses.c.person_id)
        .where(addresses.c.workspace_id == workspace_id, requests.c.workspace_id == workspace_id)
        .where(addresses.c.kind == "email", requests.c.id == request)
        .order_by(addresses.c.value)
    )
    return list(conn.scalars(query))


def merge(conn: Connection, workspace_id: int, *, keep: PersonId, gone: PersonId) -> None:
    """Two persons are one. Their asks, and what they were told, are that one's."""
    _leave_to_the_kept(conn, workspace_id, keep, gone)
    _keep_the_refusal(conn, workspace_id, keep, gone)
    for table in (addresses, requests, choices, told, notices):
        conn.execute(
            update(table)
            .where(table.c.workspace_id == workspace_id, table.c.person_id == gone)
            .values(person_id=keep)
        )
    conn.execute(
        update(requests)
        .where(requests.c.workspace_id == workspace_id, requests.c.reply_to_person_id == gone)
        .values(reply_to_person_id=keep)
    )
    conn.execute(delete(persons).where(persons.c.workspace_id == workspace_id, persons.c.id == gone))


def _keep_the_refusal(conn: Connection, workspace_id: int, keep: PersonId, gone: PersonId) -> None:
    """Whoever wanted no news under one name wants none under the other."""
    query = select(persons).where(persons.c.workspace_id == workspace_id, persons.c.id.in_((keep, gone)))
    both = {row.id: row for row in conn.execute(query)}
    for name in ("opted_out_at", "company_id"):
        if getattr(both[keep], name) is None:
            conn.execute(
                update(persons)
                .where(persons.c.workspace_id == workspace_id, persons.c.id == keep)
                .values({name: getattr(both[gone], name)})
            )


def _leave_to_the_kept(conn: Connection, workspace_id: int, keep: PersonId, gone: PersonId) -> None:
    """Make room where both have a row of the same key."""
    mine = select(choices.c.item_id).where(
        choices.c.workspace_id == workspace_id, choices.c.person_id == keep
    )
    conn.execute(
        delete(choices)
        .where(choices.c.workspace_id == workspace_id, choices.c.person_id == gone)
        .where(choices.c.item_id.in_(mine))
    )
    highest = conn.scalar(
        select(func.max(told.c.nth)).where(told.c.workspace_id == workspace_id, told.c.person_id == keep)
    )
    conn.execute(
        update(told)
        .where(told.c.workspace_id == workspace_id, told.c.person_id == gone)
        .values(nth=told.c.nth + (highest or 0))
    )


def _known(conn: Connection, workspace_id: int, kind: str, value: str) -> PersonId | None:
    query = select(addresses.c.person_id).where(
        addresses.c.workspace_id == workspace_id, addresses.c.kind == kind, addresses.c.value == value
    )
    found = conn.scalar(query)
    return None if found is None else PersonId(found)


def _new(conn: Connection, workspace_id: int, seen: PersonSeen) -> PersonId:
    values = {"workspace_id": workspace_id, "name": seen.name, "language": seen.language, "staff": seen.staff}
    made = conn.scalar(insert(persons).values(values | {"suspended": seen.suspended}).returning(persons.c.id))
    assert made is not None
    return PersonId(made)


def _refresh(conn: Connection, workspace_id: int, keep: PersonId, seen: PersonSeen) -> bool:
    """Says whether anything that counts is another than before."""
    values: dict[str, object] = {}
    if seen.kind == "zendesk":  # the helpdesk knows these; a forum visitor only says them
        values = {"name": seen.name, "staff": seen.staff, "suspended": seen.suspended}
    if seen.language:
        values["language"] = seen.language
    here = (persons.c.workspace_id == workspace_id, persons.c.id == keep, persons.c.erased_at.is_(None))
    known = conn.execute(select(persons).where(*here)).mappings().first()
    if known is None or all(known[name] == value for name, value in values.items()):
        return False
    conn.execute(update(persons).where(*here).values(values))
    return True


def asks_of(conn: Connection, workspace_id: int, of: PersonId) -> set[AskId]:
    """Everything that this person asked for, what was taken back too."""
    query = (
        select(asks.c.id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace_id, requests.c.person_id == of)
    )
    return {AskId(ask) for ask in conn.scalars(query)}
