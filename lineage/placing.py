"""Filling in the places of past days, by the worker: a few thousand in one transaction, so nobody waits.

What is read is one moment of the record. Before that the ledger is held for a moment: who changes the record
has committed by then, or sees the row of this ranking, and says in it that its places do not hold.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from lineage import demand_days
from lineage.batches import batched
from lineage.measures import RISING, order_of
from lineage.past_places import SHELF, past_days, past_places
from store import workspaces
from store.attempt import Outcome
from store.database import reading, transaction
from store.waiting import Claimed, Superseded

AT_ONCE = 5_000
"""Places written, or removed, in one transaction."""
KEPT_FOR = timedelta(days=14)
"""Then they go; whoever asks after that has them made anew."""
MOST = 24
"""Rankings that are kept in a workspace; beyond them the oldest go."""
AGAIN_S = 60.0
"""How soon places are filled in again whose record was changed meanwhile: more may follow."""


def place(
    engine: Engine, claimed: Claimed, *, clock: Callable[[], datetime], lease_s: float
) -> Outcome | None:
    """Fill in the places of one ranking, or remove it once it was kept for long. Raises Superseded."""
    filling = _Filling(engine, claimed, clock, lease_s)
    filling.begin()
    filling.clear()
    if claimed.row["asked_at"] + KEPT_FOR <= clock():
        filling.remove()
        return None
    filling.fill()
    return None if filling.end() else Outcome.LATER


class _Filling:
    """One row of the shelf, while this worker holds it. Each step raises Superseded once it does no more."""

    def __init__(
        self, engine: Engine, claimed: Claimed, clock: Callable[[], datetime], lease_s: float
    ) -> None:
        self._engine, self._claimed, self._clock = engine, claimed, clock
        self._lease = timedelta(seconds=lease_s)
        self._key = {"workspace_id": claimed.workspace_id, "past_day_id": claimed.id}
        self._theirs = (
            past_places.c.workspace_id == claimed.workspace_id, past_places.c.past_day_id == claimed.id,
        )  # fmt: skip

    def begin(self) -> None:
        """From now on its places are not used."""
        with transaction(self._engine) as conn:
            workspaces.hold(conn, self._claimed.workspace_id)
            self._go_on(conn)

    def clear(self) -> None:
        """Of what was kept before, or was begun, nothing is left."""
        with reading(self._engine) as conn:
            last = conn.scalar(select(func.max(past_places.c.place)).where(*self._theirs)) or 0
        for end in range(AT_ONCE, last + AT_ONCE, AT_ONCE):
            with transaction(self._engine) as conn:
                self._go_on(conn)
                conn.execute(delete(past_places).where(*self._theirs, past_places.c.place <= end))

    def remove(self) -> None:
        with transaction(self._engine) as conn:
            if conn.execute(delete(past_days).where(SHELF.held(self._claimed))).rowcount == 0:
                raise Superseded

    def fill(self) -> None:
        day, measure = self._claimed.row["day"], self._claimed.row["measure"]
        with reading(self._engine) as conn:
            ranked = demand_days.items_on(
                conn, self._claimed.workspace_id, day, order=order_of(measure), rising=measure in RISING
            )
        for some in batched(enumerate(ranked, 1), AT_ONCE):
            with transaction(self._engine) as conn:
                self._go_on(conn)
                rows = [self._key | {"item_id": item, "place": place} for place, item in some]
                conn.execute(insert(past_places), rows)

    def end(self) -> bool:
        """They hold from now on. False: the record was changed meanwhile, so they are filled in once more."""
        now, seen = self._clock(), self._claimed.row["changes"]
        done = {"due_at": self._claimed.row["asked_at"] + KEPT_FOR, "made_of": seen}
        rests = {"lease_until": None, "attempts": 0, "reason": ""}
        mine = update(past_days).where(SHELF.held(self._claimed))
        with transaction(self._engine) as conn:
            # More rows than its own are written here, as by whoever changes the record: one after the other.
            workspaces.hold(conn, self._claimed.workspace_id)
            if conn.execute(mine.where(past_days.c.changes == seen).values(**done, **rests)).rowcount == 1:
                self._make_room(conn, now)
                return True
            later = {"due_at": now + timedelta(seconds=AGAIN_S), **rests}
            if conn.execute(mine.values(**later)).rowcount == 0:
                raise Superseded
        return False

    def _go_on(self, conn: Connection) -> None:
        held = {"lease_until": self._clock() + self._lease, "made_of": None}
        if conn.execute(update(past_days).where(SHELF.held(self._claimed)).values(**held)).rowcount == 0:
            raise Superseded

    def _make_room(self, conn: Connection, now: datetime) -> None:
        here = (past_days.c.workspace_id == self._claimed.workspace_id, past_days.c.parked_at.is_(None))
        newest = select(past_days.c.id).where(*here).order_by(past_days.c.id.desc()).limit(MOST)
        kept = list(conn.scalars(newest))
        over = {"due_at": now, "asked_at": now - KEPT_FOR}
        conn.execute(update(past_days).where(*here, past_days.c.id.not_in(kept)).values(**over))
