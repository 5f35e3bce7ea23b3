"""The worker that fills in places of past days: what changes or dies meanwhile, and how places go."""

import threading
from datetime import datetime
from typing import Any

import pytest

from lineage import demand_days, past_places, placing, restored
from lineage.demand_days import day_of
from store import workspaces
from store.attempt import Outcome
from store.database import transaction
from store.waiting import Superseded
from tests.lineage.past_town import DAY, Town, forget, same
from tests.lineage.past_town import town as town  # noqa: PLC0414 - the fixture of this module


def test_a_record_that_is_changed_while_places_are_filled_in_is_read_once_more(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday, read = day_of(town.now) - DAY, demand_days.items_on

    def read_and_changed(*args: Any, **more: Any) -> list[str]:
        found = read(*args, **more)
        town.next_day(-1)
        with town.told() as story:
            story.ask("Di", "KS-9")
        town.next_day(1)
        return found

    town.want(yesterday)
    claimed = town.claim()
    assert claimed is not None
    with monkeypatch.context() as patched:
        patched.setattr(demand_days, "items_on", read_and_changed)
        assert town.place(claimed) is Outcome.LATER
    assert town.kept(yesterday) == past_places.Kept(None, wanted=False)
    same(town, yesterday)
    assert town.claim() is None
    town.story.later(minutes=2)
    assert town.work() == 1
    assert town.kept(yesterday).number
    same(town, yesterday)


def test_what_a_change_has_not_committed_yet_is_waited_for(town: Town, dbms: str) -> None:
    """It has looked for rankings before this one was asked for, so it could not say that it changes it."""
    if dbms == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    yesterday = day_of(town.now) - DAY
    with town.told() as story:
        story.now -= DAY
        story.ask("Di", "KS-9")
        story.now += DAY
        town.want(yesterday)
        claimed = town.claim()
        assert claimed is not None
        worker = threading.Thread(target=town.place, args=(claimed,))
        worker.start()
        worker.join(1)
        waited = worker.is_alive()
    worker.join(30)
    assert waited
    assert town.kept(yesterday).number
    same(town, yesterday)


def test_it_ends_after_whoever_changes_the_record(
    town: Town, dbms: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both write rows of other rankings, too: each might wait for what the other has."""
    if dbms == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    fill, filled, goes_on = placing._Filling.fill, threading.Event(), threading.Event()

    def fill_and_wait(it: placing._Filling) -> None:
        fill(it)
        filled.set()
        goes_on.wait(30)

    monkeypatch.setattr(placing._Filling, "fill", fill_and_wait)
    yesterday = day_of(town.now) - DAY
    town.want(yesterday)
    worker = threading.Thread(target=town.work)
    worker.start()
    assert filled.wait(30)
    with town.told() as story:
        workspaces.hold(story.conn, story.workspace.id)
        goes_on.set()
        worker.join(1)
        waited = worker.is_alive()
    worker.join(30)
    assert waited
    assert town.kept(yesterday).number


def test_one_that_was_dismissed_is_made_for_whoever_asks_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> list[str]:
        raise ValueError("a record that cannot be read")

    yesterday = day_of(town.now) - DAY
    town.want(yesterday)
    claimed = town.claim()
    assert claimed is not None
    with monkeypatch.context() as patched:
        patched.setattr(demand_days, "items_on", fails)
        with pytest.raises(ValueError, match="cannot be read"):
            town.place(claimed)
    with transaction(town.database) as conn:
        assert past_places.SHELF.park(conn, claimed, now=town.now, reason="a bug")
    town.want(yesterday)
    assert town.kept(yesterday) == past_places.Kept(None, wanted=False)
    assert town.work() == 0
    with transaction(town.database) as conn:
        assert past_places.SHELF.dismiss(conn, claimed.id, workspace_id=town.workspace.id)
    assert town.kept(yesterday).wanted
    town.want(yesterday)
    assert town.work() == 1
    same(town, yesterday)


def test_who_lost_the_row_writes_nothing_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "AT_ONCE", 4)
    yesterday = day_of(town.now) - DAY
    town.want(yesterday)
    slow = town.claim()
    town.story.later(minutes=5)
    assert slow is not None
    assert town.work() == 1
    before = town.rows()
    with pytest.raises(Superseded):
        town.place(slow)
    assert town.rows() == before == (1, 14)
    assert town.kept(yesterday).number
    same(town, yesterday)


def test_who_loses_the_row_while_it_reads_writes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday, read = day_of(town.now) - DAY, demand_days.items_on

    def read_slowly(*args: Any, **more: Any) -> list[str]:
        found = read(*args, **more)
        monkeypatch.setattr(demand_days, "items_on", read)
        town.story.later(minutes=5)
        assert town.work() == 1
        return found[::-1]

    town.want(yesterday)
    slow = town.claim()
    assert slow is not None
    monkeypatch.setattr(demand_days, "items_on", read_slowly)
    with pytest.raises(Superseded):
        town.place(slow)
    assert town.rows() == (1, 14)
    same(town, yesterday)


def test_places_that_are_going_are_not_used(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_self: object) -> None:
        raise KeyboardInterrupt

    day = day_of(town.now) - DAY
    town.want(day)
    town.work()
    town.next_day(14)
    with monkeypatch.context() as patched:
        patched.setattr("lineage.placing._Filling.remove", dies)
        with pytest.raises(KeyboardInterrupt):
            town.work()
    assert town.kept(day).number is None
    same(town, day)
    town.story.later(minutes=5)
    assert town.work() == 1
    assert town.rows() == (0, 0)


def test_a_workspace_that_is_restored_begins_without(town: Town) -> None:
    town.want(day_of(town.now) - DAY)
    town.work()
    with town.told() as story:
        restored.begin(story.conn, story.workspace, backup_at=story.now, now=story.now)
    assert town.rows() == (0, 0)


def test_a_worker_that_died_half_way_leaves_nothing_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "AT_ONCE", 4)
    yesterday = day_of(town.now) - DAY
    town.want(yesterday)
    dying = town.claim()
    assert dying is not None

    def dies(_self: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("lineage.placing._Filling.end", dies)
        with pytest.raises(KeyboardInterrupt):
            town.place(dying)
    assert town.rows() == (1, 14)
    assert town.kept(yesterday) == past_places.Kept(None, wanted=False)
    same(town, yesterday)
    town.story.later(minutes=5)
    assert town.work() == 1
    assert town.rows() == (1, 14)
    same(town, yesterday)


def test_after_a_fortnight_they_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "AT_ONCE", 4)
    day = day_of(town.now) - DAY
    town.want(day)
    town.work()
    town.next_day(13)
    town.want(day)
    assert town.work() == 0
    assert town.kept(day).number
    town.next_day(1)
    assert town.work() == 1
    assert town.rows() == (0, 0)
    assert town.kept(day) == past_places.Kept(None, wanted=True)


def test_of_too_many_the_oldest_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MOST", 2)
    days = [day_of(town.now) - number * DAY for number in (1, 2, 3)]
    for day in days:
        town.want(day)
        town.work()
        town.story.later()
    assert [bool(town.kept(day).number) for day in days] == [False, True, True]
    assert town.rows() == (2, 14 + 14)


def test_another_workspace_is_left_alone(town: Town, now: datetime) -> None:
    with transaction(town.database) as conn:
        other = Town(town.database, workspaces.add(conn, slug="other", name="Other", now=now), now)
    other.next_day(3)
    for one in (town, other):
        one.want(day_of(town.now) - DAY)
        one.work()
    town.next_day(-1)
    with town.told() as story:
        story.ask("Di", "KS-9")
    town.next_day(1)
    assert not town.kept(day_of(town.now) - DAY).number
    assert other.kept(day_of(town.now) - DAY).number
    with transaction(town.database) as conn:
        forget(conn, town.workspace.id)
    assert town.rows() == (1, 0)
