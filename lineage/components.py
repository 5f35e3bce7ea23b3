"""The fix versions and the components of its project to which an item belongs.

By components people filter, and no credit moves.
"""

from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, Table, bindparam, delete, insert, literal, select

from lineage.changes import IssueSeen
from lineage.tables import item_versions, to_own, workspace_column
from lineage.terms import ItemId
from store.database import metadata

item_components = Table(
    "item_components",
    metadata,
    workspace_column(primary_key=True),
    Column("component", String(255), primary_key=True),
    Column("item_id", String(40), primary_key=True),
    to_own("items", "item_id"),
    Index("item_components_by_item", "workspace_id", "item_id"),
)
"""Components by name: whoever renames one renames it in every issue, which is then read again."""


class Belongs(NamedTuple):
    """Versions by id, components by name."""

    versions: set[str]
    components: set[str]


def belongs_to(conn: Connection, workspace_id: int, item: ItemId) -> Belongs:
    """What is kept of an item: of both in one statement, for every reading of an issue asks."""
    rows = conn.execute(_KEPT, {"workspace": workspace_id, "item": item}).all()
    return Belongs(
        {row.name for row in rows if row.of == "version"}, {row.name for row in rows if row.of == "component"}
    )


def components_seen(conn: Connection, workspace_id: int, seen: IssueSeen, kept: set[str]) -> bool:
    """Keeps those that the issue has now; whether they are others than before."""
    wanted = set(seen.components)
    of_item = (item_components.c.workspace_id == workspace_id, item_components.c.item_id == seen.item)
    for gone in kept - wanted:
        conn.execute(delete(item_components).where(*of_item, item_components.c.component == gone))
    for fresh in wanted - kept:
        row = {"workspace_id": workspace_id, "item_id": seen.item, "component": fresh}
        conn.execute(insert(item_components).values(row))
    return kept != wanted


_KEPT = (
    select(literal("version").label("of"), item_versions.c.version_id.label("name"))
    .where(item_versions.c.workspace_id == bindparam("workspace"))
    .where(item_versions.c.item_id == bindparam("item"))
    .union_all(
        select(literal("component"), item_components.c.component)
        .where(item_components.c.workspace_id == bindparam("workspace"))
        .where(item_components.c.item_id == bindparam("item"))
    )
)
