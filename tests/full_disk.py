"""A disk without room under a database, and a database that lets nobody write; both end with their block.

A quota of the process on the length of files: it needs neither a file system of its own nor another user, and
bites root too.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, event


@contextmanager
def no_room(database: Engine) -> Iterator[None]:
    """The log of the database cannot grow any more: a write at its end fails in the middle of a commit."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = Path(f"{database.url.database}-wal")
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (log.stat().st_size + 1024 if log.exists() else 1024, before[1])
    )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(database: Engine) -> Iterator[None]:
    """As where the file belongs to somebody else, or its file system was mounted so."""

    def close(conn: Connection) -> None:
        conn.exec_driver_sql("PRAGMA query_only = ON")

    event.listen(database, "begin", close)
    try:
        yield
    finally:
        event.remove(database, "begin", close)
        database.dispose()
