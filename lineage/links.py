"""Jira's links between items, and children that are parts: an edge stands while either end lists it (rule 9).

Each end is read on its own, and at its own time. So every edge keeps what each end said last, and is
removed only when both ends can be read and neither lists it: deleting or hiding an item moves nothing. What
an end said before it was deleted or hidden is not enough: else it would matter whether that was heard.

Jira gives each link an id of its own. Should it not, a link is its id and the two items that it ties: what
comes second under an id is kept beside the first, by a longer name, and goes when neither of its own ends
lists it. `link_order` ranks them by their id and ends, so it does not matter which came second.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, insert, or_, select

from lineage.changes import IssueSeen
from lineage.graph import jira_id
from lineage.item_rows import placeholder
from lineage.seen import EdgeSeen
from lineage.tables import edges, items
from lineage.terms import EdgeKind, ItemId
from lineage.touched import Effect, Touched, Wanted
from store.database import insert_or_ignore
from store.rows import find_row, update_rows


def links_seen(conn: Connection, workspace_id: int, seen: IssueSeen, touched: Touched, now: datetime) -> bool:
    """Apply what one end lists now. Says whether any edge came, went or changed."""
    here = {"workspace": workspace_id, "item": seen.item}
    known = {_link(row): row for row in conn.execute(_AT_ITEM, here)}
    listed = {_link(edge): edge for edge in (*seen.edges, *_children(conn, workspace_id, seen))}
    changed = False
    for link, edge in listed.items():
        if link not in known:  # else both its ends were met when it was
            _meet_other_end(conn, workspace_id, seen.item, edge, touched, now)
        changed |= _listed(conn, workspace_id, seen.item, edge, known.get(link), touched, now)
    for link in known.keys() - listed.keys():
        changed |= _not_listed(conn, workspace_id, seen.item, known[link], touched, now)
    return changed


def _link(edge: EdgeSeen | Row[Any]) -> tuple[str, frozenset[str]]:
    """A link of Jira's is the same whichever way it points; that one is the other's child is not."""
    number = jira_id(edge.link_id)
    return number if number.isdigit() else edge.link_id, frozenset({edge.src, edge.dst})


def link_heard(
    conn: Connection, workspace_id: int, item: ItemId, edge: EdgeSeen, touched: Touched, now: datetime
) -> None:
    """Apply that this end lists this one edge."""
    known = find_row(conn, edges, workspace_id=workspace_id, link_id=edge.link_id)
    _meet_other_end(conn, workspace_id, item, edge, touched, now)
    _listed(conn, workspace_id, item, edge, known, touched, now)


def child_edge(parent: ItemId, child: ItemId, key: str) -> EdgeSeen:
    """A child that is a part, as an edge of its own; parent and child name it for good."""
    return EdgeSeen(f"child:{parent}:{child}", EdgeKind.SPLIT, parent, child, dst_key=key)


def _children(conn: Connection, workspace_id: int, seen: IssueSeen) -> Iterator[EdgeSeen]:
    """The edges to its children, and to itself from its parent, where a person said that they are parts."""
    if not (seen.children or seen.parent):
        return
    ends = [seen.item, *([seen.parent] if seen.parent else [])]
    wholes = set(conn.scalars(_WHOLES, {"workspace": workspace_id, "items": ends}))
    if seen.item in wholes:
        yield from (child_edge(seen.item, child.item, child.key) for child in seen.children)
    if seen.parent in wholes:
        yield child_edge(ItemId(str(seen.parent)), seen.item, seen.key)


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
        row |= {"kind": edge.kind.value, "src": edge.src, "dst": edge.dst, "type_id": edge.type_id}
        if not insert_or_ignore(conn, edges, row):  # the id is that of another link
            conn.execute(_INSERT, row | {"link_id": f"{edge.link_id}:{edge.src}:{edge.dst}"})
        touched.links.add((edge.src, edge.dst))
        touched.effects.append(_came(edge))
        return True
    before = known.at if known.removed_at is None else now  # a child that left, and came back
    at = min(known.at, edge.at) if edge.at else before
    values = {"kind": edge.kind.value, "src": edge.src, "dst": edge.dst, "at": at, "removed_at": None}
    differs = any(getattr(known, name) != value for name, value in values.items())
    if differs or getattr(known, side) is not True or known.type_id != edge.type_id:
        _set(conn, workspace_id, known.link_id, values | {side: True, "type_id": edge.type_id})
    if differs:
        touched.links |= {(ItemId(known.src), ItemId(known.dst)), (edge.src, edge.dst)}
    other = any(getattr(known, name) != values[name] for name in ("kind", "src", "dst"))
    if other and known.removed_at is None:
        touched.effects.append(_gone(known))
    if other or known.removed_at is not None:
        touched.effects.append(_came(edge))
    return differs


def _came(edge: EdgeSeen) -> Effect:
    return Effect(edge.src, edge.kind.value, "", edge.dst)


def _gone(known: Row[Any]) -> Effect:
    return Effect(ItemId(known.src), known.kind, known.dst, "")


def _not_listed(
    conn: Connection, workspace_id: int, item: ItemId, known: Row[Any], touched: Touched, now: datetime
) -> bool:
    if known.removed_at is not None:
        return False
    here, there = ("src_lists", "dst_lists") if item == known.src else ("dst_lists", "src_lists")
    other = ItemId(known.dst if item == known.src else known.src)
    if getattr(known, there) is False and not _is_lost(known):
        _set(conn, workspace_id, known.link_id, {here: False, "removed_at": now})
        touched.links.add((ItemId(known.src), ItemId(known.dst)))
        touched.effects.append(_gone(known))
        return True
    if getattr(known, here) is not False:
        _set(conn, workspace_id, known.link_id, {here: False})
    touched.wanted.add(Wanted("jira", "issue", other))
    return False


def _is_lost(known: Row[Any]) -> bool:
    """Whether the other end cannot be read now."""
    return bool(known.other_is_lost)


def _set(conn: Connection, workspace_id: int, link_id: str, values: dict[str, Any]) -> None:
    update_rows(conn, edges, values, workspace_id=workspace_id, link_id=link_id)


_other = items.alias("other")
_other_end = case((edges.c.src == bindparam("item"), edges.c.dst), else_=edges.c.src)
_AT_ITEM = (
    select(
        edges,
        or_(_other.c.deleted_at.is_not(None), _other.c.unreadable_at.is_not(None)).label("other_is_lost"),
    )
    .outerjoin(_other, (_other.c.workspace_id == edges.c.workspace_id) & (_other.c.id == _other_end))
    .where(
        edges.c.workspace_id == bindparam("workspace"),
        or_(edges.c.src == bindparam("item"), edges.c.dst == bindparam("item")),
    )
)
_WHOLES = select(items.c.id).where(
    items.c.workspace_id == bindparam("workspace"),
    items.c.id.in_(bindparam("items", expanding=True)),
    items.c.children_are_parts,
)
_INSERT = insert(edges)
