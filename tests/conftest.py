"""What every test may ask for: a database of its own, and a fixed moment."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store import migrate, workspaces
from store.database import open_database, transaction


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


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated database."""
    file = tmp_path / "kithspark.db"
    shutil.copyfile(migrated_file, file)
    return f"sqlite:///{file}"


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
