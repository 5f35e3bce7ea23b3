"""One item's row: read, written, and made before the item itself could be read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from lineage.errors import Unknown
from lineage.tables import items
from lineage.terms import ItemId
from store.database import insert_or_ignore
from store.rows import find_row, update_rows


def row_of(conn: Connection, workspace_id: int, item: ItemId) -> Row[Any] | None:
    """What is known of an item, placeholders included."""
    return find_row(conn, items, workspace_id=workspace_id, id=item)


def placeholder(conn: Connection, workspace_id: int, item: ItemId, key: str, now: datetime) -> bool:
    """A row for an item that something points to and that was not read yet. True if it is new."""
    blank = {"summary": "", "unmapped_links": [], "sizes": {}, "created_at": now, "updated_at": now}
    values = {"workspace_id": workspace_id, "id": item, "key": key or item, "status_at": now, "state_at": now}
    return insert_or_ignore(conn, items, blank | values)


def must_know(conn: Connection, workspace_id: int, item: ItemId) -> Row[Any]:
    """The item's row. Raises Unknown where it was never heard of."""
    row = row_of(conn, workspace_id, item)
    if row is None:
        raise Unknown(
            f"Nothing is known of issue {item}: look at it first (`kithspark look SLUG --issue KEY`)."
        )
    return row


def set_item(conn: Connection, workspace_id: int, item: ItemId, values: dict[str, Any]) -> None:
    update_rows(conn, items, values, workspace_id=workspace_id, id=item)
