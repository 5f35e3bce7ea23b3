"""The components of its project to which an item belongs: by them people filter, and no credit moves."""

from sqlalchemy import Column, Connection, Index, String, Table, delete, insert

from lineage.changes import IssueSeen
from lineage.tables import to_own, workspace_column
from store.database import metadata
from store.rows import find_rows

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


def components_seen(conn: Connection, workspace_id: int, seen: IssueSeen) -> bool:
    """Keeps those that the issue has now; whether they are others than before."""
    listed = find_rows(conn, item_components, workspace_id=workspace_id, item_id=seen.item)
    kept, wanted = {row.component for row in listed}, set(seen.components)
    of_item = (item_components.c.workspace_id == workspace_id, item_components.c.item_id == seen.item)
    for gone in kept - wanted:
        conn.execute(delete(item_components).where(*of_item, item_components.c.component == gone))
    for fresh in wanted - kept:
        row = {"workspace_id": workspace_id, "item_id": seen.item, "component": fresh}
        conn.execute(insert(item_components).values(row))
    return kept != wanted
