"""What every test may ask for: a database of its own, and a fixed moment."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from store import migrate, workspaces
from store.database import open_database, transaction
from tests.crashes import table
from tests.databases import fresh
from tests.large_reads import Watch
from tests.postgres.server import Server, started

pytest_terminal_summary = table.pytest_terminal_summary  # what was killed, at the end of the run


@pytest.fixture(scope="session")
def dbms() -> str:
    """On what a test runs: "sqlite", or "postgres" too where a folder's conftest.py says so.

    `DBMS=postgres make test ARGS=tests/plugin` has all the others run there, too.
    """
    return os.environ.get("DBMS", "sqlite")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and no rows, to be copied."""
    file = tmp_path_factory.mktemp("template") / "kithspark.db"
    engine = open_database(f"sqlite:///{file}")
    migrate.upgrade(engine)
    with engine.connect() as conn:
        conn.exec_driver_sql("ROLLBACK")
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A Postgres for the tests of this process. Skipped, and said so, where there is none."""
    with started() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_name(postgres: Server) -> Iterator[str]:
    """The name of a Postgres database with every table and no rows, to be copied."""
    with postgres.database() as name:
        engine = open_database(postgres.url(name))
        migrate.upgrade(engine)
        engine.dispose()
        yield name


@pytest.fixture
def database_url(dbms: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    with fresh(request, dbms, tmp_path) as url:
        yield url


@pytest.fixture
def empty_url(dbms: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing is yet."""
    if dbms == "postgres":
        postgres: Server = request.getfixturevalue("postgres")
        with postgres.database() as name:
            yield postgres.url(name)
    else:
        yield f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """A fresh, migrated database."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def now() -> datetime:
    """A moment, the same in every test."""
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def workspace(database: Engine, now: datetime) -> workspaces.Workspace:
    """The workspace `acme`, with the policy that every workspace begins with."""
    with transaction(database) as conn:
        return workspaces.add(conn, slug="acme", name="Acme", now=now)


@pytest.fixture(scope="session")
def watch() -> Iterator[Watch]:
    """Hears of every statement that is run."""
    made = Watch()
    event.listen(Engine, "before_cursor_execute", made.note)
    yield made
    event.remove(Engine, "before_cursor_execute", made.note)


@pytest.fixture(autouse=True)
def no_statement_reads_too_much(watch: Watch) -> Iterator[None]:
    """Fails the test that is the first to run such a statement, and says what to do."""
    yield
    found, watch.found[:] = "\n\n".join(watch.found), ()
    assert not found, found
