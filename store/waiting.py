"""Rows that wait for work, in whatever table: due, leased to a worker, parked, or final.

    final    due_at NULL      parked_at NULL
    waiting  due_at set       lease_until NULL     (due once due_at has come)
    leased   due_at set       lease_until set      (free again once lease_until has come)
    parked   due_at NULL      parked_at set        (a person retries or dismisses it)

A lease is a promise that can be broken: a worker may be slow, or dead. So each claim raises the row's
`fence`, and whoever marks a row must still have the number it was given. Work that commits in the same
transaction as the mark is therefore committed once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    case,
    func,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.schema import SchemaItem

from store.database import EPOCH, Instant
from store.pace import Paced
from store.upcoming import first_due
from store.workspaces import workspaces


class Superseded(Exception):
    """Another worker holds this row now. Undo what was done for it; the other one does it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this worker holds for the time of its lease. `row`: all of its columns as claimed.

    `attempts` counts this one too.
    """

    shelf: str
    id: int
    workspace_id: int
    fence: int
    attempts: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parked:
    """A row that was given up. `reason` says why, in words for the operator."""

    shelf: str
    id: int
    workspace_id: int
    parked_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How a shelf stands. `oldest_s`: for how long the row that is due longest has been due, in seconds."""

    due: int
    leased: int
    waiting: int
    parked: int
    oldest_s: float


def waiting_columns() -> Sequence[SchemaItem]:
    """Fresh columns and indexes for a table whose rows wait: `Table(…, *waiting_columns())`.

    The table needs an `id` (`row_id()`) and a `workspace_id`. A row inserted without `due_at` is final.
    """
    return (
        Column("due_at", Instant),
        Column("lease_until", Instant),
        Column("fence", BigInteger, nullable=False, server_default=text("0")),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("parked_at", Instant),
        Column("reason", Text, nullable=False, server_default=""),
        _index("workspace_id", "due_at"),
        _index("workspace_id", "parked_at"),
        _index("lease_until"),
    )


