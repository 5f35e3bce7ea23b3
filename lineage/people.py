"""Who is who: one person may have several addresses, accounts and requests (§1, rule 13).

A person is found by any account or proven address. Where two known persons turn out to be one, they
become the one known longer; what either was told, both were told. Who was erased is known by nothing, so
whoever comes with their address is somebody new.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from lineage.changes import PersonSeen, UsersMerged
from lineage.merging import merge
from lineage.tables import addresses, asks, persons, requests
from lineage.terms import AskId, PersonId, RequestId
from lineage.touched import UNCHANGED, Touched, Wanted
from store.rows import find_row, insert_row, update_rows
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
    known = _known_by(conn, workspace_id, names)
    found = sorted(set(known.values()))
    keep = found[0] if found else _new(conn, workspace_id, seen)
    for other in found[1:]:
        merge(conn, workspace_id, keep=keep, gone=other, now=now)
    fresh = [name for name in dict.fromkeys(names) if name not in known]
    _keep_names(conn, workspace_id, keep, [(*name, names.index(name)) for name in fresh])
    if found and (_refresh(conn, workspace_id, keep, seen, fresh) or found[1:] or fresh):
        touched.changed = True
        touched.asks |= (asked := asks_of(conn, workspace_id, keep))
        touched.wanted |= {
            Wanted("hubspot", "email", value) for kind, value in fresh if asked and kind == "email"
        }
    touched.persons.add(keep)
    return keep


def by_address(conn: Connection, workspace_id: int, kind: str, value: str) -> PersonId | None:
    """The person known by this account or address (`email`, `zendesk`, `forum`)."""
    name = (kind, value.lower() if kind == "email" else value)
    return _known_by(conn, workspace_id, [name]).get(name)


def emails(conn: Connection, workspace_id: int, of: PersonId) -> list[str]:
    """The person's proven addresses, the first one first."""
    return list(conn.scalars(_EMAILS, {"workspace": workspace_id, "person": of}))


def emails_behind(conn: Connection, workspace_id: int, request: RequestId) -> list[str]:
    """The proven addresses of whoever made this request."""
    return sorted(conn.scalars(_EMAILS_BEHIND, {"workspace": workspace_id, "request": request}))


def known_as(conn: Connection, workspace_id: int, of: PersonId) -> list[tuple[str, str]]:
    """Every account and address of this person: (`email`, `zendesk` or `forum`; which one)."""
    query = select(addresses.c.kind, addresses.c.value).where(
        addresses.c.workspace_id == workspace_id, addresses.c.person_id == of
    )
    return [(row.kind, row.value) for row in conn.execute(query.order_by(addresses.c.kind, addresses.c.rank))]


def users_merged(conn: Connection, workspace: Workspace, seen: UsersMerged, now: datetime) -> Touched:
    """The helpdesk merged one of its users into another: two persons become one (rule 13)."""
    if by_address(conn, workspace.id, "zendesk", seen.gone) is None:
        return UNCHANGED
    touched = Touched(changed=False)
    person(conn, workspace.id, seen.into, touched, now, formerly=(seen.gone,))
    return touched


def _known_by(
    conn: Connection, workspace_id: int, names: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], PersonId]:
    """Whose these accounts and addresses are, as far as they are anybody's."""
    kinds, values = {kind for kind, _ in names}, {value for _, value in names}
    rows = conn.execute(
        _KNOWN_BY, {"workspace": workspace_id, "kinds": sorted(kinds), "values": sorted(values)}
    )
    known = {(row.kind, row.value): PersonId(row.person_id) for row in rows}
    return {name: known[name] for name in names if name in known}


def _keep_names(
    conn: Connection, workspace_id: int, of: PersonId, names: Sequence[tuple[str, str, int]]
) -> None:
    """Keep these accounts and addresses: their kind, which one, and at what place in line."""
    row = {"workspace_id": workspace_id, "person_id": of}
    if names:
        fresh = [row | {"kind": kind, "value": value, "rank": rank} for kind, value, rank in names]
        conn.execute(_KEEP_NAMES, fresh)


def _new(conn: Connection, workspace_id: int, seen: PersonSeen) -> PersonId:
    values = {"workspace_id": workspace_id, "name": seen.name, "language": seen.language, "staff": seen.staff}
    values |= {"suspended": seen.suspended, "proven": seen.kind in PROOF or bool(seen.emails)}
    return PersonId(insert_row(conn, persons, values))


def _refresh(
    conn: Connection, workspace_id: int, keep: PersonId, seen: PersonSeen, fresh: Sequence[tuple[str, str]]
) -> bool:
    """Says whether anything that counts is another than before. `fresh`: by what they were not known yet."""
    values: dict[str, object] = {}
    if any(kind in PROOF for kind, _ in fresh):
        values["proven"] = True
    if seen.kind == "zendesk":  # the helpdesk knows these; a forum visitor only says them
        values |= {"name": seen.name, "staff": seen.staff, "suspended": seen.suspended}
    if seen.language:
        values["language"] = seen.language
    known = find_row(conn, persons, workspace_id=workspace_id, id=keep)
    if known is None or known.erased_at is not None:
        return False
    if all(getattr(known, name) == value for name, value in values.items()):
        return False
    update_rows(conn, persons, values, workspace_id=workspace_id, id=keep)
    return True


def asks_of(conn: Connection, workspace_id: int, of: PersonId) -> set[AskId]:
    """Everything that this person asked for, what was taken back too."""
    return {AskId(ask) for ask in conn.scalars(_ASKS_OF, {"workspace": workspace_id, "person": of})}


_here = addresses.c.workspace_id == bindparam("workspace")
_KNOWN_BY = select(addresses.c.kind, addresses.c.value, addresses.c.person_id).where(
    _here,
    addresses.c.kind.in_(bindparam("kinds", expanding=True)),
    addresses.c.value.in_(bindparam("values", expanding=True)),
)
_KEEP_NAMES = insert(addresses)
_EMAILS = (
    select(addresses.c.value)
    .where(_here, addresses.c.person_id == bindparam("person"), addresses.c.kind == "email")
    .order_by(addresses.c.rank, addresses.c.value)
)
_EMAILS_BEHIND = (
    select(addresses.c.value)
    .join(requests, requests.c.person_id == addresses.c.person_id)
    .where(_here, requests.c.workspace_id == bindparam("workspace"))
    .where(addresses.c.kind == "email", requests.c.id == bindparam("request"))
)
_ASKS_OF = (
    select(asks.c.id)
    .join(requests, requests.c.id == asks.c.request_id)
    .where(asks.c.workspace_id == bindparam("workspace"), requests.c.person_id == bindparam("person"))
    .where(requests.c.workspace_id == bindparam("workspace"))
)
