"""How fast rows go out to one account, however many processes there are."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, and_, insert

from store import workspaces
from store.database import reading, transaction
from store.inbox import inbox
from store.pace import Pace, Paced
from store.waiting import Shelf
from store.workspaces import Workspace

ZENDESKS = inbox.c.system == "zendesk"
PACED = Paced("zendesk", ZENDESKS, and_(ZENDESKS, inbox.c.lease_until.is_(None)), 60.0)


@pytest.fixture
def shelf() -> Shelf:
    """Deliveries, for once, of which those of one system go at a pace."""
    return Shelf("inbox", inbox, paced=PACED)


def fill(database: Engine, workspace: Workspace, number: int, now: datetime, system: str = "zendesk") -> None:
    row = {"workspace_id": workspace.id, "system": system, "headers": {}, "body": b"", "received_at": now}
    rows = [row | {"delivery_id": f"{system}{n}", "due_at": now} for n in range(number)]
    with transaction(database) as conn:
        conn.execute(insert(inbox), rows)


def take(database: Engine, shelf: Shelf, now: datetime, limit: int = 20) -> list[int]:
    """What one worker claims at this moment; done at once."""
    with transaction(database) as conn:
        rows = shelf.claim(conn, now=now, lease_s=20, limit=limit)
        for row in rows:
            shelf.done(conn, row)
    return [row.id for row in rows]


def test_no_more_rows_go_out_than_the_pace_allows_whoever_claims_them(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    fill(database, workspace, 300, now)
    processes = [Shelf("inbox", inbox, paced=PACED) for _ in range(3)]
    taken = 0
    for tick in range(1200):  # two minutes, three sweeps at each tenth of a second
        at = now + timedelta(seconds=tick / 10)
        taken += sum(len(take(database, shelf, at)) for shelf in processes[tick % 3 :])
    saved_up = 10
    assert taken == saved_up + 120


def test_what_was_saved_up_goes_out_at_once_and_no_more_than_ten_seconds_of_it(
    database: Engine, workspace: Workspace, now: datetime, shelf: Shelf
) -> None:
    fill(database, workspace, 100, now)
    assert len(take(database, shelf, now)) == 11
    assert len(take(database, shelf, now + timedelta(hours=1))) == 11
    assert not take(database, shelf, now + timedelta(hours=1))


def test_rows_of_another_kind_and_other_workspaces_do_not_wait_for_it(
    database: Engine, workspace: Workspace, now: datetime, shelf: Shelf
) -> None:
    with transaction(database) as conn:
        other = workspaces.add(conn, slug="other", name="Other", now=now)
    fill(database, workspace, 100, now)
    take(database, shelf, now)
    fill(database, workspace, 3, now, system="jira")
    fill(database, other, 1, now)
    assert len(take(database, shelf, now + timedelta(milliseconds=1))) == 4


def test_a_worker_that_nothing_may_leave_rests_until_the_next_slot(
    database: Engine, workspace: Workspace, now: datetime, shelf: Shelf
) -> None:
    fill(database, workspace, 15, now)
    take(database, shelf, now)
    with reading(database) as conn:
        assert shelf.next_due(conn) == now + timedelta(seconds=1)
        assert shelf.turns(conn, now=now) == []
    with transaction(database) as conn:
        rest = now + timedelta(seconds=40)
        PACED.change(conn, workspace.id, lambda pace: pace.resting(rest), now=now)
        assert shelf.next_due(conn) == rest


def test_what_a_worker_that_died_had_claimed_needs_no_second_slot(
    database: Engine, workspace: Workspace, now: datetime, shelf: Shelf
) -> None:
    fill(database, workspace, 30, now)
    with transaction(database) as conn:
        died = [row.id for row in shelf.claim(conn, now=now, lease_s=20, limit=20)]
    again = take(database, shelf, now + timedelta(seconds=21), limit=30)
    assert len(died) == 11
    assert set(died) < set(again)
    assert len(again) == 11 + 11, "and the slots of ten seconds for others"


def test_while_the_account_asked_for_rest_nothing_goes_to_it_and_the_worker_rests_as_long(
    database: Engine, workspace: Workspace, now: datetime, shelf: Shelf
) -> None:
    fill(database, workspace, 30, now)
    with transaction(database) as conn:
        died = shelf.claim(conn, now=now, lease_s=20, limit=20)
        until = now + timedelta(seconds=60)
        PACED.change(conn, workspace.id, lambda pace: pace.refused(now, 60), now=now)
        for row in died[:2]:
            shelf.release(conn, row)
        assert shelf.next_due(conn) == until
    assert not take(database, shelf, now + timedelta(seconds=59))
    assert len(take(database, shelf, until, limit=30)) >= len(died)


def test_a_slot_of_which_nothing_came_is_given_back(now: datetime) -> None:
    pace = Pace(60.0, now).taken(1, now)
    assert pace.room(now) == 0
    assert pace.taken(-1, now).room(now) == 1


def test_a_complaint_holds_everything_back_and_makes_the_pace_fall_for_a_minute(now: datetime) -> None:
    pace = Pace(60.0, now).refused(now, 30)
    assert pace.room(now + timedelta(seconds=29)) == 0
    back = now + timedelta(seconds=30)
    assert pace.room(back) > 0
    assert pace.per_minute(back) == 45
    assert pace.per_minute(back + timedelta(seconds=30)) == 52.5
    assert pace.per_minute(back + timedelta(seconds=60)) == 60


def test_several_complaints_at_once_count_as_one_and_the_longest_rest_is_kept(now: datetime) -> None:
    pace = Pace(60.0, now)
    for after_s in (10, 30, 20):
        pace = pace.refused(now + timedelta(seconds=1), after_s)
    assert pace.lowered_to == 45
    assert pace.hold_until == now + timedelta(seconds=31)


def test_complaints_one_after_the_other_make_it_fall_further_but_never_to_nothing(now: datetime) -> None:
    pace = Pace(60.0, now)
    for n in range(100):
        pace = pace.refused(now + timedelta(seconds=2 * n), 1)
    assert 1 <= pace.per_minute(now + timedelta(seconds=199)) < 30
    assert Pace(0.5, now).with_ceiling(0.0).per_minute(now) == 1
