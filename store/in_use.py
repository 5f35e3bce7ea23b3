"""Whether somebody else works on the database, as far as that can be known."""

import sqlite3
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from store.database import metadata, reading


class InUse(Exception):
    """Somebody works on it. The message says what to do."""


STOP_IT = "stop `kithspark serve` and `kithspark work` everywhere first, then try again"


def must_rest(engine: Engine, *, now: datetime) -> None:
    """Raises InUse while a worker holds a row, or another process is connected."""
    if _held(engine, now):
        raise InUse(f"A worker holds rows of this database: {STOP_IT}. (After a crash, wait half a minute.)")
    engine.dispose()  # our own connections are not somebody else's
    if _others(engine):
        raise InUse(f"Another process has this database open: {STOP_IT}.")


def _held(engine: Engine, now: datetime) -> bool:
    shelves = [table for table in metadata.tables.values() if "lease_until" in table.c]
    with reading(engine) as conn:
        there = set(sa.inspect(conn).get_table_names())
        return any(
            conn.scalar(sa.select(sa.exists().where(table.c.lease_until > now, table.c.due_at.is_not(None))))
            for table in shelves
            if table.name in there
        )


def _others(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        return _has_another_process(str(engine.url.database))
    mine = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with engine.connect() as conn:
        return bool(conn.scalar(mine))


def _has_another_process(file: str) -> bool:
    """SQLite leaves its write-ahead log only for the one process that has the file open."""
    raw = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        (mode,) = raw.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode == "wal":
            return True
        raw.execute("PRAGMA journal_mode = WAL").fetchone()
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        raw.close()
