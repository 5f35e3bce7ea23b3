"""The company that a request was made for, and what the CRM says it is worth.

A request's company is the ticket's organisation, else the first that was resolved for it; a later move of
the person changes nothing about it, but what they ask from then on is for the new one (§1).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, or_, select, update

from lineage import people
from lineage.batches import batched
from lineage.changes import CompanySeen, OrganisationSeen
from lineage.same_company import Called, are_one
from lineage.tables import asks, companies, persons, requests
from lineage.terms import NOTHING, AskId, CompanyId, PersonId, RequestId, Worth
from lineage.touched import Touched
from lineage.world import CHUNK
from store.rows import find_row, insert_row, update_rows
from store.workspaces import Workspace


def company_of(
    conn: Connection, workspace_id: int, asker: PersonId, organisation: OrganisationSeen | None
) -> CompanyId | None:
    """The company for which this person asks now, in a ticket of this organisation."""
    if organisation is None:
        return conn.scalar(_COMPANY_OF, {"workspace": workspace_id, "person": asker})
    known = _one(conn, workspace_id, "zendesk_org", organisation.id)
    if known is not None:
        _bring_up_to_date(conn, workspace_id, known, organisation)
        return CompanyId(known.id)
    values = {"zendesk_org": organisation.id, "domains": sorted(organisation.domains)}
    return _new(conn, workspace_id, organisation.name, values)


def company_said(conn: Connection, workspace_id: int, asker: PersonId, name: str) -> CompanyId:
    """The company of this name, for which a colleague says that this person asked: theirs, if it may be so
    called, else the one that is, else a new one.
    """
    own = conn.scalar(_COMPANY_OF, {"workspace": workspace_id, "person": asker})
    theirs = _one(conn, workspace_id, "id", own) if own is not None else None
    if theirs is not None and are_one(Called(theirs.name, theirs.domains), Called(name, ())):
        return CompanyId(theirs.id)
    query = select(companies.c.id).where(companies.c.workspace_id == workspace_id, companies.c.name == name)
    known = conn.scalar(query.order_by(companies.c.id).limit(1))
    return CompanyId(known) if known else _new(conn, workspace_id, name, {"domains": []})


def _bring_up_to_date(
    conn: Connection, workspace_id: int, known: Row[Any], organisation: OrganisationSeen
) -> None:
    """Until the CRM knows the company, the helpdesk says what it is called: by that they may turn out one."""
    said = {"name": organisation.name, "domains": sorted(organisation.domains)}
    if known.hubspot_id is None and (known.name, known.domains) != (said["name"], said["domains"]):
        _set(conn, workspace_id, known.id, said)


def company_seen(conn: Connection, workspace: Workspace, seen: CompanySeen, _now: datetime) -> Touched:
    """The CRM valued a company. The items of its requests count anew."""
    askers = [
        asker for email in seen.emails if (asker := people.by_address(conn, workspace.id, "email", email))
    ]
    company, joined = _resolve(conn, workspace.id, seen, askers)
    before = _one(conn, workspace.id, "id", company)
    values = {
        "name": seen.name,
        "customer_minor": seen.customer_minor,
        "pipeline_minor": seen.pipeline_minor,
        "why": list(seen.why),
        "segment": seen.segment,
    }
    revalued = before is None or any(getattr(before, name) != value for name, value in values.items())
    _set(conn, workspace.id, company, values | {"valued_at": seen.at})
    moved = bool(askers) and _belong(conn, workspace.id, company, seen, askers)
    adopted = _adopt(conn, workspace.id, company, askers) if askers else set()
    asks = _asks_behind(conn, workspace.id, adopted | joined)
    was = Worth(before.customer_minor, before.pipeline_minor) if before else NOTHING
    worth = {company: was} if was != (seen.customer_minor, seen.pipeline_minor) else {}
    changed = revalued or moved or bool(adopted or joined)
    return Touched(changed=changed, asks=asks, companies=worth)


def _resolve(
    conn: Connection, workspace_id: int, seen: CompanySeen, askers: list[PersonId]
) -> tuple[CompanyId, set[RequestId]]:
    """The row of this CRM company, joined with the helpdesk organisation that it turns out to be.

    Besides, the requests that are made for another row because of that.
    """
    joined: set[RequestId] = set()
    known = _one(conn, workspace_id, "hubspot_id", seen.company)
    for unmatched in _organisations_of(conn, workspace_id, askers) if askers else ():
        if not are_one(Called(unmatched.name, unmatched.domains), Called(seen.name, seen.domains)):
            continue  # a guest in somebody else's organisation
        if known is None:
            _set(conn, workspace_id, unmatched.id, {"hubspot_id": seen.company})
            known = _one(conn, workspace_id, "id", unmatched.id)
        elif known.zendesk_org is None:
            joined |= _join(conn, workspace_id, keep=known.id, gone=unmatched)
            known = _one(conn, workspace_id, "id", known.id)
    if known is not None:
        return CompanyId(known.id), joined
    values = {"hubspot_id": seen.company, "domains": sorted(seen.domains)}
    return _new(conn, workspace_id, seen.name, values), joined


def _organisations_of(conn: Connection, workspace_id: int, askers: list[PersonId]) -> list[Row[Any]]:
    """The companies that only the helpdesk knows, for which these persons asked."""
    asked_for = select(requests.c.company_id).where(
        requests.c.workspace_id == workspace_id, requests.c.person_id.in_(askers)
    )
    query = select(companies).where(companies.c.workspace_id == workspace_id, companies.c.id.in_(asked_for))
    return [row for row in conn.execute(query.order_by(companies.c.id)) if row.hubspot_id is None]


def _join(conn: Connection, workspace_id: int, *, keep: int, gone: Row[Any]) -> set[RequestId]:
    moved: set[RequestId] = set()
    for table in (persons, requests):
        move = (
            update(table)
            .where(table.c.workspace_id == workspace_id, table.c.company_id == gone.id)
            .values(company_id=keep)
        )
        moved = {RequestId(ident) for ident in conn.scalars(move.returning(table.c.id))}
    conn.execute(delete(companies).where(companies.c.workspace_id == workspace_id, companies.c.id == gone.id))
    _set(conn, workspace_id, keep, {"zendesk_org": gone.zendesk_org})
    return moved


def _belong(
    conn: Connection, workspace_id: int, company: CompanyId, seen: CompanySeen, askers: list[PersonId]
) -> bool:
    """For whom these persons ask from now on. Of several addresses the first one decides, lest it sway.

    Says whether that is another company than before.
    """
    named = {email.lower() for email in seen.emails}
    first = [one for one in askers if named & set(people.emails(conn, workspace_id, one)[:1])]
    moved = conn.execute(
        update(persons)
        .where(persons.c.workspace_id == workspace_id, persons.c.id.in_(askers))
        .where(or_(persons.c.company_id.is_(None), persons.c.id.in_(first)))
        .where(persons.c.company_id.is_distinct_from(company))
        .values(company_id=company)
    )
    return moved.rowcount > 0


def _adopt(conn: Connection, workspace_id: int, company: CompanyId, askers: list[PersonId]) -> set[RequestId]:
    """Give the company to those of these persons' requests that have none yet; which ones."""
    adopt = (
        update(requests)
        .where(requests.c.workspace_id == workspace_id, requests.c.person_id.in_(askers))
        .where(requests.c.company_id.is_(None))
        .values(company_id=company)
    )
    return {RequestId(ident) for ident in conn.scalars(adopt.returning(requests.c.id))}


def _asks_behind(conn: Connection, workspace_id: int, made: Collection[RequestId]) -> set[AskId]:
    return {
        AskId(ask)
        for chunk in batched(made, CHUNK)
        for ask in conn.scalars(_ASKS_BEHIND, {"workspace": workspace_id, "made": chunk})
    }


def _one(conn: Connection, workspace_id: int, column: str, value: object) -> Row[Any] | None:
    return find_row(conn, companies, workspace_id=workspace_id, **{column: value})


def _new(conn: Connection, workspace_id: int, name: str, values: dict[str, Any]) -> CompanyId:
    row = {"workspace_id": workspace_id, "name": name, "why": [], **values}
    return CompanyId(insert_row(conn, companies, row))


def _set(conn: Connection, workspace_id: int, company: int, values: dict[str, Any]) -> None:
    update_rows(conn, companies, values, workspace_id=workspace_id, id=company)


_COMPANY_OF = select(persons.c.company_id).where(
    persons.c.workspace_id == bindparam("workspace"), persons.c.id == bindparam("person")
)
_ASKS_BEHIND = select(asks.c.id).where(
    asks.c.workspace_id == bindparam("workspace"),
    asks.c.request_id.in_(bindparam("made", expanding=True)),
)
