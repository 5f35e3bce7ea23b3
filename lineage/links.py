"""Jira's links between items: an edge stands while either of its ends lists it (rule 9).

Each end is read on its own, and at its own time. So every edge keeps what each end said last, and is
removed only when both ends could be read and neither lists it: deleting or hiding an item moves nothing.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from lineage.changes import EdgeSeen, IssueSeen
from lineage.item_rows import placeholder
from lineage.tables import edges
from lineage.terms import ItemId
from lineage.touched import Touched, Wanted


def links_seen(conn: Connection, workspace_id: int, seen: IssueSeen, touched: Touched, now: datetime) -> bool:
    """Apply what one end lists now. Says whether any edge came, went or changed."""
    at_item = or_(edges.c.src == seen.item, edges.c.dst == seen.item)
    query = select(edges).where(edges.c.workspace_id == workspace_id, at_item)
    known = {row.link_id: row for row in conn.execute(query)}
    listed = {edge.link_id: edge for edge in seen.edges}
    changed = False
    for link_id, edge in listed.items():
        _meet_other_end(conn, workspace_id, seen.item, edge, touched, now)
        changed |= _listed(conn, workspace_id, seen.item, edge, known.get(link_id), touched, now)
    for link_id in known.keys() - listed.keys():
        changed |= _not_listed(conn, workspace_id, seen.item, known[link_id], touched, now)
    return changed


def _meet_other_end(
    conn: Connection, workspace_id: int, item: ItemId, edge: EdgeSeen, touched: Touched, now: datetime
) -> None:
    other = edge.dst if edge.src == item else edge.src
    if placeholder(conn, workspace_id, other, edge.dst_key if other == edge.dst else "", now):
        touched.wanted.add(Wanted("jira", "issue", other))


def _listed(
    conn: Connection,
    workspace_id: int,
    item: ItemId,
    edge: EdgeSeen,
    known: Row[Any] | None,
    touched: Touched,
    now: datetime,
) -> bool:
    side = "src_lists" if item == edge.src else "dst_lists"
    if known is None:
        row = {"workspace_id": workspace_id, "link_id": edge.link_id, "at": edge.at or now, side: True}
        conn.execute(insert(edges).values(row | {"kind": edge.kind.value, "src": edge.src, "dst": edge.dst}))
        touched.links.add((edge.src, edge.dst))
        return True
    at = min(known.at, edge.at) if edge.at else known.at
    values = {"kind": edge.kind.value, "src": edge.src, "dst": edge.dst, "at": at, "removed_at": None}
    differs = any(getattr(known, name) != value for name, value in values.items())
    if differs or getattr(known, side) is not True:
        _set(conn, workspace_id, edge.link_id, values | {side: True})
    if differs:
        touched.links |= {(ItemId(known.src), ItemId(known.dst)), (edge.src, edge.dst)}
    return differs


def _not_listed(
    conn: Connection, workspace_id: int, item: ItemId, known: Row[Any], touched: Touched, now: datetime
) -> bool:
    if known.removed_at is not None:
        return False
    here, there = ("src_lists", "dst_lists") if item == known.src else ("dst_lists", "src_lists")
    other = ItemId(known.dst if item == known.src else known.src)
    if getattr(known, there) is False:
        _set(conn, workspace_id, known.link_id, {here: False, "removed_at": now})
        touched.links.add((ItemId(known.src), ItemId(known.dst)))
        return True
    if getattr(known, here) is not False:
        _set(conn, workspace_id, known.link_id, {here: False})
    touched.wanted.add(Wanted("jira", "issue", other))
    return False


def _set(conn: Connection, workspace_id: int, link_id: str, values: dict[str, Any]) -> None:
    conn.execute(
        update(edges).where(edges.c.workspace_id == workspace_id, edges.c.link_id == link_id).values(values)
    )
