"""Answers that hold for a moment, in the memory of this process."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from threading import Lock

LASTS = timedelta(minutes=1)
MOST = 10_000


class Remembered:
    """What was answered, by what was asked; for `LASTS`, counted from before it was asked, and no longer."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most, self._lock = most, Lock()
        self._known: dict[Hashable, tuple[datetime, str]] = {}

    def get(self, asked: Hashable, now: datetime) -> str | None:
        """None for what nobody asked within the last minute."""
        with self._lock:
            at, answer = self._known.get(asked, (None, ""))
        return answer if at is not None and at <= now < at + LASTS else None

    def put(self, asked: Hashable, answer: str, at: datetime) -> None:
        with self._lock:
            if len(self._known) >= self._most:
                live = {key: one for key, one in self._known.items() if one[0] > at - LASTS}
                self._known = live if len(live) < self._most else {}
            self._known[asked] = (at, answer)
