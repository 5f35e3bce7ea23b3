"""Looks: "read this object from that system again". One row per object, however often it was asked for.

Whoever asks raises a counter. A look is finished only if the counter is where it was when the look
began; otherwise something may have happened after the reading, and it is due again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    text,
    update,
)

from store.database import Instant, Json, insert_or_ignore, metadata, row_id
from store.rows import update_rows
from store.waiting import Claimed, Shelf, Superseded, waiting_columns

looks = Table(
    "looks",
    metadata,
    row_id(),
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("system", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("done_asked", BigInteger, nullable=False, server_default=text("0")),
    Column("event_at", Instant),
    Column("hint", Json, nullable=False, server_default="{}"),
    Column("serial", BigInteger, nullable=False, server_default=text("0")),
    *waiting_columns(),
    UniqueConstraint("workspace_id", "system", "kind", "object_id"),
    sqlite_autoincrement=True,  # number and serial are the cause of changes: never the same twice
)

SHELF = Shelf("looks", looks)

_KEY = ("workspace_id", "system", "kind", "object_id")
_TO_RAISE = select(looks).where(*(looks.c[name] == bindparam(name) for name in _KEY)).with_for_update()


def ask(  # noqa: PLR0913 - four words name the object, the rest say when and why
    conn: Connection,
    *,
    workspace_id: int,
    system: str,
    kind: str,
    object_id: str,
    now: datetime,
    at: datetime | None = None,
    hint: Mapping[str, Any] | None = None,
    due_in_s: float = 0,
) -> None:
    """Asks for a look at one object (`kind` like "issue" or "ticket"), due in `due_in_s` seconds.

    `at`: when the event took place that asks, by the vendor's clock; an answer older than the newest of
    these is to be read again. `hint`: what only the event knows (a deletion); hints of one pending look
    are joined, the newer winning. A look that waits because the last try failed keeps its time; a parked
    one is due again.
    """
    key = {"workspace_id": workspace_id, "system": system, "kind": kind, "object_id": object_id}
    due = now + timedelta(seconds=due_in_s)
    fresh = {"asked": 1, "event_at": at, "hint": dict(hint or {}), "due_at": due}
    if insert_or_ignore(conn, looks, {**key, **fresh}):
        return
    row = conn.execute(_TO_RAISE, key).mappings().one()
    raised: dict[str, Any] = {
        "asked": row["asked"] + 1,
        "event_at": max(filter(None, (row["event_at"], at)), default=None),
        "hint": {**row["hint"], **(hint or {})},
    }
    update_rows(conn, looks, {**raised, **_due(row, due)}, id=row["id"])


def finish(conn: Connection, claimed: Claimed, asked_seen: int) -> bool:
    """Marks a look as taken, in the transaction that commits what it found.

    `asked_seen`: `claimed.row["asked"]`. True: finished; False: somebody asked meanwhile, so what was
    found may be committed, and the row is due again. Raises Superseded if it is not the caller's any more.
    """
    taken = {"lease_until": None, "attempts": 0, "reason": "", "done_asked": asked_seen}
    mine = update(looks).where(SHELF.held(claimed)).values(**taken, serial=looks.c.serial + 1)
    quiet = mine.where(looks.c.asked == asked_seen).values(due_at=None, hint={}, event_at=None)
    if conn.execute(quiet).rowcount == 1:
        return True
    if conn.execute(mine).rowcount == 1:
        return False
    raise Superseded(f"look {claimed.id} was taken over by another worker")


def forget(conn: Connection, workspace_id: int, system: str, kind: str, object_ids: Sequence[str]) -> None:
    """Drops the looks at these objects, done or not: their very names are to be forgotten."""
    of_kind = (looks.c.workspace_id == workspace_id, looks.c.system == system, looks.c.kind == kind)
    conn.execute(delete(looks).where(*of_kind, looks.c.object_id.in_(object_ids)))


def _due(row: RowMapping, due: datetime) -> dict[str, Any]:
    """When a look that exists is due now that it was asked for again."""
    if row["due_at"] is None:
        return {"due_at": due, "parked_at": None, "attempts": 0, "reason": ""}
    backing_off = row["reason"] != ""
    if backing_off or row["lease_until"] is not None:
        return {}
    return {"due_at": min(row["due_at"], due)}
