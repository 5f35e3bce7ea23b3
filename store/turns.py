"""Which of the rows that a worker holds gets a lane next: no workspace keeps the others waiting.

A vendor that never answers costs a time-out for each row of its workspace. So one workspace never has all the
lanes where other workspaces may need them, and a lane that is free goes to the one that has the fewest.
"""

import threading
from collections import Counter, deque
from collections.abc import Iterable

from store.waiting import Claimed


class Turns:
    """The claimed rows of one shelf that have not begun. `each`: lanes that one workspace may have."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._changed = threading.Condition()
        self._waiting: dict[int, deque[Claimed]] = {}
        self._lanes: Counter[int] = Counter()
        self._over = False

    def put(self, rows: Iterable[Claimed]) -> None:
        with self._changed:
            for row in rows:
                self._waiting.setdefault(row.workspace_id, deque()).append(row)
            self._changed.notify_all()

    def take(self) -> Claimed | None:
        """The next row, as soon as there is one that may begin. None: nothing begins any more.

        Whoever takes one says when it has ended.
        """
        with self._changed:
            while not self._over:
                ready = [one for one in self._waiting if self._lanes[one] < self._each]
                if ready:
                    return self._begin(min(ready, key=self._lanes.__getitem__))
                self._changed.wait()
        return None

    def ended(self, row: Claimed) -> None:
        with self._changed:
            self._lanes[row.workspace_id] -= 1
            self._changed.notify_all()

    def end(self) -> list[Claimed]:
        """From now on nothing begins. What had not begun."""
        with self._changed:
            self._over = True
            left = [row for rows in self._waiting.values() for row in rows]
            self._waiting.clear()
            self._changed.notify_all()
        return left

    def _begin(self, workspace_id: int) -> Claimed:
        rows = self._waiting.pop(workspace_id)
        row = rows.popleft()
        if rows:
            self._waiting[workspace_id] = rows  # behind the others
        self._lanes[workspace_id] += 1
        return row
