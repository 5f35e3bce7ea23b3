"""Who is who: one person may have several addresses, accounts and requests (§1, rule 13).

A person is found by any account or proven address. Where two known persons turn out to be one, they
become the one known longer; what either was told, both were told. Who was erased is known by nothing, so
whoever comes with their address is somebody new.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lineage.changes import PersonSeen, UsersMerged
from lineage.merging import merge
from lineage.tables import addresses, asks, persons, requests
from lineage.terms import AskId, PersonId, RequestId
from lineage.touched import UNCHANGED, Touched, Wanted
from store.database import insert_or_ignore
from store.workspaces import Workspace

PROOF = ("email", "zendesk")
"""What proves who somebody is: an address of theirs, or an account of the helpdesk. A bare account of the
forum does not: such a visitor votes, but is neither a requester nor credit (§3)."""


def person(
    conn: Connection,
    workspace_id: int,
    seen: PersonSeen,
    touched: Touched,
    now: datetime,
    *,
    formerly: Sequence[str] = (),
) -> PersonId:
    """The person behind this account and these addresses; new where nobody is known by any of them.

    `formerly`: accounts of theirs that are no more. `touched` learns what must be counted anew where two
    turn out to be one, somebody to be staff, or a visitor of the forum to be who they say.
    """
    names = [(seen.kind, seen.id), *(("email", email.lower()) for email in seen.emails)]
    names += [(seen.kind, account) for account in formerly]
    found = sorted({one for kind, value in names if (one := _known(conn, workspace_id, kind, value))})
    keep = found[0] if found else _new(conn, workspace_id, seen)
    for other in found[1:]:
        merge(conn, workspace_id, keep=keep, gone=other, now=now)
    fresh = _keep_names(conn, workspace_id, keep, names)
    if _refresh(conn, workspace_id, keep, seen) or found[1:] or (found and fresh):
        touched.changed = True
        touched.asks |= (asked := asks_of(conn, workspace_id, keep))
        touched.wanted |= {
            Wanted("hubspot", "email", value) for kind, value in fresh if asked and kind == "email"
        }
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


def known_as(conn: Connection, workspace_id: int, of: PersonId) -> list[tuple[str, str]]:
    """Every account and address of this person: (`email`, `zendesk` or `forum`; which one)."""
    query = select(addresses.c.kind, addresses.c.value).where(
        addresses.c.workspace_id == workspace_id, addresses.c.person_id == of
    )
    return [(row.kind, row.value) for row in conn.execute(query.order_by(addresses.c.kind, addresses.c.rank))]


def users_merged(conn: Connection, workspace: Workspace, seen: UsersMerged, now: datetime) -> Touched:
    """The helpdesk merged one of its users into another: two persons become one (rule 13)."""
    if _known(conn, workspace.id, "zendesk", seen.gone) is None:
        return UNCHANGED
    touched = Touched(changed=False)
    person(conn, workspace.id, seen.into, touched, now, formerly=(seen.gone,))
    return touched


def _known(conn: Connection, workspace_id: int, kind: str, value: str) -> PersonId | None:
    query = select(addresses.c.person_id).where(
        addresses.c.workspace_id == workspace_id, addresses.c.kind == kind, addresses.c.value == value
    )
    found = conn.scalar(query)
    return None if found is None else PersonId(found)


def _keep_names(
    conn: Connection, workspace_id: int, of: PersonId, names: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Keep these accounts and addresses, the first one first; those that were not known before."""
    row = {"workspace_id": workspace_id, "person_id": of}
    return [
        (kind, value)
        for rank, (kind, value) in enumerate(names)
        if insert_or_ignore(conn, addresses, row | {"kind": kind, "value": value, "rank": rank})
    ]


def _new(conn: Connection, workspace_id: int, seen: PersonSeen) -> PersonId:
    values = {"workspace_id": workspace_id, "name": seen.name, "language": seen.language, "staff": seen.staff}
    values |= {"suspended": seen.suspended, "proven": seen.kind in PROOF or bool(seen.emails)}
    made = conn.scalar(insert(persons).values(values).returning(persons.c.id))
    assert made is not None
    return PersonId(made)


def _refresh(conn: Connection, workspace_id: int, keep: PersonId, seen: PersonSeen) -> bool:
    """Says whether anything that counts is another than before."""
    values: dict[str, object] = {"proven": _is_proven(conn, workspace_id, keep)}
    if seen.kind == "zendesk":  # the helpdesk knows these; a forum visitor only says them
        values |= {"name": seen.name, "staff": seen.staff, "suspended": seen.suspended}
    if seen.language:
        values["language"] = seen.language
    here = (persons.c.workspace_id == workspace_id, persons.c.id == keep, persons.c.erased_at.is_(None))
    known = conn.execute(select(persons).where(*here)).mappings().first()
    if known is None or all(known[name] == value for name, value in values.items()):
        return False
    conn.execute(update(persons).where(*here).values(values))
    return True


def _is_proven(conn: Connection, workspace_id: int, of: PersonId) -> bool:
    query = select(addresses.c.person_id).where(
        addresses.c.workspace_id == workspace_id, addresses.c.person_id == of, addresses.c.kind.in_(PROOF)
    )
    return conn.execute(query.limit(1)).first() is not None


def asks_of(conn: Connection, workspace_id: int, of: PersonId) -> set[AskId]:
    """Everything that this person asked for, what was taken back too."""
    query = (
        select(asks.c.id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace_id, requests.c.person_id == of)
    )
    return {AskId(ask) for ask in conn.scalars(query)}
