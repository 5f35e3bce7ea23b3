"""The company that a request was made for, and what the CRM says it is worth.

A request's company is the ticket's organisation, else the first that was resolved for the person; a
later move of the person changes nothing (§1).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from lineage import people
from lineage.changes import CompanySeen, OrganisationSeen
from lineage.tables import asks, companies, persons, requests
from lineage.terms import CompanyId, ItemId, PersonId
from lineage.touched import Touched
from store.workspaces import Workspace


def company_of(
    conn: Connection, workspace_id: int, asker: PersonId, organisation: OrganisationSeen | None
) -> CompanyId | None:
    """The company for which this person asks now, in a ticket of this organisation."""
    if organisation is None:
        return conn.scalar(
            select(persons.c.company_id).where(persons.c.workspace_id == workspace_id, persons.c.id == asker)
        )
    known = _one(conn, workspace_id, companies.c.zendesk_org, organisation.id)
    if known is not None:
        return CompanyId(known.id)
    values = {"zendesk_org": organisation.id, "domains": sorted(organisation.domains)}
    return _new(conn, workspace_id, organisation.name, values)


def company_seen(conn: Connection, workspace: Workspace, seen: CompanySeen, _now: datetime) -> Touched:
    """The CRM valued a company. The items of its requests count anew."""
    askers = [
        asker for email in seen.emails if (asker := people.by_address(conn, workspace.id, "email", email))
    ]
    company, joined = _resolve(conn, workspace.id, seen, askers)
    before = _one(conn, workspace.id, companies.c.id, company)
    values = {
        "name": seen.name,
        "customer_minor": seen.customer_minor,
        "pipeline_minor": seen.pipeline_minor,
        "why": list(seen.why),
    }
    revalued = before is None or any(getattr(before, name) != value for name, value in values.items())
    conn.execute(
        update(companies)
        .where(companies.c.workspace_id == workspace.id, companies.c.id == company)
        .values(values | {"valued_at": seen.at})
    )
    known, adopted = _adopt(conn, workspace.id, company, askers)
    if not (revalued or adopted or joined):
        return Touched(changed=known)
    return Touched(items=_items_of(conn, workspace.id, company))


def _resolve(
    conn: Connection, workspace_id: int, seen: CompanySeen, askers: list[PersonId]
) -> tuple[CompanyId, bool]:
    """The row of this CRM company, joined with the helpdesk organisation that it turns out to be.

    Says whether it was joined now: then requests are its that were another's, whatever it is worth.
    """
    joined = False
    known = _one(conn, workspace_id, companies.c.hubspot_id, seen.company)
    for unmatched in _organisations_of(conn, workspace_id, askers):
        if unmatched.domains and seen.domains and not set(unmatched.domains) & set(seen.domains):
            continue  # a guest in somebody else's organisation
        if known is None:
            _set(conn, workspace_id, unmatched.id, {"hubspot_id": seen.company})
            known = _one(conn, workspace_id, companies.c.id, unmatched.id)
        elif known.zendesk_org is None:
            _join(conn, workspace_id, keep=known.id, gone=unmatched)
            joined = True
            known = _one(conn, workspace_id, companies.c.id, known.id)
    if known is not None:
        return CompanyId(known.id), joined
    values = {"hubspot_id": seen.company, "domains": sorted(seen.domains)}
    return _new(conn, workspace_id, seen.name, values), joined


def _organisations_of(conn: Connection, workspace_id: int, askers: list[PersonId]) -> list[Row[Any]]:
    query = (
        select(companies)
        .distinct()
        .join(requests, requests.c.company_id == companies.c.id)
        .where(companies.c.workspace_id == workspace_id, companies.c.hubspot_id.is_(None))
        .where(requests.c.workspace_id == workspace_id, requests.c.person_id.in_(askers))
        .order_by(companies.c.id)
    )
    return list(conn.execute(query).all())


def _join(conn: Connection, workspace_id: int, *, keep: int, gone: Row[Any]) -> None:
    for table in (requests, persons):
        conn.execute(
            update(table)
            .where(table.c.workspace_id == workspace_id, table.c.company_id == gone.id)
            .values(company_id=keep)
        )
    conn.execute(delete(companies).where(companies.c.workspace_id == workspace_id, companies.c.id == gone.id))
    _set(conn, workspace_id, keep, {"zendesk_org": gone.zendesk_org})


def _adopt(
    conn: Connection, workspace_id: int, company: CompanyId, askers: list[PersonId]
) -> tuple[bool, bool]:
    """Give the company to these persons, and to those of their requests that have none: did any."""
    known = conn.execute(
        update(persons)
        .where(persons.c.workspace_id == workspace_id, persons.c.id.in_(askers))
        .where(persons.c.company_id.is_(None))
        .values(company_id=company)
    )
    adopted = conn.execute(
        update(requests)
        .where(requests.c.workspace_id == workspace_id, requests.c.person_id.in_(askers))
        .where(requests.c.company_id.is_(None))
        .values(company_id=company)
    )
    return known.rowcount > 0, adopted.rowcount > 0


def _items_of(conn: Connection, workspace_id: int, company: CompanyId) -> set[ItemId]:
    query = (
        select(asks.c.item_id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace_id, requests.c.company_id == company)
    )
    return {ItemId(row.item_id) for row in conn.execute(query)}


def _one(conn: Connection, workspace_id: int, column: Any, value: object) -> Row[Any] | None:
    return conn.execute(
        select(companies).where(companies.c.workspace_id == workspace_id, column == value)
    ).first()


def _new(conn: Connection, workspace_id: int, name: str, values: dict[str, Any]) -> CompanyId:
    row = {"workspace_id": workspace_id, "name": name, "why": [], **values}
    made = conn.scalar(insert(companies).values(row).returning(companies.c.id))
    assert made is not None
    return CompanyId(made)


def _set(conn: Connection, workspace_id: int, company: int, values: dict[str, Any]) -> None:
    conn.execute(
        update(companies)
        .where(companies.c.workspace_id == workspace_id, companies.c.id == company)
        .values(values)
    )
