import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from store import workspaces
from store.database import transaction
from store.inbox import SHELF, inbox
from store.waiting import Claimed, Counts
from store.workspaces import Workspace


def fill(conn: Connection, workspace_id: int, number: int, now: datetime) -> None:
    row = {"workspace_id": workspace_id, "system": "jira", "headers": {}, "body": b"", "received_at": now}
    rows = [row | {"delivery_id": str(n), "due_at": now + timedelta(milliseconds=n)} for n in range(number)]
    conn.execute(insert(inbox), rows)


def take(conn: Connection, now: datetime, limit: int = 10) -> list[Claimed]:
    return SHELF.claim(conn, now=now + timedelta(seconds=1), lease_s=20, limit=limit)


def test_no_row_is_taken_twice_by_threads_that_claim_at_once(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 300, now)
    taken: list[int] = []

    def claim_all() -> None:
        while True:
            with transaction(database) as conn:
                rows = take(conn, now)
            if not rows:
                return
            taken.extend(row.id for row in rows)

    threads = [threading.Thread(target=claim_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == len(set(taken)) == 300


def test_the_oldest_row_comes_first_and_what_is_not_due_does_not_come(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 5, now)
        conn.execute(update(inbox).where(inbox.c.delivery_id == "0").values(due_at=now + timedelta(hours=1)))
        conn.execute(update(inbox).where(inbox.c.delivery_id == "4").values(due_at=now))
        found = [row.row["delivery_id"] for row in take(conn, now)]
    assert found == ["4", "1", "2", "3"]


def test_a_flood_in_one_workspace_leaves_the_others_their_turn(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 100, now - timedelta(hours=1))
        quiet = [workspaces.add(conn, slug=f"w{n}", name="", now=now).id for n in range(3)]
        for ident in quiet:
            fill(conn, ident, 3, now)
        first = Counter(row.workspace_id for row in take(conn, now, limit=8))
        second = Counter(row.workspace_id for row in take(conn, now, limit=8))
    assert first == Counter({workspace.id: 2, **dict.fromkeys(quiet, 2)})
    assert second == Counter({workspace.id: 5, **dict.fromkeys(quiet, 1)})


def test_workspaces_take_turns_even_when_one_row_is_claimed_at_a_time(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 10, now - timedelta(hours=1))
        other = workspaces.add(conn, slug="other", name="", now=now).id
        fill(conn, other, 2, now)
        order = [take(conn, now, limit=1)[0].workspace_id for _ in range(5)]
    assert Counter(order[:4]) == Counter({workspace.id: 2, other: 2})
    assert order[4] == workspace.id


def test_a_lease_that_ran_out_is_free_for_others_under_a_new_fence(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 1, now)
        [first] = take(conn, now)
        assert take(conn, now + timedelta(seconds=19)) == []
        [second] = take(conn, now + timedelta(seconds=20))
    assert (first.fence, first.attempts) == (1, 1)
    assert (second.fence, second.attempts) == (2, 2)


def test_a_lease_that_is_renewed_does_not_run_out(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 1, now)
        [claimed] = take(conn, now)
        assert SHELF.renew(conn, claimed, now=now + timedelta(seconds=15), lease_s=20)
        assert take(conn, now + timedelta(seconds=30)) == []


@pytest.mark.parametrize("mark", ["done", "later", "park", "release", "renew"])
def test_a_fence_that_moved_refuses_every_mark(
    database: Engine, workspace: Workspace, now: datetime, mark: str
) -> None:
    def try_to_mark(conn: Connection, claimed: Claimed) -> bool:
        return {
            "done": lambda: SHELF.done(conn, claimed),
            "later": lambda: SHELF.later(conn, claimed, at=now, reason="x"),
            "park": lambda: SHELF.park(conn, claimed, reason="x", now=now),
            "release": lambda: SHELF.release(conn, claimed),
            "renew": lambda: SHELF.renew(conn, claimed, now=now, lease_s=20),
        }[mark]()

    with transaction(database) as conn:
        fill(conn, workspace.id, 1, now)
        [slow] = take(conn, now)
        [quick] = take(conn, now + timedelta(seconds=30))
        before = conn.execute(select(inbox)).one()
        assert not try_to_mark(conn, slow)
        assert conn.execute(select(inbox)).one() == before
        assert try_to_mark(conn, quick)


def test_what_is_done_cannot_be_marked_again(database: Engine, workspace: Workspace, now: datetime) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 1, now)
        [claimed] = take(conn, now)
        assert SHELF.done(conn, claimed)
        assert not SHELF.later(conn, claimed, at=now, reason="x")
        assert not SHELF.park(conn, claimed, reason="x", now=now)
        assert take(conn, now + timedelta(days=1)) == []


def test_a_row_put_off_waits_for_its_time_and_a_wait_that_was_asked_for_uses_no_try(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    at = now + timedelta(seconds=30)
    with transaction(database) as conn:
        fill(conn, workspace.id, 1, now)
        [claimed] = take(conn, now)
        assert SHELF.later(conn, claimed, at=at, reason="Jira: 503")
        assert take(conn, now) == []
        [claimed] = take(conn, at)
        assert (claimed.attempts, claimed.row["reason"]) == (2, "Jira: 503")
        SHELF.later(conn, claimed, at=at, reason="Jira: 429", counts=False)
        [claimed] = take(conn, at)
    assert claimed.attempts == 2


def test_a_row_given_back_untried_is_free_at_once_and_has_used_no_try(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 1, now)
        [claimed] = take(conn, now)
        assert SHELF.release(conn, claimed)
        [again] = take(conn, now)
    assert (again.attempts, again.fence) == (1, 2)


def test_what_is_parked_is_listed_retried_or_dismissed_by_its_own_workspace_only(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 2, now)
        first, second = take(conn, now)
        SHELF.park(conn, first, reason="Zendesk: 404", now=now)
        SHELF.park(conn, second, reason="Zendesk: 403", now=now)
        listed = SHELF.parked(conn, workspace_id=workspace.id)
        assert [(row.id, row.reason) for row in listed] == [
            (second.id, "Zendesk: 403"),
            (first.id, "Zendesk: 404"),
        ]
        assert SHELF.parked(conn, workspace_id=workspace.id + 1) == []
        assert not SHELF.retry(conn, first.id, workspace_id=workspace.id + 1, now=now)
        assert not SHELF.dismiss(conn, first.id, workspace_id=workspace.id + 1)
        assert SHELF.retry(conn, first.id, workspace_id=workspace.id, now=now)
        assert SHELF.dismiss(conn, second.id, workspace_id=workspace.id)
        assert not SHELF.retry(conn, first.id, workspace_id=workspace.id, now=now)
        [again] = take(conn, now)
        assert (again.id, again.attempts) == (first.id, 1)
        assert SHELF.parked(conn, workspace_id=workspace.id) == []


def test_the_counts_say_how_the_shelf_stands(database: Engine, workspace: Workspace, now: datetime) -> None:
    with transaction(database) as conn:
        fill(conn, workspace.id, 10, now)
        rows = take(conn, now, limit=4)
        SHELF.done(conn, rows[0])
        SHELF.park(conn, rows[1], reason="x", now=now)
        SHELF.later(conn, rows[2], at=now + timedelta(hours=1), reason="x")
        then = now + timedelta(seconds=10)
        assert SHELF.counts(conn, now=then) == Counts(6, 1, 1, 1, oldest_s=9.996)
        assert SHELF.counts(conn, now=then, workspace_id=workspace.id + 1) == Counts(0, 0, 0, 0, 0.0)
