"""A fair queue in front of a database that has one writer.

SQLite lets waiting writers in by chance: some wait for seconds while others pass several times. Here
the threads of one process go in the order in which they came.
"""

import threading
from collections import deque
from types import TracebackType

from store.errors import TryLater


class Busy(TryLater):
    """Nobody let us write for `wait_s`. Nothing was written; the same call may succeed later."""


class Gate:
    """Lets one thread at a time through, first come, first served. Use it with `with`."""

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._queue: deque[tuple[int, threading.Event]] = deque()

    def __enter__(self) -> None:
        """Raises Busy after `wait_s`, and RuntimeError for a thread that is inside already."""
        me, turn = threading.get_ident(), threading.Event()
        with self._lock:
            if self._holder == me:
                raise RuntimeError("This thread is writing already: pass its connection on instead.")
            if self._holder is None:
                self._holder = me
                return
            self._queue.append((me, turn))
        self._wait(me, turn)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._pass_on()

    def _wait(self, me: int, turn: threading.Event) -> None:
        arrived = False
        try:
            arrived = turn.wait(self._wait_s)
        finally:
            if not arrived:
                self._leave(me, turn)
        if not arrived:
            raise Busy(
                f"The database let nobody write for {self._wait_s:g} s. Try again; if it stays so, "
                "look for a process that holds the database file open."
            )

    def _leave(self, me: int, turn: threading.Event) -> None:
        """Out of the queue; a turn that came in the very last moment goes to the next."""
        with self._lock:
            if turn.is_set():
                self._pass_on()
            else:
                self._queue.remove((me, turn))

    def _pass_on(self) -> None:
        if not self._queue:
            self._holder = None
            return
        self._holder, turn = self._queue.popleft()
        turn.set()
