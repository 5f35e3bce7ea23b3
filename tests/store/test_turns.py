"""A vendor that never answers keeps nobody waiting but its own workspace."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from plugin.work import shelves
from store import inbox, workspaces
from store.attempt import Work
from store.database import reading, transaction, utc_now
from store.inbox import SHELF
from store.turns import Turns
from store.waiting import Claimed
from store.worker import Worker
from store.workspaces import Workspace
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import house as house  # noqa: PLC0414
from tests.store.test_worker import start, until


def row(number: int, workspace: int) -> Claimed:
    return Claimed("looks", number, workspace, 1, 1, {})


def test_a_lane_goes_to_the_workspace_that_has_fewest_and_none_has_all() -> None:
    turns = Turns(3)
    turns.put(row(number, 1) for number in range(1, 6))
    taken = [turns.take(), turns.take()]
    turns.put([row(9, 2), row(10, 2)])
    taken += [turns.take(), turns.take(), turns.take()]
    assert [one and one.id for one in taken] == [1, 2, 9, 10, 3]
    waits = threading.Thread(target=lambda: taken.append(turns.take()), daemon=True)
    waits.start()
    waits.join(0.2)
    assert waits.is_alive(), "it has as many as it may"
    turns.ended(row(9, 2))
    turns.ended(row(1, 1))
    waits.join(5)
    assert [one and one.id for one in taken[5:]] == [4]
    assert [one.id for one in turns.end()] == [5]
    assert turns.take() is None


def test_with_equally_many_they_take_turns() -> None:
    turns = Turns(1)
    turns.put([row(1, 1), row(2, 1), row(3, 2), row(4, 2)])
    taken = []
    for _ in range(4):
        one = turns.take()
        assert one is not None
        taken.append(one.id)
        turns.ended(one)
    assert taken == [1, 3, 2, 4]


@dataclass
class Town:
    """Acme, whose vendor is silent, and others whose vendor is not."""

    engine: Engine
    acme: int
    go_on: threading.Event = field(default_factory=threading.Event)
    silent: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)

    def keep(self, workspace_id: int, *names: str) -> None:
        with transaction(self.engine) as conn:
            for name in names:
                inbox.keep(
                    conn, workspace_id=workspace_id, system="jira", delivery_id=name, headers={}, body=b"",
                    now=utc_now(),
                )  # fmt: skip

    def handle(self, claimed: Claimed) -> None:
        if claimed.workspace_id == self.acme:
            self.silent.append(claimed.id)
            self.go_on.wait(30)
        with transaction(self.engine) as conn:
            SHELF.done(conn, claimed)
        self.done.append(claimed.workspace_id)


@pytest.fixture
def town(database: Engine, workspace: Workspace) -> Iterator[Town]:
    it = Town(database, workspace.id)
    yield it
    it.go_on.set()


def test_where_one_is_silent_the_others_are_served_however_much_waits_there(town: Town) -> None:
    with transaction(town.engine) as conn:
        others = [workspaces.add(conn, slug=one, name=one, now=utc_now()).id for one in ("bolt", "cask")]
    town.keep(town.acme, *map(str, range(40)))
    work = Work(SHELF, town.handle, batch=6, lanes=3, each=2)
    thread, stop = start(Worker(town.engine, {"inbox": work}, sweep_s=0.2))
    try:
        until(lambda: len(town.silent) == 2)
        for other in others:
            town.keep(other, "a", "b")
        until(lambda: len(town.done) == 4)
        assert sorted(town.done) == sorted([*others, *others])
        assert len(town.silent) == 2, "it has its two lanes and no more"
    finally:
        stop.set()
        town.go_on.set()
        thread.join(10)
    assert not thread.is_alive()


def test_where_no_lane_is_kept_for_others_their_rows_are_left_to_another_worker(town: Town) -> None:
    with transaction(town.engine) as conn:
        other = workspaces.add(conn, slug="bolt", name="Bolt", now=utc_now()).id
    town.keep(town.acme, "1", "2")
    work = Work(SHELF, town.handle, batch=2, lanes=1)
    thread, stop = start(Worker(town.engine, {"inbox": work}, sweep_s=0.1))
    try:
        until(lambda: len(town.silent) == 1)
        town.keep(other, "a")
        time.sleep(0.5)
        with reading(town.engine) as conn:
            assert SHELF.turns(conn, now=utc_now()) == [other]
    finally:
        stop.set()
        town.go_on.set()
        thread.join(10)


def test_wherever_others_are_spoken_to_one_lane_is_not_for_the_same_workspace(house: House) -> None:
    ours = {"inbox", "replans", "past_days", "likenesses"}
    every = shelves(house.state)
    assert {name for name, work in every.items() if (work.each or work.lanes) == work.lanes} == ours
