import threading
from datetime import datetime

from sqlalchemy import Engine, select

from store import inbox, workspaces
from store.database import reading, transaction
from store.workspaces import Workspace


def keep(
    engine: Engine, workspace_id: int, now: datetime, *, system: str = "jira", body: bytes = b"{}"
) -> bool:
    with transaction(engine) as conn:
        return inbox.keep(
            conn,
            workspace_id=workspace_id,
            system=system,
            delivery_id="d-1",
            headers={"content-type": "application/json"},
            body=body,
            now=now,
        )


def test_a_delivery_is_kept_as_it_came_and_is_due_at_once(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    body = b'\xff\x00 {"not": json'
    assert keep(database, workspace.id, now, body=body)
    with transaction(database) as conn:
        [claimed] = inbox.SHELF.claim(conn, now=now, lease_s=20, limit=10)
    assert claimed.row["body"] == body
    assert claimed.row["headers"] == {"content-type": "application/json"}
    assert claimed.row["received_at"] == now


def test_a_delivery_that_comes_twenty_times_at_once_is_one_row(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(keep(database, workspace.id, now))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [False] * 19 + [True]
    with reading(database) as conn:
        assert len(conn.scalars(select(inbox.inbox.c.id)).all()) == 1


def test_a_repetition_of_what_is_done_does_not_make_it_due_again(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    keep(database, workspace.id, now)
    with transaction(database) as conn:
        [claimed] = inbox.SHELF.claim(conn, now=now, lease_s=20, limit=10)
        assert inbox.SHELF.done(conn, claimed)
    assert not keep(database, workspace.id, now)
    with reading(database) as conn:
        assert inbox.SHELF.next_due(conn) is None


def test_the_same_number_from_another_system_or_to_another_workspace_is_another_delivery(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        other = workspaces.add(conn, slug="other", name="Other", now=now)
    assert keep(database, workspace.id, now)
    assert keep(database, workspace.id, now, system="zendesk")
    assert keep(database, other.id, now)
