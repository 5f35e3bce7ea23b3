"""The database: how it is opened, the two ways to use it, and the column types that all tables share.

SQLite and Postgres behave alike from here: one writer at a time per row, readers never wait, times are
aware and in UTC. Every write goes through `transaction`, every page through `reading`.
Why SQLite is driven this way (measured): a transaction that begins by reading and writes later fails at
once when another has written meanwhile, whatever the time-out. So writers take the lock first.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import URL, BigInteger, Column, Connection, Engine, Integer, MetaData, Table, Text, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeDecorator

from store.gate import Gate

BUSY_S = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class CannotOpen(Exception):
    """The database cannot be used. The message says what to do."""


class CannotWriteThere(CannotOpen):
    """This user may not write the file of the database, or its folder."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_database(url: str) -> Engine:
    """The engine for `sqlite:///file` or `postgresql+psycopg://…`; opens no connection yet.

    Raises CannotOpen if the address is of another kind, and CannotWriteThere.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        address = parsed.set(drivername="postgresql+psycopg")
        # Who waited for a lock must see what the one before wrote, whatever this server's default is.
        engine = sa.create_engine(
            address, hide_parameters=True, pool_pre_ping=True, isolation_level="READ COMMITTED"
        )
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    raise CannotOpen(
        f"No way to use a database of the kind {parsed.drivername!r}: "
        "set KITHSPARK_DATABASE_URL to sqlite:///FILE or postgresql+psycopg://…"
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: committed at the end, undone if anything is raised.

    Keep it short, and never speak to another system inside it. Raises gate.Busy after 30 s of waiting.
    """
    with _gate(engine), engine.connect() as conn, conn.begin():
        yield conn


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and cannot write (the database refuses)."""
    with engine.connect() as conn:
        if conn.dialect.name == "sqlite":
            conn.execution_options(only_reading=True)
        else:
            conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin():
            yield conn


def insert_or_ignore(conn: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """True if the row was new; False, with nothing changed, if a unique key says that it exists."""
    return conn.execute(_insert_or_ignore(conn.dialect.name, table), dict(values)).first() is not None


def upsert(conn: Connection, table: Table, keys: Sequence[str], values: Mapping[str, Any]) -> None:
    """Inserts `values`, or overwrites with them the row that has the same `keys` (a unique key's columns)."""
    upsert_many(conn, table, keys, [values])


def upsert_many(
    conn: Connection,
    table: Table,
    keys: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    counting_up: str | None = None,
) -> None:
    """`upsert` of many rows that all name the same columns, in one go.

    `counting_up`: a number that goes up by one, instead, in a row that exists.
    """
    if rows:
        statement = _upsert(conn.dialect.name, table, tuple(keys), tuple(rows[0]), counting_up)
        conn.execute(statement, [dict(row) for row in rows])


def row_id() -> Column[int]:
    """A fresh `id` column: numbered by the database."""
    number = BigInteger().with_variant(Integer, "sqlite")
    return Column("id", number, primary_key=True, autoincrement=True)


def checkpoint(engine: Engine) -> None:
    """SQLite: moves what was committed from the log into the file, without making anybody wait."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            raw = conn.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


class Instant(TypeDecorator[datetime]):
    """A moment: an aware datetime in UTC, kept as whole microseconds since 1970. Naive ones are refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} names no time zone: use an aware datetime in UTC.")
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, _dialect: sa.Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """A JSON value as compact text with sorted keys, so that equal values are equal texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise CannotOpen("SQLite needs a file: several threads and processes share it. Use sqlite:///FILE.")
    _check_writable(Path(url.database))
    engine = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
        execution_options={"gate": Gate(BUSY_S)},
        hide_parameters=True,  # an error is logged; what customers wrote is not
        pool_size=8,
        max_overflow=56,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_writable(file: Path) -> None:
    folder = file.absolute().parent
    if not folder.is_dir():
        raise CannotOpen(f"The folder {folder} does not exist: create it, or set KITHSPARK_DATA_DIR.")
    for path in (folder, file):
        if path.exists() and not os.access(path, os.W_OK):
            raise CannotWriteThere(
                f"{path} cannot be written: give this user the right to, mount its disk for writing, "
                "or set KITHSPARK_DATA_DIR to a folder of its own."
            )


def _prepare_postgres(raw: Any, _record: object) -> None:
    """What we answered 202 for must survive, whatever the server was told about commits."""
    if raw.execute("SHOW synchronous_commit").fetchone() == ("off",):
        raw.execute("SET synchronous_commit = on")
    raw.commit()


def _prepare_sqlite(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # what we answered 202 for must survive a power cut
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_S * 1000}",
        "wal_autocheckpoint = 32000",  # pages; whoever serves or works does it long before, on the side
        "journal_size_limit = 67108864",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    only_reading = conn.get_execution_options().get("only_reading", False)
    if conn.info.get("only_reading", False) != only_reading:
        conn.exec_driver_sql(f"PRAGMA query_only = {'ON' if only_reading else 'OFF'}")
        conn.info["only_reading"] = only_reading
    conn.exec_driver_sql("BEGIN" if only_reading else "BEGIN IMMEDIATE")


def _gate(engine: Engine) -> Gate | nullcontext[None]:
    gate: Gate | None = engine.get_execution_options().get("gate")
    return gate or nullcontext()


# Making a statement costs more than running it: these are made once.


@cache
def _insert_or_ignore(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing().returning(sa.literal(1))


@cache
def _upsert(
    dialect: str, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], counting_up: str | None
) -> Any:
    statement = _insert(dialect, table)
    rest: dict[str, Any] = {name: statement.excluded[name] for name in columns if name not in keys}
    if counting_up:
        rest[counting_up] = table.c[counting_up] + 1
    if not rest:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    return statement.on_conflict_do_update(index_elements=list(keys), set_=rest)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
