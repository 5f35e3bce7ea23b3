"""Rows by the values of their columns."""

from datetime import datetime

from sqlalchemy import Engine

from store.database import transaction
from store.looks import looks
from store.rows import find_row, find_rows, insert_row, update_rows
from store.workspaces import Workspace


def test_only_the_rows_that_are_named_are_found_and_changed(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    row = {"workspace_id": workspace.id, "system": "jira", "kind": "issue", "asked": 1, "due_at": now}
    with transaction(database) as conn:
        first, second = (insert_row(conn, looks, row | {"object_id": name}) for name in ("1", "2"))
        update_rows(conn, looks, {"asked": 7, "object_id": "9"}, workspace_id=workspace.id, id=second)
        key = {"workspace_id": workspace.id, "system": "jira", "kind": "issue"}
        assert [found.id for found in find_rows(conn, looks, **key, object_id="1")] == [first]
        changed = find_row(conn, looks, id=second)
        assert changed is not None
        assert (changed.asked, changed.object_id) == (7, "9")
        kept = find_row(conn, looks, id=first)
        assert kept is not None
        assert kept.asked == 1
        assert find_row(conn, looks, **key, object_id="2") is None
