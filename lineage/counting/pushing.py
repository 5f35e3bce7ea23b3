"""Asking for an item's demand to be written to the tracker: one waiting row an item, the newest wins."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from lineage.outcomes import demands, pushes
from lineage.terms import ItemId
from store.database import upsert_many

PER_S = 10
"""Issues a second when all are written again. Jira allows a hundred calls a second for everybody, and an
issue takes two or three."""


def push(conn: Connection, workspace_id: int, items: Collection[ItemId], *, now: datetime) -> None:
    """Each of these items counts otherwise now."""
    rows = [
        {"workspace_id": workspace_id, "item_id": item, **_WAITS, "due_at": now} for item in sorted(items)
    ]
    upsert_many(conn, pushes, ("workspace_id", "item_id"), rows, counting_up="rev")


def push_again(conn: Connection, workspace_id: int, items: Collection[ItemId], *, now: datetime) -> None:
    """Write again what the tracker shows of these items: what may be shown, or how they are linked, changed.

    What was never written is not written now.
    """
    if not items:
        return
    if written := conn.scalars(_WRITTEN, {"workspace": workspace_id, "items": sorted(items)}).all():
        push(conn, workspace_id, written, now=now)


def push_all(conn: Connection, workspace_id: int, *, now: datetime) -> int:
    """Write every item again, the one that counts most first, at the account's pace; how many there are.

    After an installation, because Jira indexes only what is written once it knows the words; and when
    another thing may be shown. The rows fall due one after the other, so what changes meanwhile is not held
    up, the end can be told, and a worker that dies loses nothing. What waits already waits no longer.
    """
    counted = select(demands.c.item_id).where(demands.c.workspace_id == workspace_id)
    first = conn.scalars(counted.order_by(demands.c.score_hundredths.desc(), demands.c.item_id)).all()
    kept = select(pushes.c.item_id, pushes.c.due_at).where(pushes.c.workspace_id == workspace_id)
    waiting = {row.item_id: row.due_at for row in conn.execute(kept.order_by(pushes.c.id))}
    wanted = list(dict.fromkeys([*first, *waiting]))
    rows = []
    for place, item in enumerate(wanted):
        slot = now + timedelta(seconds=place / PER_S)
        due_at = min(slot, waiting.get(item) or slot)
        rows.append({"workspace_id": workspace_id, "item_id": item, **_WAITS, "due_at": due_at})
    upsert_many(conn, pushes, ("workspace_id", "item_id"), rows, counting_up="rev")
    return len(rows)


_WRITTEN = select(pushes.c.item_id).where(
    pushes.c.workspace_id == bindparam("workspace"),
    pushes.c.item_id.in_(bindparam("items", expanding=True)),
)
_WAITS = {"rev": 1, "attempts": 0, "parked_at": None, "reason": ""}
