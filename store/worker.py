"""The worker: takes what is due from the shelves, has it done, and keeps its leases alive meanwhile.

One thread claims, one renews the leases, and each shelf has its own few lanes, so that a slow vendor
holds up nothing but its own shelf, and there (`turns.py`) nobody but its own workspace. Any number of
workers may run, in any number of processes.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from store import tally, writable
from store.attempt import Outcome, Work, attempt
from store.crash_points import reached
from store.database import checkpoint, reading, transaction, utc_now
from store.row_log import line_of
from store.turns import Turns
from store.waiting import Claimed

GRACE_S = 20.0
"""How long a worker that is told to stop goes on with the rows it has begun."""

SHORTEST_REST_S = 0.05

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Report:
    """How many tries ended how. A row that was tried three times counts three times."""

    done: int = 0
    later: int = 0
    parked: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows may be claimed, and of which workspaces none."""

    rows: int
    but: frozenset[int] = frozenset()


class Worker:
    """Does the work of some shelves. `shelves`: by name, what is done with each."""

    def __init__(
        self,
        engine: Engine,
        shelves: Mapping[str, Work],
        *,
        lease_s: float = 20,
        sweep_s: float = 5,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._engine = engine
        self._shelves = shelves
        self._lease_s = lease_s
        self._sweep_s = sweep_s
        self._clock = clock
        self._rng = random.Random()  # noqa: S311 - only spreads the retries out
        self._bell = threading.Event()
        self._lock = threading.Lock()
        self._held: dict[tuple[str, int], Claimed] = {}
        self._tally: Counter[Outcome] = Counter()
        self._turns: dict[str, Turns] = {}
        self._may_be_full = False

    def run_forever(self, stop: threading.Event) -> None:
        """Works until `stop` is set (and `wake` called, to be quick about it).

        Then it claims nothing more, gives back what it has not begun, and returns when what it has begun
        is finished, after 20 s at the latest: the lease of what hangs still then runs out by itself.
        """
        with self._running():
            while not stop.is_set():
                try:
                    busy = self._sweep() > 0
                    rest_s = 0.0 if busy else self._rest_s()
                except Exception as trouble:  # noqa: BLE001 - a database that restarts comes back
                    self._may_be_full = bool(reason := writable.trouble(trouble))
                    log.warning("sweep_failed", error=type(trouble).__name__, reason=reason)
                    rest_s = self._sweep_s
                self._rest(rest_s, stop)

    def wake(self) -> None:
        """Something was put on a shelf: look now, not at the next sweep."""
        self._bell.set()

    def burst(self, until_s: float = 120) -> Report:
        """Does all that is due, waits for what falls due within `until_s` seconds, and returns.

        Whatever gets done may bring new work, so the time begins anew with each row that is done; with
        one that is only put off, it does not. Rows that other workers hold are waited for as well.
        """
        self._tally.clear()
        done, since = 0, self._clock()
        with self._running():
            while True:
                if self._sweep():
                    continue
                idle = not self._held  # before the rest is read: what a row brings is there before it goes
                if self._tally[Outcome.DONE] > done:
                    done, since = self._tally[Outcome.DONE], self._clock()
                upcoming = self._upcoming()
                if idle and (upcoming is None or upcoming > since + timedelta(seconds=until_s)):
                    break
                self._rest(self._rest_s())
        return Report(**{outcome.value: count for outcome, count in self._tally.items()})

    def _sweep(self) -> int:
        """Claims what is due, as far as there is room. How many rows that were. Raises CannotWrite."""
        if self._may_be_full and (reason := writable.why_not(self._engine)):
            raise writable.CannotWrite(reason)
        self._may_be_full = False
        with reading(self._engine) as conn:
            now = self._clock()
            rooms = {name: self._room(name, work) for name, work in self._shelves.items()}
            ready = [
                name
                for name, of in rooms.items()
                if of.rows and self._shelves[name].shelf.turns(conn, now=now, but=of.but)
            ]
        return sum(self._take(name, self._shelves[name]) for name in ready)

    def _take(self, name: str, work: Work) -> int:
        room = self._room(name, work)
        with transaction(self._engine) as conn:
            now = self._clock()
            rows = work.shelf.claim(conn, now=now, lease_s=self._lease_s, limit=room.rows, but=room.but)
        if rows:
            reached(f"{name}.claimed")
        with self._lock:
            self._held.update({(name, row.id): row for row in rows})
        self._turns[name].put(rows)
        return len(rows)

    def _room(self, name: str, work: Work) -> Room:
        """None while half a batch is held, for few large claims cost less; but where a lane is kept for
        others, a workspace of which nothing is held does not wait for those of which there is much.
        """
        with self._lock:
            held = Counter(row.workspace_id for (shelf, _), row in self._held.items() if shelf == name)
        if held.total() <= work.batch // 2:
            return Room(work.batch - held.total())
        return Room(work.lanes, frozenset(held)) if work.each else Room(0)

    def _rest(self, rest_s: float, stop: threading.Event | None = None) -> None:
        """Until the bell rings, or `rest_s` have passed, or `stop` is set."""
        end = time.monotonic() + rest_s
        while (left := end - time.monotonic()) > 0 and not (stop and stop.is_set()):
            if self._bell.wait(min(left, 0.2)):
                break
        self._bell.clear()

    def _rest_s(self) -> float:
        """Until the next row falls due that there is room for, at most one sweep."""
        with reading(self._engine) as conn:
            rooms = ((work.shelf, self._room(name, work)) for name, work in self._shelves.items())
            roomy = [shelf for shelf, room in rooms if room.rows and not room.but]
            moments = [at for shelf in roomy if (at := shelf.next_due(conn)) is not None]
        waits = [(at - self._clock()).total_seconds() for at in moments]
        return min(self._sweep_s, max(SHORTEST_REST_S, min(waits, default=self._sweep_s)))

    def _upcoming(self) -> datetime | None:
        """When the next row can be claimed, be it free now or held by somebody."""
        with reading(self._engine) as conn:
            shelves = [work.shelf for work in self._shelves.values()]
            moments = [at for shelf in shelves for at in (shelf.next_due(conn), shelf.next_free(conn))]
        return min((at for at in moments if at is not None), default=None)

    @contextmanager
    def _running(self) -> Iterator[None]:
        """The lanes and the heartbeat, for as long as somebody claims."""
        ended = threading.Event()
        self._turns = {name: Turns(work.each or work.lanes) for name, work in self._shelves.items()}
        lanes = [
            threading.Thread(target=self._lane, args=(name, work), name=f"{name}-{number}", daemon=True)
            for name, work in self._shelves.items()
            for number in range(work.lanes)
        ]
        heart = threading.Thread(target=self._beat, args=(ended,), name="heartbeat", daemon=True)
        for thread in (*lanes, heart):
            thread.start()
        try:
            yield
        finally:
            self._wind_down(lanes)
            ended.set()
            heart.join()
            self._count_what_is_left()

    def _wind_down(self, lanes: list[threading.Thread]) -> None:
        for name, work in self._shelves.items():
            self._give_back(work, self._turns[name].end())
        end = time.monotonic() + GRACE_S
        for lane in lanes:
            lane.join(max(0.0, end - time.monotonic()))

    def _give_back(self, work: Work, rows: list[Claimed]) -> None:
        if not rows:
            return
        try:
            with transaction(self._engine) as conn:
                for row in rows:
                    work.shelf.release(conn, row)
            reached("rows.given_back")
        except Exception as trouble:  # noqa: BLE001 - their leases run out by themselves
            log.warning("rows_left_to_their_leases", rows=len(rows), error=type(trouble).__name__)
        for row in rows:
            self._let_go(row)

    def _lane(self, name: str, work: Work) -> None:
        turns = self._turns[name]
        while (claimed := turns.take()) is not None:
            try:
                with line_of(claimed) as line:
                    outcome = attempt(self._engine, work, claimed, clock=self._clock, rng=self._rng)
                    line.outcome = outcome.value
                reached(f"{name}.{'put_off' if outcome is Outcome.LATER else outcome}")
                with self._lock:
                    self._tally[outcome] += 1
            except Exception as trouble:  # noqa: BLE001 - not even the failure could be written
                self._may_be_full |= bool(reason := writable.trouble(trouble))
                how = {"error": type(trouble).__name__, "reason": reason}
                log.warning("row_left_to_its_lease", shelf=name, row=claimed.id, **how)
            turns.ended(claimed)
            self._let_go(claimed)

    def _let_go(self, claimed: Claimed) -> None:
        with self._lock:
            self._held.pop((claimed.shelf, claimed.id), None)
        self.wake()

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(self._lease_s / 4):
            try:
                self._renew()
                checkpoint(self._engine)
                tally.write(self._engine)
            except Exception as trouble:  # noqa: BLE001 - the next beat may succeed
                log.warning("heartbeat_failed", error=type(trouble).__name__)

    def _count_what_is_left(self) -> None:
        try:
            tally.write(self._engine)
        except Exception as trouble:  # noqa: BLE001 - the work is done; only its counts are lost
            log.warning("counts_lost", error=type(trouble).__name__)

    def _renew(self) -> None:
        with self._lock:
            held = dict(self._held)
        if not held:
            return
        with transaction(self._engine) as conn:
            now = self._clock()
            for (name, _), claimed in held.items():
                self._shelves[name].shelf.renew(conn, claimed, now=now, lease_s=self._lease_s)
        reached("lease.renewed")
