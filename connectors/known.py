"""What the ledger has heard of: of everything that vendors tell, only this is read again.

Reading whatever changes anywhere would read whole helpdesks and trackers, and keep what is nobody's request.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, or_, select

from lineage.tables import addresses, asks, companies, items, placements, posts, requests, versions
from lineage.tables import item_versions as fixes
from lineage.terms import ItemId
from lineage.votes import COMMUNITY, placing_of

CHUNK = 500
TICKET = "zendesk:ticket:"


def ticket_page(account: str, ticket: int | str) -> str:
    """Where an agent reads a ticket of the Zendesk account at this address.

    >>> ticket_page("https://acme.zendesk.com", 7)
    'https://acme.zendesk.com/agent/tickets/7'
    """
    return f"{account}/agent/tickets/{ticket}"


def items_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    """Those of these issues that we know."""
    return _among(conn, items, items.c.id, workspace_id, ids)


def wholes_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    """Those of these issues whose children are their parts."""
    return _among(conn, items, items.c.id, workspace_id, ids, items.c.children_are_parts)


def every_whole(conn: Connection, workspace_id: int) -> set[str]:
    """Every issue whose children are its parts: a new child does not make it change."""
    query = select(items.c.id).where(items.c.workspace_id == workspace_id, items.c.deleted_at.is_(None))
    return set(conn.scalars(query.where(items.c.children_are_parts)))


def versions_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    return _among(conn, versions, versions.c.id, workspace_id, ids)


def companies_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    """By their HubSpot id."""
    return _among(conn, companies, companies.c.hubspot_id, workspace_id, ids)


def emails_among(conn: Connection, workspace_id: int, emails: Iterable[str]) -> set[str]:
    wanted = {email.lower() for email in emails}
    return _among(conn, addresses, addresses.c.value, workspace_id, wanted, addresses.c.kind == "email")


def zendesk_users_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    return _among(conn, addresses, addresses.c.value, workspace_id, ids, addresses.c.kind == "zendesk")


def tickets_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    """Those in which somebody asked, or is answered."""
    places = [f"{TICKET}{ident}" for ident in ids]
    found = _among(conn, requests, requests.c.origin, workspace_id, places)
    found |= _among(conn, requests, requests.c.reply_to, workspace_id, places)
    return {place.removeprefix(TICKET) for place in found}


def asked_for(conn: Connection, workspace_id: int, origins: Iterable[str]) -> set[tuple[str, str]]:
    """Which of these origins ever asked for which issue, also where that was taken back: (origin, issue)."""
    wanted, found = sorted(set(origins)), set[tuple[str, str]]()
    query = (
        select(requests.c.origin, asks.c.item_id)
        .join(asks, and_(asks.c.workspace_id == requests.c.workspace_id, asks.c.request_id == requests.c.id))
        .where(requests.c.workspace_id == workspace_id)
    )
    for start in range(0, len(wanted), CHUNK):
        rows = conn.execute(query.where(requests.c.origin.in_(wanted[start : start + CHUNK])))
        found |= {(row.origin, row.item_id) for row in rows}
    return found


def tickets_asking(conn: Connection, workspace_id: int, item: ItemId, *, most: int) -> list[str]:
    """The origins of the tickets that are linked to this very issue and still ask for it, the first first."""
    live = and_(
        asks.c.withdrawn_at.is_(None), asks.c.detached_at.is_(None), requests.c.withdrawn_at.is_(None)
    )
    query = (
        select(requests.c.origin)
        .join(asks, and_(asks.c.workspace_id == requests.c.workspace_id, asks.c.request_id == requests.c.id))
        .where(asks.c.workspace_id == workspace_id, asks.c.item_id == item, live)
        .where(requests.c.origin.startswith(TICKET, autoescape=True))
    )
    return list(conn.scalars(query.order_by(requests.c.id).limit(most)))


def every_item(conn: Connection, workspace_id: int) -> list[ItemId]:
    """All but those that Jira deleted."""
    query = select(items.c.id).where(items.c.workspace_id == workspace_id, items.c.deleted_at.is_(None))
    return [ItemId(ident) for ident in conn.scalars(query.order_by(items.c.id))]


def all_items(conn: Connection, workspace_id: int) -> list[ItemId]:
    """Deleted ones too."""
    query = select(items.c.id).where(items.c.workspace_id == workspace_id)
    return [ItemId(ident) for ident in conn.scalars(query.order_by(items.c.id))]


def items_outside(conn: Connection, workspace_id: int, projects: Sequence[str]) -> list[ItemId]:
    """Those whose project, as it was called when they were read, is none of these keys."""
    query = select(items.c.id, items.c.project).where(
        items.c.workspace_id == workspace_id, items.c.deleted_at.is_(None)
    )
    keys = set(projects)
    return [ItemId(row.id) for row in conn.execute(query.order_by(items.c.id)) if row.project not in keys]


def items_of_project(conn: Connection, workspace_id: int, key: str) -> list[ItemId]:
    query = select(items.c.id).where(items.c.workspace_id == workspace_id, items.c.project == key)
    return [ItemId(ident) for ident in conn.scalars(query.order_by(items.c.id))]


def items_of_version(conn: Connection, workspace_id: int, version_id: str) -> list[ItemId]:
    query = select(fixes.c.item_id).where(
        fixes.c.workspace_id == workspace_id, fixes.c.version_id == version_id
    )
    return [ItemId(ident) for ident in conn.scalars(query.order_by(fixes.c.item_id))]


def versions_in_use(conn: Connection, workspace_id: int) -> list[str]:
    """The fix versions of the items that we know."""
    query = select(fixes.c.version_id).distinct().where(fixes.c.workspace_id == workspace_id)
    return list(conn.scalars(query.order_by(fixes.c.version_id)))


def every_company(conn: Connection, workspace_id: int) -> list[str]:
    """The HubSpot ids of the companies that are valued."""
    known = companies.c.hubspot_id.is_not(None)
    query = select(companies.c.hubspot_id).where(companies.c.workspace_id == workspace_id, known)
    return [ident for ident in conn.scalars(query.order_by(companies.c.id)) if ident is not None]


def company_name(conn: Connection, workspace_id: int, hubspot_id: str) -> str:
    query = select(companies.c.name).where(
        companies.c.workspace_id == workspace_id, companies.c.hubspot_id == hubspot_id
    )
    return conn.scalar(query) or ""


def open_tickets(conn: Connection, workspace_id: int) -> list[str]:
    """Where somebody is answered and may still be."""
    query = select(requests.c.reply_to).distinct().where(
        requests.c.workspace_id == workspace_id,
        requests.c.reply_to.startswith(TICKET),
        requests.c.reply_state.not_in(("closed", "deleted")),
    )  # fmt: skip
    return [place.removeprefix(TICKET) for place in conn.scalars(query.order_by(requests.c.reply_to))]


def community_posts_among(conn: Connection, workspace_id: int, ids: Iterable[str]) -> set[str]:
    """Those of these posts of Zendesk's community that were ever placed on an issue."""
    wanted = [f"{COMMUNITY}{ident}" for ident in ids]
    return {one.removeprefix(COMMUNITY) for one in _among(conn, posts, posts.c.id, workspace_id, wanted)}


