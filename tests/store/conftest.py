"""What the store promises, it promises on both databases."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from lineage.demand_days import demand_days
from store import backup, inbox, looks, workspaces
from store.database import open_database, transaction
from tests.postgres.server import Server
from tests.store.backups import NOW, VAULT, connect, quiet

OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def dbms(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def filled(database: Engine) -> Engine:
    """A bit of everything that a value can be: bytes, days, sealed text, JSON, truths, nothing."""
    with transaction(database) as conn:
        acme = workspaces.add(conn, slug="acme", name="Acme äöü 日本", now=NOW)
        gone = workspaces.add(conn, slug="gone", name="Gone", now=NOW)
        workspaces.remove(conn, gone.id)
        connect(conn, acme.id)
        inbox.keep(conn, workspace_id=acme.id, system="jira", delivery_id="1", headers={"a": "b"},
                   body=b"\x00\xff{}", now=NOW)  # fmt: skip
        looks.ask(conn, workspace_id=acme.id, system="jira", kind="issue", object_id="1", now=NOW)
        row: dict[str, Any] = dict.fromkeys((column.name for column in demand_days.columns), 0)
        kept = {"workspace_id": acme.id, "day": date(2026, 3, 1), "item_id": "1", "ranked": True}
        row |= kept | {"currency": "USD", "oldest_at": None}
        conn.execute(insert(demand_days).values(row))
    return database


@pytest.fixture
def taken(filled: Engine, tmp_path: Path) -> Path:
    file = tmp_path / "a.backup"
    backup.take(filled, VAULT, file, now=NOW, tell=quiet)
    return file


@pytest.fixture(params=["alike", "other"])
def elsewhere(request: pytest.FixtureRequest, dbms: str, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the same kind, and of the other."""
    wanted = dbms if request.param == "alike" else OTHER[dbms]
    if wanted == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}")
        yield engine
        engine.dispose()
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as name:
        engine = open_database(server.url(name))
        yield engine
        engine.dispose()
