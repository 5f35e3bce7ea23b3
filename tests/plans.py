"""How SQLite would run a statement, and what is wrong with that where the tables are large.

SQLite plans by what `store/statistics.py` told it of the tables and not by how many rows there are: so an
empty database, migrated, says how a workspace with a million requests is read.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from store import statistics

FEW = frozenset({
    "alembic_version", "connect_installations", "connections", "embedding_rounds", "forge_installations",
    "forum_links", "forum_mails", "imports", "installation", "likeness_heard",
    "operator_links", "paces", "past_days", "restores", "sqlite_sequence", "tallies",
    "wordings", "workspaces",
})  # fmt: skip
"""Tables that stay small, however much is asked for: few to begin with, or emptied after a day."""

BROAD = statistics.BROAD | {"workspace_id", "happened", "own"}
"""Columns that many rows share: who looks for nothing else reads a large part of the table."""

ADVICE = (
    "Look for something that few rows share, and name the workspace beside it; or give the table an index "
    "that begins with the workspace and then has the columns looked for (in its Table, and a migration). "
    "Where it has to be so, name it in tests/large_reads.py with the reason."
)

_STEP = re.compile(r"(?P<how>SCAN|SEARCH) (?P<name>\w+)(?: USING (?P<by>.*))?")


def troubles(db: sqlite3.Connection, statement: str, values: Sequence[Any] = ()) -> list[tuple[str, str]]:
    """The tables that this statement reads more of than it should, each with the step of the plan.

    Nothing is run. Raises sqlite3.Error for a statement that is none.
    """
    if statement.startswith("INSERT") and "SELECT" not in statement:
        return []  # SQLite also plans what it would do to rows that wait for this one: there are none
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    in_order = "LIMIT" in statement and not any("TEMP B-TREE FOR ORDER BY" in step for step in plan)
    return [found for step in plan for found in _trouble(db, statement, step, in_order=in_order)]


def _trouble(
    db: sqlite3.Connection, statement: str, step: str, *, in_order: bool
) -> Iterator[tuple[str, str]]:
    if not (found := _STEP.match(step)):
        return
    table = _table(statement, found["name"])
    if table in FEW or not _exists(db, table):  # else it is what another step of the same plan gave
        return
    by = found["by"] or ""
    if _waits(by):
        return
    all_of_it = found["how"] == "SCAN" or by.startswith("AUTOMATIC") or "ANY(" in by
    much = not in_order and _looked_for(by) <= BROAD | _missing(statement)
    if all_of_it or much:
        yield table, step


def _table(statement: str, name: str) -> str:
    """What is called so in this statement."""
    alias = re.search(rf"(\w+) AS {name}\b", statement)
    return alias[1] if alias else name


def _exists(db: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    return db.execute(query, (table,)).fetchone() is not None


def _looked_for(by: str) -> set[str]:
    """The columns by which the rows are found: `INDEX edges_by_src (workspace_id=? AND src=?)` names two."""
    return set(re.findall(r"(\w+)[=<>]", by))


def _missing(statement: str) -> set[str]:
    """Columns that are to be empty: most rows may share that."""
    return set(re.findall(r"\.(\w+) IS NULL", statement))


def _waits(by: str) -> bool:
    """Whether only rows are read with which something is still to be done: the index holds no others."""
    indexes = r"ix_\w+_(due_at|parked_at|lease_until)|notices_not_over|remarks_open"
    return re.match(rf"(COVERING )?INDEX ({indexes})\b", by) is not None