def community_posts(conn: Connection, workspace_id: int) -> list[str]:
    """Every post of Zendesk's community that is placed on an issue."""
    placed = select(placements.c.post_id).distinct().where(placements.c.workspace_id == workspace_id)
    found = conn.scalars(placed.where(placements.c.post_id.startswith(COMMUNITY)))
    return sorted(one.removeprefix(COMMUNITY) for one in found)


def voters_of(conn: Connection, workspace_id: int, post: str) -> dict[str, datetime | None]:
    """Who ever voted for a post of the community, by their user id; when they took it back, if they did."""
    place = str(placing_of(f"{COMMUNITY}{post}"))
    every = select(requests.c.origin, requests.c.withdrawn_at).where(requests.c.workspace_id == workspace_id)
    return {
        row.origin.rpartition(":")[2]: row.withdrawn_at
        for column in (requests.c.reply_to, requests.c.moved_from)
        for row in conn.execute(every.where(column == place))
    }


def tickets_of_user(conn: Connection, workspace_id: int, user: str) -> list[str]:
    """The tickets in which this Zendesk user asked, or is answered."""
    theirs = (
        select(addresses.c.person_id)
        .where(addresses.c.workspace_id == workspace_id, addresses.c.kind == "zendesk")
        .where(addresses.c.value == user)
        .scalar_subquery()
    )
    query = select(requests.c.origin, requests.c.reply_to).where(
        requests.c.workspace_id == workspace_id,
        or_(
            requests.c.person_id == theirs,
            and_(
                requests.c.reply_to_person_id != requests.c.person_id, requests.c.reply_to_person_id == theirs
            ),
        ),
    )
    places = {place for row in conn.execute(query) for place in row if place.startswith(TICKET)}
    return sorted(place.removeprefix(TICKET) for place in places)


def _among(
    conn: Connection,
    table: Table,
    column: Column[str],
    workspace_id: int,
    values: Iterable[str],
    *more: ColumnElement[bool],
) -> set[str]:
    wanted, found = sorted(set(values)), set()
    for start in range(0, len(wanted), CHUNK):
        query = select(column).where(table.c.workspace_id == workspace_id, *more)
        found |= set(conn.scalars(query.where(column.in_(wanted[start : start + CHUNK]))))
    return found