class Shelf:
    """The waiting rows of one table. Every method works inside the caller's transaction.

    `paced`: which of them go out no faster than an account allows, whoever claims them.
    """

    def __init__(self, name: str, table: Table, *, paced: Paced | None = None) -> None:
        self.name = name
        self.table = table
        self.paced = paced
        self._served = 0  # the workspace that came last, so that the next one comes first

    def claim(
        self, conn: Connection, *, now: datetime, lease_s: float, limit: int, but: Collection[int] = ()
    ) -> list[Claimed]:
        """Up to `limit` rows that are due and free, now leased to the caller for `lease_s` seconds.

        Oldest first within a workspace, and the workspaces in turns, so that a flood in one does not
        hold up the others. `but`: workspaces of which none is claimed.
        """
        table = self.table
        picked = self._pick(conn, now, limit, but)
        if not picked:
            return []
        counted = {"fence": table.c.fence + 1, "attempts": table.c.attempts + 1}
        leased = {"lease_until": now + timedelta(seconds=lease_s), **counted}
        taken = update(table).where(table.c.id.in_(picked)).values(leased)
        rows = {row["id"]: dict(row) for row in conn.execute(taken.returning(*table.c)).mappings()}
        return [self._claimed(rows[ident]) for ident in picked]

    def held(self, claimed: Claimed) -> ColumnElement[bool]:
        """The condition under which the caller may still mark the row: for updates of its own."""
        table = self.table
        return and_(
            table.c.id == claimed.id, table.c.fence == claimed.fence, table.c.lease_until.is_not(None)
        )

    def renew(self, conn: Connection, claimed: Claimed, *, now: datetime, lease_s: float) -> bool:
        """Holds the row for `lease_s` seconds from now. False: it is not the caller's any more."""
        return self._mark(conn, claimed, lease_until=now + timedelta(seconds=lease_s))

    def done(self, conn: Connection, claimed: Claimed) -> bool:
        """Final. False: the row is not the caller's any more, who must undo its work (`Superseded`)."""
        return self._mark(conn, claimed, due_at=None, lease_until=None, reason="")

    def later(
        self, conn: Connection, claimed: Claimed, *, at: datetime, reason: str, counts: bool = True
    ) -> bool:
        """Due again at `at`. `counts=False`: this was no failed try, the count goes back by one."""
        attempts = claimed.attempts if counts else claimed.attempts - 1
        return self._mark(conn, claimed, due_at=at, lease_until=None, attempts=attempts, reason=reason)

    def park(self, conn: Connection, claimed: Claimed, *, reason: str, now: datetime) -> bool:
        """Given up, until a person retries or dismisses it."""
        return self._mark(conn, claimed, due_at=None, lease_until=None, parked_at=now, reason=reason)

    def release(self, conn: Connection, claimed: Claimed) -> bool:
        """Given back untried: anybody may claim it at once."""
        return self._mark(conn, claimed, lease_until=None, attempts=claimed.attempts - 1)

    def retry(self, conn: Connection, row_id: int, *, workspace_id: int, now: datetime) -> bool:
        """A parked row is due now, as if it were new. False: that workspace has no such parked row."""
        return self._unpark(conn, row_id, workspace_id, due_at=now, attempts=0)

    def dismiss(self, conn: Connection, row_id: int, *, workspace_id: int) -> bool:
        """A parked row is final; its reason stays. False: that workspace has no such parked row."""
        return self._unpark(conn, row_id, workspace_id)

    def parked(self, conn: Connection, *, workspace_id: int, limit: int = 100) -> list[Parked]:
        """What one workspace has parked, newest first."""
        table = self.table
        query = select(table.c.id, table.c.parked_at, table.c.reason).where(
            table.c.workspace_id == workspace_id, table.c.parked_at.is_not(None)
        )
        rows = conn.execute(query.order_by(table.c.parked_at.desc(), table.c.id.desc()).limit(limit))
        return [Parked(self.name, row.id, workspace_id, row.parked_at, row.reason) for row in rows]

    def turns(self, conn: Connection, *, now: datetime, but: Collection[int] = ()) -> list[int]:
        """The workspaces that have a row to claim now, the one served longest ago first; `but`: not these."""
        mine = self.table.c.workspace_id == workspaces.c.id
        claimable = select(self.table.c.id).where(mine, self._free(now), self._open(now))
        ready = (claimable.correlate(workspaces).exists(), workspaces.c.id.not_in(but) if but else true())
        idents = list(conn.scalars(select(workspaces.c.id).where(*ready).order_by(workspaces.c.id)))
        return [i for i in idents if i > self._served] + [i for i in idents if i <= self._served]

    def next_due(self, conn: Connection) -> datetime | None:
        """When the next row that nobody holds falls due (maybe past); None if there is none."""
        return first_due(conn, self.table, self.paced)

    def next_free(self, conn: Connection) -> datetime | None:
        """When the next lease runs out (maybe past); None if nothing is leased."""
        until = self.table.c.lease_until
        query = select(func.min(until)).where(until.is_not(None))
        earliest: datetime | None = conn.scalar(query)
        return earliest

    def counts(self, conn: Connection, *, now: datetime, workspace_id: int | None = None) -> Counts:
        """How many rows are in which state, of one workspace or of all."""
        table = self.table
        parked = self._all_with(table.c.parked_at, workspace_id, func.count())
        unfinished = self._all_with(
            table.c.due_at,
            workspace_id,
            func.sum(case((self._free(now), 1), else_=0)).label("due"),
            func.sum(case((table.c.lease_until > now, 1), else_=0)).label("leased"),
            func.count().label("all"),
            func.min(case((self._free(now), table.c.due_at)), type_=Instant).label("oldest"),
        )
        row = conn.execute(unfinished).one()
        due, held = int(row.due or 0), int(row.leased or 0)
        age = (now - row.oldest).total_seconds() if row.oldest else 0.0
        return Counts(due, held, row.all - due - held, conn.scalar(parked) or 0, age)

    def _all_with(self, time: Column[Any], workspace_id: int | None, *found: Any) -> Select[Any]:
        """What is found in the rows that have this time: workspace by workspace, for so its index goes."""
        table = self.table
        query = select(*found).select_from(workspaces.join(table, table.c.workspace_id == workspaces.c.id))
        query = query.where(time > EPOCH)
        return query if workspace_id is None else query.where(workspaces.c.id == workspace_id)

    def _pick(self, conn: Connection, now: datetime, limit: int, but: Collection[int]) -> list[int]:
        """Equal shares of `limit` for each workspace that has something; what one leaves, others take."""
        picked: list[int] = []
        waiting = self.turns(conn, now=now, but=but)
        while waiting and len(picked) < limit:
            share = -(-(limit - len(picked)) // len(waiting))
            hungry = []
            for workspace_id in waiting:
                wanted = min(share, limit - len(picked))
                found = self._oldest(conn, workspace_id, now, wanted, picked)
                picked += found
                self._served = workspace_id
                if wanted and len(found) == wanted:
                    hungry.append(workspace_id)
                if len(picked) == limit:
                    break
            waiting = hungry
        return picked

    def _oldest(
        self, conn: Connection, workspace_id: int, now: datetime, limit: int, picked: list[int]
    ) -> list[int]:
        """Those that go at a pace have slots, and go first: there are few of them at a time."""
        if self.paced is None:
            return self._locked(conn, workspace_id, now, limit, picked)
        found = self._locked(conn, workspace_id, now, limit, picked, self.paced.rows)
        if found:
            del found[self.paced.take(conn, workspace_id, now=now, most=len(found)) :]
        left, had = limit - len(found), [*picked, *found]
        return found + self._locked(conn, workspace_id, now, left, had, ~self.paced.rows)

    def _locked(
        self,
        conn: Connection,
        workspace_id: int,
        now: datetime,
        limit: int,
        picked: list[int],
        *which: ColumnElement[bool],
    ) -> list[int]:
        table = self.table
        ready = (self._free(now), self._open(now), *which)
        query = select(table.c.id).where(table.c.workspace_id == workspace_id, *ready)
        query = query.where(table.c.id.not_in(picked)).order_by(table.c.due_at, table.c.id).limit(limit)
        return list(conn.scalars(query.with_for_update(skip_locked=True)))

    def _open(self, now: datetime) -> ColumnElement[bool]:
        """What the pace of its account lets out at this moment, as far as it has one."""
        return self.paced.open(self.table.c.workspace_id, now) if self.paced else true()

    def _free(self, now: datetime) -> ColumnElement[bool]:
        table = self.table
        return and_(table.c.due_at <= now, or_(table.c.lease_until.is_(None), table.c.lease_until <= now))

    def _mark(self, conn: Connection, claimed: Claimed, **values: object) -> bool:
        return conn.execute(update(self.table).where(self.held(claimed)).values(**values)).rowcount == 1

    def _unpark(self, conn: Connection, row_id: int, workspace_id: int, **values: object) -> bool:
        table = self.table
        here = and_(
            table.c.id == row_id, table.c.workspace_id == workspace_id, table.c.parked_at.is_not(None)
        )
        return conn.execute(update(table).where(here).values(parked_at=None, **values)).rowcount == 1

    def _claimed(self, row: dict[str, Any]) -> Claimed:
        return Claimed(self.name, row["id"], row["workspace_id"], row["fence"], row["attempts"], row)


def _index(*columns: str) -> Index:
    """Over the rows that have the last of these only: final rows, soon the most, cost nothing."""
    there = text(f"{columns[-1]} IS NOT NULL")
    return Index(None, *columns, sqlite_where=there, postgresql_where=there)
