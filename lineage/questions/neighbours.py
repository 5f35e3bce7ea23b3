"""The links around an item, read outwards and no further than a picture shows: few statements, few rows.

A hub with 10,000 duplicates is one count; its island is never loaded.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Subquery, and_, case, func, or_, select

from lineage.graph import Edge
from lineage.questions.near import HANDFUL, Group, Near, kept_of, walk
from lineage.tables import asks, edges, items, persons, requests
from lineage.terms import EdgeKind, ItemId
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a fold holds, besides how many: how many of them are delivered, and how many persons ask."""

    delivered: int = 0
    people: int = 0


def around(conn: Connection, workspace: Workspace, item_id: ItemId) -> Near[ItemId]:
    """The items from which asks come to this one and to which they go on, as far as they are shown."""
    return walk(item_id, lambda frontier, up: _groups(conn, workspace, frontier, up=up))


def _groups(
    conn: Connection, workspace: Workspace, frontier: Sequence[ItemId], *, up: bool
) -> list[Group[ItemId]]:
    ranked = _ranked(workspace, frontier, up=up)
    few = or_(ranked.c.place <= HANDFUL, ranked.c.siblings <= kept_of(HANDFUL + 1))
    rows = conn.execute(select(ranked).where(few).order_by(ranked.c.kind, ranked.c.place)).all()
    by_group: dict[tuple[ItemId, EdgeKind], list[Row[Any]]] = {}
    for row in rows:
        by_group.setdefault((ItemId(row.near), EdgeKind(row.kind)), []).append(row)
    order = {item: place for place, item in enumerate(frontier)}
    return [
        Group(at, kind, up, tuple(ItemId(row.far) for row in of), of[0].siblings - len(of))
        for (at, kind), of in sorted(by_group.items(), key=lambda one: (order[one[0][0]], one[0][1]))
    ]


def _ranked(workspace: Workspace, frontier: Collection[ItemId], *, up: bool) -> Subquery:
    """The links at these items on one side, each with its place by age among those of its kind."""
    near, far = (edges.c.dst, edges.c.src) if up else (edges.c.src, edges.c.dst)
    alike, by_age = (near, edges.c.kind), (func.length(edges.c.link_id), edges.c.link_id)
    return (
        select(near.label("near"), edges.c.kind, far.label("far"))
        .add_columns(func.row_number().over(partition_by=alike, order_by=by_age).label("place"))
        .add_columns(func.count().over(partition_by=alike).label("siblings"))
        .where(edges.c.workspace_id == workspace.id, edges.c.removed_at.is_(None), near.in_(frontier))
        .subquery()
    )


def hidden(conn: Connection, workspace: Workspace, near: Near[ItemId]) -> dict[Group[ItemId], Hidden]:
    """What each fold holds; at most four statements, and none where nothing folds."""
    found = {group: Hidden() for group in near.folds}
    for up in (True, False):
        folds = {(group.at, group.kind.value): group for group in near.folds if group.up is up}
        if not folds:
            continue
        ranked = _ranked(workspace, {at for at, _ in folds}, up=up)
        behind = and_(ranked.c.place > HANDFUL, ranked.c.siblings > kept_of(HANDFUL + 1))
        people = _people(conn, workspace, ranked, behind)
        for row in conn.execute(_delivered(workspace, ranked, behind)):
            if group := folds.get((ItemId(row.near), row.kind)):
                found[group] = Hidden(row.delivered, people.get((row.near, row.kind), 0))
    return found


def _delivered(workspace: Workspace, ranked: Subquery, behind: Any) -> Any:
    out = func.sum(case((items.c.state == "delivered", 1), else_=0)).label("delivered")
    return (
        select(ranked.c.near, ranked.c.kind, out)
        .join(items, and_(items.c.workspace_id == workspace.id, items.c.id == ranked.c.far))
        .where(behind)
        .group_by(ranked.c.near, ranked.c.kind)
    )


def _people(
    conn: Connection, workspace: Workspace, ranked: Subquery, behind: Any
) -> dict[tuple[str, str], int]:
    query = (
        select(ranked.c.near, ranked.c.kind, func.count(requests.c.person_id.distinct()).label("people"))
        .join(asks, and_(asks.c.workspace_id == workspace.id, asks.c.item_id == ranked.c.far))
        .join(requests, requests.c.id == asks.c.request_id)
        .join(persons, persons.c.id == requests.c.person_id)
        .where(behind, persons.c.staff.is_(False))
        .where(asks.c.withdrawn_at.is_(None), requests.c.withdrawn_at.is_(None))
        .group_by(ranked.c.near, ranked.c.kind)
    )
    return {(row.near, row.kind): row.people for row in conn.execute(query)}


def links_among(conn: Connection, workspace: Workspace, shown: Collection[ItemId]) -> list[Edge]:
    """The links between these items, and where else they are merged into: the oldest merge counts."""
    query = select(edges).where(
        edges.c.workspace_id == workspace.id,
        edges.c.removed_at.is_(None),
        edges.c.src.in_(shown),
        or_(edges.c.kind == EdgeKind.MERGED.value, edges.c.dst.in_(shown)),
    )
    return [
        Edge(row.link_id, EdgeKind(row.kind), ItemId(row.src), ItemId(row.dst), row.at)
        for row in conn.execute(query)
    ]


def parts_of(conn: Connection, workspace: Workspace, shown: Collection[ItemId]) -> dict[ItemId, int]:
    """Into how many others each of these items was split, the parts that are not shown included."""
    query = (
        select(edges.c.src, func.count().label("parts"))
        .where(edges.c.workspace_id == workspace.id, edges.c.removed_at.is_(None))
        .where(edges.c.src.in_(shown), edges.c.kind == EdgeKind.SPLIT.value)
        .group_by(edges.c.src)
    )
    return {ItemId(row.src): row.parts for row in conn.execute(query)}
