"""Watches every statement of ours that a test runs on SQLite, and names those that read too much of a table.

A workspace has a million requests, and what reads them all works well in every test but this. What is wrong
with a statement is said by `tests/plans.py`; what may be so is written here, each with its reason.
"""

import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tests.our_files import ROOMS, ROOT
from tests.plans import ADVICE, troubles

ANY = "*"
ALL_AGAIN = "everything that rests on a policy or a mapping is worked out again"
SYNC = "a reconciliation goes through all that we know, in the background"
REBUILD = "an operator's command that goes through everything"

ALLOWED: Mapping[tuple[str, str], str] = {
    ("connectors/known.py", "companies"): SYNC,
    ("connectors/known.py", "item_versions"): SYNC,
    ("connectors/known.py", "items"): SYNC,
    ("connectors/known.py", "placements"): SYNC,
    ("connectors/known.py", "requests"): SYNC,
    ("connectors/jira/backfill.py", "pushes"): "how far a backfill is: counted from an index alone",
    ("lineage/counting/pushing.py", "demands"): ALL_AGAIN,
    ("lineage/counting/pushing.py", "pushes"): ALL_AGAIN,
    ("lineage/counting/rebuild.py", "items"): REBUILD,
    ("lineage/deciding.py", "demands"): ALL_AGAIN,
    ("lineage/deciding.py", "items"): ALL_AGAIN,
    ("lineage/demand_days.py", "demand_days"): "the least of a column is the first entry of its index",
    ("lineage/demand_days.py", "demands"): ALL_AGAIN,
    ("lineage/demand_days.py", "items"): "a past day is ranked by one look for each item; few ask for it",
    ("lineage/questions/notices.py", "notices"): "the send plan is shown as a whole: to be cut by the page",
    ("lineage/questions/plan_pages.py", "notices"): "it is counted from an index alone; few look at the plan",
    ("lineage/remapping.py", "edges"): ALL_AGAIN,
    ("lineage/remapping.py", "items"): ALL_AGAIN,
    ("plugin/commands/reading_all.py", "looks"): REBUILD,
    ("plugin/forum/posts.py", "forum_posts"): "words are looked for in all posts, far fewer than requests",
    ("plugin/imports/run.py", "import_links"): "a new import begins with no link of the one before",
    ("lineage/restored.py", ANY): "what a restore begins and ends with concerns everything",
    ("plugin/exporting.py", ANY): REBUILD,
    ("store/backup.py", ANY): REBUILD,
    ("store/numbers.py", ANY): REBUILD,
    ("store/restore.py", ANY): REBUILD,
    ("store/workspaces.py", ANY): "a workspace is removed with all that it has",
    ("store/inbox.py", "inbox"): "whoever is forgotten may be named in any delivery",
}
"""By file and table."""

OURS = tuple(str(ROOT / room) for room in ROOMS if room != "sandbox")
NOT_AT_WORK = (str(ROOT / "store" / "migrations"), str(ROOT / "store" / "migrate.py"))
"""An upgrade reads what it changes."""


class Watch:
    """`found`: what is to be mended, each in words. `note` is to hear of every statement before it runs."""

    def __init__(self, allowed: Mapping[tuple[str, str], str] = ALLOWED) -> None:
        self.found: list[str] = []
        self._allowed = allowed
        self._seen: set[str] = set()

    def note(
        self, conn: Connection, _cursor: object, statement: str, values: Any, _: Any, many: bool
    ) -> None:
        if conn.dialect.name != "sqlite" or statement in self._seen or statement.startswith("PRAGMA"):
            return
        caller = _caller()
        raw = conn.connection.driver_connection
        if caller is None or not isinstance(raw, sqlite3.Connection) or not _knows_the_shape(raw):
            return
        self._seen.add(statement)
        self._judge(raw, caller, statement, values[0] if many else values)

    def _judge(
        self, raw: sqlite3.Connection, caller: tuple[str, int], statement: str, values: Sequence[Any]
    ) -> None:
        file, line = caller
        for table, step in troubles(raw, statement, values):
            if not {(file, table), (file, ANY)} & self._allowed.keys():
                self.found.append(f"{file}:{line} reads too much of {table}.\n{step}\n{statement}\n{ADVICE}")


def _caller() -> tuple[str, int] | None:
    """The line of ours that runs the statement; None where a test does it, or an upgrade."""
    frame = sys._getframe(2)
    while frame := frame.f_back:  # type: ignore[assignment]
        file = frame.f_code.co_filename
        if file.startswith(str(ROOT)) and ".venv" not in file:
            if not file.startswith(OURS) or file.startswith(NOT_AT_WORK):
                return None
            return str(Path(file).relative_to(ROOT)), frame.f_lineno
    return None


def _knows_the_shape(raw: sqlite3.Connection) -> bool:
    """Whether the database was told of its tables (`store/statistics.py`): else it plans in other ways."""
    return raw.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").fetchone() is not None
