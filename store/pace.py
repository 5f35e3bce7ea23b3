"""How fast something may go out to one account, kept in the database: several processes together keep the
pace that one alone would.

A slot is the time that one takes at this pace. Whoever claims a row takes the next slot, and gives it back
if nothing went out. What was not used is saved up for a few seconds: a handful of rows goes out at once,
ten thousand go out evenly. When the account says that it was too much, the pace falls by a quarter, and
comes back within a minute, which is the vendors' own window.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    ForeignKey,
    String,
    Table,
    or_,
    select,
)

from store.database import Instant, insert_or_ignore, metadata
from store.rows import update_rows

SAVED_S = 10.0
"""Slots of so many seconds are saved up while nothing goes out."""
LOWERED_BY = 0.75
BACK_WITHIN_S = 60.0
SLOWEST = 1.0
"""One a minute, however often the account complains."""

paces = Table(
    "paces",
    metadata,
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True,
           autoincrement=False),
    Column("system", String(20), primary_key=True),
    Column("ceiling", Float, nullable=False),
    Column("free_at", Instant, nullable=False),
    Column("lowered_to", Float),
    Column("lowered_at", Instant),
    Column("hold_until", Instant),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pace:
    """`ceiling`: slots a minute when all is well; `free_at`: when the next slot begins."""

    ceiling: float
    free_at: datetime
    lowered_to: float | None = None
    lowered_at: datetime | None = None
    hold_until: datetime | None = None
    """Until then nothing goes out: the account asked for it."""

    def per_minute(self, now: datetime) -> float:
        """Slots a minute at this moment."""
        if self.lowered_to is None or self.lowered_at is None:
            return self.ceiling
        back = max((now - self.lowered_at).total_seconds(), 0.0) / BACK_WITHIN_S
        return max(SLOWEST, min(self.ceiling, self.lowered_to + (1 - LOWERED_BY) * self.ceiling * back))

    def opens_at(self) -> datetime:
        """When the next may go out, maybe past."""
        return max(self.free_at, self.hold_until) if self.hold_until else self.free_at

    def room(self, now: datetime) -> int:
        """How many may go out at this moment."""
        if self.opens_at() > now:
            return 0
        saved_s = min((now - self.free_at).total_seconds(), SAVED_S)
        return 1 + math.floor(saved_s * self.per_minute(now) / 60)

    def taken(self, slots: int, now: datetime) -> "Pace":
        """So many slots are taken; fewer than none: they are given back."""
        begin = max(self.free_at, now - timedelta(seconds=SAVED_S))
        return replace(self, free_at=begin + timedelta(seconds=slots * 60 / self.per_minute(now)))

    def refused(self, now: datetime, after_s: float) -> "Pace":
        """The account answered that it was too much, and when to come back.

        Of several that were under way when it said so, only the first makes the pace fall.
        """
        until = now + timedelta(seconds=after_s)
        if self.hold_until is not None and self.hold_until > now:
            return replace(self, hold_until=max(self.hold_until, until))
        lower = max(SLOWEST, self.per_minute(now) * LOWERED_BY)
        # Nothing goes out until then, so it begins to come back only then.
        return replace(self, lowered_to=lower, lowered_at=until, hold_until=until)

    def resting(self, until: datetime) -> "Pace":
        """Nothing goes out until then."""
        return replace(self, hold_until=max(self.hold_until or until, until))

    def awake(self) -> "Pace":
        """Whatever rest was asked for is over."""
        return replace(self, hold_until=None)

    def with_ceiling(self, ceiling: float) -> "Pace":
        return replace(self, ceiling=max(SLOWEST, ceiling))


@dataclass(frozen=True, slots=True)
class Paced:
    """What of a shelf goes at the pace of which account.

    `theirs`: the condition for every row that speaks to the account: none does while it asked for a rest.
    `rows`: those of them that take a slot. `ceiling`: slots a minute until the account has said
    something else.
    """

    system: str
    theirs: ColumnElement[bool]
    rows: ColumnElement[bool]
    ceiling: float

    def open(self, workspace_id: ColumnElement[int], now: datetime) -> ColumnElement[bool]:
        """The condition that a row of that workspace may be claimed now, as far as it is for the pace."""
        rests = self._is(workspace_id, paces.c.hold_until > now)
        full = self._is(workspace_id, paces.c.free_at > now)
        return or_(~self.theirs, ~rests) & or_(~self.rows, ~full)

    def _is(self, workspace_id: ColumnElement[int], so: ColumnElement[bool]) -> ColumnElement[bool]:
        here = (paces.c.workspace_id == workspace_id, paces.c.system == self.system)
        return select(paces.c.system).where(*here, so).correlate_except(paces).exists()

    def take(self, conn: Connection, workspace_id: int, *, now: datetime, most: int) -> int:
        """Takes up to `most` slots of those that are free now; how many that were."""
        taken = 0

        def as_many_as_are_free(pace: Pace) -> Pace:
            nonlocal taken
            taken = min(most, pace.room(now))
            return pace.taken(taken, now) if taken else pace

        self.change(conn, workspace_id, as_many_as_are_free, now=now)
        return taken

    def change(
        self, conn: Connection, workspace_id: int, how: Callable[[Pace], Pace], *, now: datetime
    ) -> None:
        """Changes a workspace's pace, which is the caller's alone until the transaction ends."""
        key = {"workspace_id": workspace_id, "system": self.system}
        insert_or_ignore(conn, paces, key | asdict(self._fresh(now)))
        before = _read(conn, workspace_id, self.system, lock=True)
        assert before is not None
        if (after := how(before)) != before:
            update_rows(conn, paces, asdict(after), **key)

    def read(self, conn: Connection, workspace_id: int, *, now: datetime) -> Pace:
        """The pace of a workspace, as it would be for one that never sent anything too."""
        return _read(conn, workspace_id, self.system) or self._fresh(now)

    def _fresh(self, now: datetime) -> Pace:
        return Pace(self.ceiling, now - timedelta(seconds=SAVED_S))


def _read(conn: Connection, workspace_id: int, system: str, *, lock: bool = False) -> Pace | None:
    query = select(
        paces.c.ceiling, paces.c.free_at, paces.c.lowered_to, paces.c.lowered_at, paces.c.hold_until
    ).where(paces.c.workspace_id == workspace_id, paces.c.system == system)
    found: Any = conn.execute(query.with_for_update() if lock else query).first()
    return Pace(*found) if found else None
