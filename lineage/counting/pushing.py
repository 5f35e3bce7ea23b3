"""Asking for an item's demand to be written to the tracker: one waiting row an item, the newest wins."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, update

from lineage.outcomes import pushes
from lineage.terms import ItemId
from store.database import upsert_many


def push(conn: Connection, workspace_id: int, items: Collection[ItemId], *, now: datetime) -> None:
    """Each of these items counts otherwise now."""
    waits = {"rev": 1, "due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    rows = [{"workspace_id": workspace_id, "item_id": item, **waits} for item in sorted(items)]
    upsert_many(conn, pushes, ("workspace_id", "item_id"), rows, change={"rev": pushes.c.rev + 1})


def push_again(conn: Connection, workspace_id: int, *, now: datetime, item: ItemId | None = None) -> None:
    """Write again what the tracker shows of this item, or of all: what may be shown there changed.

    What was never written is not written now.
    """
    here = pushes.c.workspace_id == workspace_id
    if item is not None:
        here &= pushes.c.item_id == item
    values = {"rev": pushes.c.rev + 1, "due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    conn.execute(update(pushes).where(here).values(values))
