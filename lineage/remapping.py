"""Jira's link types and resolutions mean something else from now on (rule 11): what is known, said anew.

Reading everything again would do, but for what cannot be read any more: a link of a deleted issue would
count for ever as what it once meant. Links whose type means nothing are set aside and not forgotten: of
such a one it stays known that an end lists it, so it counts again as soon as its type means something.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from lineage.changes import MappingChanged
from lineage.issues import restate
from lineage.item_rows import set_item
from lineage.tables import edges, items
from lineage.terms import EdgeKind, ItemId
from lineage.touched import Touched
from store.workspaces import Workspace


def mapping_changed(conn: Connection, workspace: Workspace, change: MappingChanged, now: datetime) -> Touched:
    """Every link and every reason for closing that is known, by what its type or id means now."""
    touched = Touched()
    for row in conn.execute(select(edges).where(edges.c.workspace_id == workspace.id)).all():
        if (values := _meant(row, change.links, now)) is not None:
            here = (edges.c.workspace_id == workspace.id, edges.c.link_id == row.link_id)
            conn.execute(update(edges).where(*here).values(values))
            touched.links.add((ItemId(row.src), ItemId(row.dst)))
    closed = (items.c.workspace_id == workspace.id, items.c.resolution_id.is_not(None))
    told = select(items.c.id, items.c.resolution_id, items.c.meaning).where(*closed)
    renamed = {
        ItemId(row.id): change.resolutions.get(row.resolution_id)
        for row in conn.execute(told).all()
        if row.meaning != change.resolutions.get(row.resolution_id)
    }
    for item, meaning in renamed.items():
        set_item(conn, workspace.id, item, {"meaning": meaning})
    moved = restate(conn, workspace, renamed)
    touched.restated, touched.effects = set(moved), list(moved.values())
    return touched


def _meant(row: Row[Any], links: Mapping[str, EdgeKind | None], now: datetime) -> dict[str, Any] | None:
    """How the row of a link is to be changed; None where it stays. A child that is a part has no type."""
    listed = row.src_lists or row.dst_lists
    if row.type_id is None or not listed:
        return None
    kind = links.get(row.type_id)
    if kind is None:
        return {"removed_at": now} if row.removed_at is None else None
    if row.removed_at is None and row.kind == kind.value:
        return None
    return {"kind": kind.value, "removed_at": None}
