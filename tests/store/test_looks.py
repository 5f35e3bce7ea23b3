from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from store import looks
from store.database import transaction
from store.looks import SHELF
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace


def ask(conn: Connection, workspace: Workspace, now: datetime, **more: object) -> None:
    looks.ask(
        conn,
        workspace_id=workspace.id,
        system="jira",
        kind="issue",
        object_id="10001",
        now=now,
        **more,  # type: ignore[arg-type]
    )


def take(conn: Connection, now: datetime) -> Claimed:
    [claimed] = SHELF.claim(conn, now=now, lease_s=20, limit=10)
    return claimed


def row(conn: Connection) -> dict[str, object]:
    return dict(conn.execute(select(looks.looks)).mappings().one())


def test_a_hundred_deliveries_about_one_issue_make_one_look(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        for _ in range(100):
            ask(conn, workspace, now)
        assert take(conn, now).row["asked"] == 100


def test_a_look_that_nobody_asked_for_again_is_finished(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now, at=now, hint={"deleted": True})
        claimed = take(conn, now)
        assert looks.finish(conn, claimed, claimed.row["asked"])
        kept = row(conn)
    assert (kept["due_at"], kept["lease_until"], kept["hint"], kept["event_at"]) == (None, None, {}, None)
    assert (kept["done_asked"], kept["serial"]) == (1, 1)


def test_a_look_asked_for_while_it_was_taken_stays_due(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now)
        claimed = take(conn, now)
        ask(conn, workspace, now + timedelta(seconds=1))
        assert SHELF.claim(conn, now=now, lease_s=20, limit=10) == []
        assert not looks.finish(conn, claimed, claimed.row["asked"])
        again = take(conn, now)
        assert again.row["serial"] == 1
        assert looks.finish(conn, again, again.row["asked"])
        assert SHELF.next_due(conn) is None


def test_a_worker_whose_look_was_taken_over_cannot_finish_it(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now)
        slow = take(conn, now)
        quick = take(conn, now + timedelta(seconds=21))
        with pytest.raises(Superseded):
            looks.finish(conn, slow, slow.row["asked"])
        assert looks.finish(conn, quick, quick.row["asked"])


def test_every_finished_look_has_a_serial_of_its_own(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    serials = []
    with transaction(database) as conn:
        for _ in range(3):
            ask(conn, workspace, now)
            claimed = take(conn, now)
            serials.append(claimed.row["serial"])
            looks.finish(conn, claimed, claimed.row["asked"])
    assert serials == [0, 1, 2]


def test_the_newest_event_counts_and_hints_are_joined(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now, at=now, hint={"deleted": True, "by": "a"})
        ask(conn, workspace, now, at=now - timedelta(hours=1), hint={"by": "b"})
        ask(conn, workspace, now)
        kept = row(conn)
    assert kept["event_at"] == now
    assert kept["hint"] == {"deleted": True, "by": "b"}


def test_asking_sooner_pulls_a_look_forward_and_asking_later_does_not_put_it_off(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now, due_in_s=60)
        assert SHELF.next_due(conn) == now + timedelta(seconds=60)
        ask(conn, workspace, now, due_in_s=5)
        assert SHELF.next_due(conn) == now + timedelta(seconds=5)
        ask(conn, workspace, now, due_in_s=600)
        assert SHELF.next_due(conn) == now + timedelta(seconds=5)


def test_a_vendor_who_asked_for_a_pause_is_not_disturbed_by_more_webhooks(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now)
        SHELF.later(conn, take(conn, now), at=now + timedelta(seconds=90), reason="Zendesk: 429")
        ask(conn, workspace, now)
        assert SHELF.next_due(conn) == now + timedelta(seconds=90)


def test_a_parked_look_is_due_again_when_something_happens(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        ask(conn, workspace, now)
        SHELF.park(conn, take(conn, now), reason="Jira: 401", now=now)
        ask(conn, workspace, now)
        again = take(conn, now)
        assert SHELF.parked(conn, workspace_id=workspace.id) == []
    assert (again.attempts, again.row["parked_at"], again.row["reason"]) == (1, None, "")
