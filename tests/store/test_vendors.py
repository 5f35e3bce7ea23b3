from datetime import datetime, timedelta

from sqlalchemy import Engine

from store import inbox, looks
from store.database import reading, transaction
from store.vendors import Behind, behind
from store.workspaces import Workspace


def test_how_far_behind_a_vendor_we_are_is_its_oldest_word_that_was_not_taken_in(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        assert behind(conn, workspace.id, now=now) == {}
        inbox.keep(conn, workspace_id=workspace.id, system="jira", delivery_id="1", headers={}, body=b"{}",
                   now=now - timedelta(seconds=40))  # fmt: skip
        for system, seconds in (("jira", 90), ("zendesk", 10)):
            looks.ask(conn, workspace_id=workspace.id, system=system, kind="x", object_id="1", now=now,
                      at=now - timedelta(seconds=seconds))  # fmt: skip
    with reading(database) as conn:
        found = behind(conn, workspace.id, now=now)
    assert found == {"jira": Behind(90, 0), "zendesk": Behind(10, 0)}


def test_what_was_given_up_is_counted_and_makes_no_lag(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        for number in range(2):
            looks.ask(conn, workspace_id=workspace.id, system="jira", kind="issue", object_id=str(number),
                      now=now, at=now)  # fmt: skip
        for claimed in looks.SHELF.claim(conn, now=now, lease_s=20, limit=5):
            looks.SHELF.park(conn, claimed, reason="hidden from us", now=now)
        assert behind(conn, workspace.id, now=now + timedelta(days=1)) == {"jira": Behind(0, 2)}
