"""What a picture says of its items, one statement each: at most as many items as a picture shows."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, func, select

from lineage.outcomes import demands
from lineage.tables import asks, items, persons, requests
from lineage.terms import ItemId
from store.workspaces import Workspace


def items_of(conn: Connection, workspace: Workspace, shown: Collection[ItemId]) -> dict[ItemId, Row[Any]]:
    query = select(items).where(items.c.workspace_id == workspace.id, items.c.id.in_(shown))
    return {ItemId(row.id): row for row in conn.execute(query)}


def people_on(conn: Connection, workspace: Workspace, shown: Collection[ItemId]) -> dict[ItemId, int]:
    """The persons with an ask that rests on each item or passed it."""
    query = select(demands.c.item_id, demands.c.requesters).where(
        demands.c.workspace_id == workspace.id, demands.c.item_id.in_(shown)
    )
    return {ItemId(row.item_id): row.requesters for row in conn.execute(query)}


def askers_of(conn: Connection, workspace: Workspace, shown: Collection[ItemId]) -> dict[ItemId, Row[Any]]:
    """The persons and companies whose asks were linked to each item itself; staff do not count."""
    query = (
        select(asks.c.item_id, func.count(requests.c.person_id.distinct()).label("people"))
        .add_columns(func.count(requests.c.company_id.distinct()).label("companies"))
        .join(requests, requests.c.id == asks.c.request_id)
        .join(persons, persons.c.id == requests.c.person_id)
        .where(asks.c.workspace_id == workspace.id, asks.c.item_id.in_(shown), persons.c.staff.is_(False))
        .where(asks.c.withdrawn_at.is_(None), requests.c.withdrawn_at.is_(None))
        .group_by(asks.c.item_id)
    )
    return {ItemId(row.item_id): row for row in conn.execute(query)}
