"""An issue's children as its parts, where a person said that they are (rule 11).

Jira lists the children at their parent, and each child names it: two ends, like those of a link. So a
child that is a part is an edge like any other, `child:PARENT:CHILD`, which goes only when neither end
lists it any more (rule 9). It stands since it was heard of; no earlier, because nothing proves that.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from lineage.changes import ChildrenAreParts
from lineage.item_rows import must_know, set_item
from lineage.links import child_edge, link_heard
from lineage.seen import EdgeSeen
from lineage.tables import edges, items
from lineage.terms import ItemId
from lineage.touched import UNCHANGED, Touched
from store.workspaces import Workspace


def children_are_parts(
    conn: Connection, workspace: Workspace, change: ChildrenAreParts, now: datetime
) -> Touched:
    """A person's word takes all children in at once, or lets them all go."""
    known = must_know(conn, workspace.id, change.item)
    if known.children_are_parts == change.are:
        return UNCHANGED
    set_item(conn, workspace.id, change.item, {"children_are_parts": change.are})
    touched = Touched(items={change.item})
    if not change.are:
        _let_go(conn, workspace.id, change.item, touched, now)
        return touched
    for end, edge in _listed(conn, workspace.id, known):
        link_heard(conn, workspace.id, end, edge, touched, now)
    return touched


def _listed(conn: Connection, workspace_id: int, parent: Row[Any]) -> Iterator[tuple[ItemId, EdgeSeen]]:
    """What each end said last: which end it is, and the edge."""
    whole = ItemId(parent.id)
    for child in parent.children:
        yield whole, child_edge(whole, ItemId(child["id"]), child["key"])
    naming = select(items.c.id, items.c.key).where(
        items.c.workspace_id == workspace_id, items.c.parent_id == whole
    )
    for row in conn.execute(naming.order_by(items.c.id)).all():
        yield ItemId(row.id), child_edge(whole, ItemId(row.id), row.key)


def _let_go(conn: Connection, workspace_id: int, parent: ItemId, touched: Touched, now: datetime) -> None:
    """They were parts until now, and no end is taken to say so. Taken in again, they are from then on."""
    of_parent = (edges.c.workspace_id == workspace_id, edges.c.src == parent)
    theirs = (*of_parent, edges.c.removed_at.is_(None), edges.c.link_id.startswith(f"child:{parent}:"))
    touched.links |= {(parent, ItemId(child)) for child in conn.scalars(select(edges.c.dst).where(*theirs))}
    gone = {"removed_at": now, "src_lists": None, "dst_lists": None}
    conn.execute(update(edges).where(*theirs).values(gone))
