"""Small writes of many threads in one transaction: on SQLite a commit costs far more than a row.

Whoever finds nobody writing writes for all who wait, and tells each of them once it is committed; then the
one who has waited longest does the same for those who came meanwhile. So one thread of the process writes
at a time, nobody waits for a timer, a lone write is not slowed down, and there is no thread to stop: a
server that ends answers its open calls first. Postgres commits many at once by itself: there each writes
alone.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from store.database import transaction
from store.errors import TryLater
from store.gate import Busy

MOST = 64
"""How many writes go into one commit: those of other kinds wait at the gate meanwhile."""

LONGEST_S = 120.0
"""More than a leader can take: the gate and SQLite give up after 30 s each."""

T = TypeVar("T")


class Undone(TryLater):
    """What was written together was not committed; maybe some of it was. It may be tried again."""


class _Write:
    """One write that waits. `turn` is set when it is done, or when its thread is to write for all."""

    def __init__(self, do: Callable[[Connection], Any]) -> None:
        self.do = do
        self.turn = threading.Event()
        self.over = False
        self.result: Any = None
        self.error: BaseException | None = None


class Together:
    """One for each kind of write in a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Write] = deque()
        self._led = False

    def write(self, engine: Engine, do: Callable[[Connection], T]) -> T:
        """What `do` gives, once it is committed. `do` runs one statement, in whatever thread.

        Raises what `do` raised, which then fails alone; Undone in all that were in a transaction which
        was not committed; Busy.
        """
        if engine.dialect.name != "sqlite":
            with transaction(engine) as conn:
                return do(conn)
        mine = _Write(do)
        if not self._lead(mine):
            self._wait(mine)
        if not mine.over:
            self._write_for_all(engine)
        if mine.error is not None:
            raise mine.error
        result: T = mine.result
        return result

    def _lead(self, mine: _Write) -> bool:
        """Into the queue. True: nobody is writing, so this thread does."""
        with self._lock:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
            return leads

    def _wait(self, mine: _Write) -> None:
        if mine.turn.wait(LONGEST_S):
            return
        with self._lock:
            if mine.turn.is_set():
                return
            if mine in self._waiting:
                self._waiting.remove(mine)
        raise Busy(f"The database let nobody write for {LONGEST_S:g} s. Try again.")

    def _write_for_all(self, engine: Engine) -> None:
        """This thread's own write is the first in the queue."""
        batch: list[_Write] = []
        failure: BaseException | None = None
        try:
            with transaction(engine) as conn:
                batch = self._collect()
                for write in batch:
                    _try(conn, write)
        except BaseException as trouble:  # noqa: BLE001 - each thread that it concerns hears of it
            failure = trouble
        # Where it did not even begin, it concerns those who wait by now.
        self._pass_on(batch or self._collect(), failure)

    def _collect(self) -> list[_Write]:
        """As many as wait by the time that the transaction begins."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]

    def _pass_on(self, batch: list[_Write], failure: BaseException | None) -> None:
        """Each hears what became of its write, and the next in the queue writes for the rest."""
        for write in batch:
            if failure is not None:
                write.error = Undone(f"The transaction was not committed ({type(failure).__name__}).")
                write.error.__cause__ = failure
            write.over = True
        with self._lock:  # nobody may give up waiting between being chosen and being told
            self._led = bool(self._waiting)
            for write in (*batch, *list(self._waiting)[:1]):
                write.turn.set()


def _try(conn: Connection, write: _Write) -> None:
    """A statement that fails changes nothing, unless SQLite gave the whole transaction up with it."""
    try:
        write.result = write.do(conn)
    except Exception as trouble:
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        if not raw.in_transaction:
            raise Undone("SQLite gave the transaction up.") from trouble
        write.error = trouble
