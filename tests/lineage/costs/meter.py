"""What something costs, in numbers that are the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event


@dataclass
class Cost:
    """`written`: rows, entries of indexes not counted. `steps`: how often SQLite went on to a next row, or
    how many rows Postgres read.

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
    """What is done meanwhile on this connection."""
    cost = Cost()

    def note(*given: Any) -> None:
        if not given[2].startswith(("PRAGMA", "SAVEPOINT", "RELEASE")):
            cost.made.append(given[2])

    count = {"sqlite": _in_sqlite, "postgresql": _in_postgres}[conn.dialect.name]
    with count(conn, cost):
        event.listen(conn, "before_cursor_execute", note)
        try:
            yield cost
        finally:
            event.remove(conn, "before_cursor_execute", note)


@contextmanager
def _in_sqlite(conn: Connection, cost: Cost) -> Iterator[None]:
    def step() -> None:
        cost.steps += 1

    raw: Any = conn.connection.driver_connection
    before = raw.total_changes
    raw.set_progress_handler(step, 1)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 1)
        cost.written = raw.total_changes - before


@contextmanager
def _in_postgres(conn: Connection, cost: Cost) -> Iterator[None]:
    read, written = _rows(conn)
    yield
    after = _rows(conn)
    cost.steps, cost.written = after[0] - read, after[1] - written


def _rows(conn: Connection) -> tuple[int, int]:
    """How many rows this transaction has read so far, and how many written."""
    (counted,) = conn.exec_driver_sql(
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), sum(n_tup_ins + n_tup_upd + n_tup_del)"
        " FROM pg_stat_xact_user_tables"
    )
    return int(counted[0]), int(counted[1])
