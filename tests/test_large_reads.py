"""The watch on statements that read too much: what it sees, and that it sees when an index goes."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from lineage.terms import ItemId
from lineage.world import World
from store.database import reading, transaction
from store.workspaces import Workspace
from tests.large_reads import ALLOWED, ANY, Watch
from tests.our_files import ROOT
from tests.plans import troubles

GOOD = (
    "SELECT * FROM items WHERE workspace_id = 1 AND id = '7'",
    "SELECT * FROM edges WHERE workspace_id = 1 AND src IN ('7', '8')",
    "SELECT * FROM demands WHERE workspace_id = 1 AND ranked = 1 ORDER BY score_hundredths DESC LIMIT 50",
    "SELECT id FROM looks WHERE workspace_id = 1 AND due_at <= 9 ORDER BY due_at LIMIT 20",
    "SELECT min(lease_until) FROM notices WHERE lease_until IS NOT NULL",
    "SELECT * FROM workspaces",
)
BAD = (
    ("SELECT * FROM items", "items"),
    ("SELECT * FROM items WHERE workspace_id = 1 ORDER BY id", "items"),
    ("SELECT * FROM items WHERE workspace_id = 1 AND status = 'Open'", "items"),
    ("SELECT * FROM demands WHERE workspace_id = 1 AND ranked = 1 ORDER BY asks DESC LIMIT 50", "demands"),
    ("SELECT * FROM addresses WHERE workspace_id = 1 AND kind = 'email'", "addresses"),
    ("SELECT * FROM companies WHERE workspace_id = 1 AND companies.hubspot_id IS NULL", "companies"),
    ("SELECT * FROM told_asks AS kept WHERE kept.told_id = 1", "told_asks"),
    ("UPDATE requests SET subject = '' WHERE workspace_id = 1 AND subject = 'x'", "requests"),
)


@pytest.fixture
def db(migrated_file: Path) -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(f"file:{migrated_file}?mode=ro", uri=True) as opened:
        yield opened


@pytest.mark.parametrize("statement", GOOD)
def test_what_an_index_finds_is_well(db: sqlite3.Connection, statement: str) -> None:
    assert troubles(db, statement) == []


@pytest.mark.parametrize(("statement", "table"), BAD)
def test_what_reads_a_table_or_a_workspace_is_not(db: sqlite3.Connection, statement: str, table: str) -> None:
    assert [found for found, _ in troubles(db, statement)] == [table]


def test_without_its_index_a_statement_of_ours_is_named_with_its_line(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    assert _found_in_a_world(database, workspace) == []
    with transaction(database) as conn:
        conn.exec_driver_sql("DROP INDEX edges_by_src")
    (found,) = _found_in_a_world(database, workspace)
    assert found.startswith("lineage/world.py:")
    assert "reads too much of edges" in found
    assert "give the table an index" in found


def _found_in_a_world(database: Engine, workspace: Workspace) -> list[str]:
    fresh = Watch()
    event.listen(database, "before_cursor_execute", fresh.note)
    with reading(database) as conn:
        World(conn, workspace.id).load_links([ItemId("7")])
    event.remove(database, "before_cursor_execute", fresh.note)
    return fresh.found


def test_every_exception_names_a_file_and_a_table_that_there_are(db: sqlite3.Connection) -> None:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    gone = [
        f"{file}, {table}"
        for file, table in ALLOWED
        if not (ROOT / file).is_file() or table not in {*tables, ANY}
    ]
    assert not gone, f"Take out of ALLOWED in tests/large_reads.py: {gone}"
