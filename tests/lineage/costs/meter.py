"""What something costs, in numbers that are the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event


@dataclass
class Cost:
    """`written`: rows, entries of indexes not counted. `steps`: how often SQLite went on to a next row.

    The depth of a tree is not in the steps: a lookup costs as many in a small table as in a large one.
    """

    made: list[str] = field(default_factory=list)
    written: int = 0
    steps: int = 0

    @property
    def statements(self) -> int:
        return len(self.made)


@contextmanager
def metered(conn: Connection) -> Iterator[Cost]:
    """What is done meanwhile on this connection of SQLite's."""
    cost = Cost()

    def note(*given: Any) -> None:
        if not given[2].startswith(("PRAGMA", "SAVEPOINT", "RELEASE")):
            cost.made.append(given[2])

    def step() -> None:
        cost.steps += 1

    raw: Any = conn.connection.driver_connection
    before = raw.total_changes
    event.listen(conn, "before_cursor_execute", note)
    raw.set_progress_handler(step, 1)
    try:
        yield cost
    finally:
        raw.set_progress_handler(None, 1)
        event.remove(conn, "before_cursor_execute", note)
        cost.written = raw.total_changes - before
