"""Kept places of past days say what the record says, whatever becomes of it; and they come and go."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, select, update

from lineage import demand_days, past_places, placing, restored
from lineage.demand_days import day_of
from lineage.measures import MEASURES, Measure
from lineage.past_places import SHELF
from lineage.questions.board import Board, Filters, board
from lineage.tables import items
from lineage.terms import State
from store import workspaces
from store.attempt import Outcome
from store.database import reading, transaction
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace
from tests.lineage.random_history import begin, play, steps
from tests.lineage.story import Story
from tests.lineage.test_random_histories import some

DAY = timedelta(days=1)
LEASE_S = 60.0
FILTERS = (Filters(), Filters(state=State.OPEN), Filters(project="P1", state=State.OPEN))
SLUGS = count(1)


class Town:
    """A story that commits, and the worker beside it."""

    def __init__(self, database: Engine, workspace: Workspace, now: datetime) -> None:
        self.database, self.workspace = database, workspace
        with database.connect() as conn:
            self.story = Story(conn, workspace, now)

    @contextmanager
    def told(self) -> Iterator[Story]:
        """What happens in one transaction."""
        with transaction(self.database) as conn:
            self.story.conn = conn
            yield self.story

    @property
    def now(self) -> datetime:
        return self.story.now

    def next_day(self, days: int = 1) -> None:
        self.story.now += days * DAY

    def want(self, day: date, measure: Measure = "score") -> None:
        with transaction(self.database) as conn:
            past_places.want(conn, self.workspace.id, day, measure, now=self.now)

    def claim(self) -> Claimed | None:
        with transaction(self.database) as conn:
            found = SHELF.claim(conn, now=self.now, lease_s=LEASE_S, limit=1)
        return found[0] if found else None

    def place(self, claimed: Claimed) -> Outcome | None:
        return placing.place(self.database, claimed, clock=lambda: self.now, lease_s=LEASE_S)

    def work(self) -> int:
        """Everything that is due."""
        done = 0
        while claimed := self.claim():
            self.place(claimed)
            done += 1
        return done

    def kept(self, day: date, measure: Measure = "score") -> past_places.Kept:
        with reading(self.database) as conn:
            return past_places.kept(conn, self.workspace.id, day, measure)

    def shown(self, day: date, measure: Measure, filters: Filters, top: int, *, kept: bool = True) -> Board:
        """A page; without what is kept, as if nobody had compared before."""
        with self.database.connect() as conn, conn.begin() as begun:
            if not kept:
                forget(conn, self.workspace.id)
            found = board(conn, self.workspace, sort=measure, filters=filters, top=top, then=day)
            begun.rollback()
        return replace(found, to_keep=False)

    def rows(self) -> tuple[int, int]:
        with reading(self.database) as conn:
            tables = (past_places.past_days, past_places.past_places)
            return tuple(conn.scalar(select(func.count()).select_from(one)) or 0 for one in tables)  # type: ignore[return-value]


def forget(conn: Connection, workspace_id: int) -> None:
    for table in (past_places.past_places, past_places.past_days):
        conn.execute(table.delete().where(table.c.workspace_id == workspace_id))


@pytest.fixture
def town(database: Engine, workspace: Workspace, now: datetime) -> Town:
    """Monday: KS-1 to KS-12 are asked for by one each, KS-13 by two, KS-14 too. Thursday: KS-14 by nobody."""
    made = Town(database, workspace, now)
    with made.told() as story:
        story.issue(*(f"KS-{number}" for number in range(1, 15)))
        for number in range(1, 15):
            ticket = story.ask(f"P{number}", f"KS-{number}")
        story.ask("Ana", "KS-13")
        story.ask("Bo", "KS-5", org="Acme")
        story.company("Acme", customer=900_000, of=["Bo"])
        story.conn.execute(update(items).values(project="P1"))
        story.conn.execute(update(items).where(items.c.key == "KS-13").values(project="P2"))
    made.next_day(3)
    with made.told() as story:
        story.unlink(ticket, "KS-14")
        story.ask("Cy", "KS-7")
        story.done("KS-2")
    return made


def same(town: Town, day: date, measures: Sequence[Measure] = ("score",)) -> None:
    for measure in measures:
        for filters in FILTERS:
            for top in (2, 12, 50):
                kept, slow = (town.shown(day, measure, filters, top, kept=one) for one in (True, False))
                assert kept == slow, (day, measure, filters, top)


def test_kept_places_say_what_the_record_says_by_any_measure_filtered_and_at_any_length(town: Town) -> None:
    monday = day_of(town.now) - 3 * DAY
    for measure in MEASURES:
        town.want(monday, measure)
    assert town.work() == len(MEASURES)
    assert all(town.kept(monday, measure).number for measure in MEASURES)
    same(town, monday, MEASURES)
    first = town.shown(monday, "requesters", Filters(), 50)
    assert {row.demand.item.key: row.then.place for row in first.rows if row.then}["KS-13"] == 2
    last = town.shown(monday, "oldest", Filters(), 50)
    assert [row.then.place for row in last.rows if row.then and row.demand.item.key == "KS-1"] == [1]
    assert last.fallen == ()  # KS-14 was asked for last
    only = town.shown(monday, "oldest", Filters(state=State.DELIVERED), 50)
    assert [(row.demand.item.key, row.then and row.then.place) for row in only.rows] == [("KS-2", 1)]


def test_what_fell_is_named_from_what_is_kept(town: Town) -> None:
    monday = day_of(town.now) - 3 * DAY
    with town.told() as story:
        number = next(n for n, ticket in story.tickets.items() if ticket.requester.name == "P1")
        story.unlink(number, "KS-1")
    town.want(monday, "oldest")
    town.work()
    assert [(item.key, then.place) for item, then in town.shown(monday, "oldest", Filters(), 5).fallen] == [
        ("KS-1", 1)
    ]
    same(town, monday, ["oldest"])


def test_what_is_kept_is_what_is_shown(town: Town) -> None:
    """Nothing is ranked again: a place that is written over is the one that the page has."""
    monday = day_of(town.now) - 3 * DAY
    town.want(monday)
    town.work()
    with transaction(town.database) as conn:
        table = past_places.past_places
        moved = update(table).values(place=table.c.place + 1000)
        conn.execute(moved)
    places = [row.then.place for row in town.shown(monday, "score", Filters(), 5).rows if row.then]
    assert len(places) == 5 and min(places) > 1000


def test_whoever_writes_into_a_day_that_is_over_takes_its_places_away_and_those_of_later_days(
    town: Town,
) -> None:
    """The clock of another machine, or an import that began before midnight."""
    thursday = day_of(town.now)
    days = [thursday - 3 * DAY, thursday - 2 * DAY, thursday - DAY]
    for day in days:
        town.want(day)
    town.work()
    town.next_day(-2)
    with town.told() as story:
        story.ask("Di", "KS-9")
    town.next_day(2)
    assert [bool(town.kept(day).number) for day in days] == [True, False, False]
    assert [town.kept(day).wanted for day in days] == [False, True, True]
    for day in days:
        same(town, day)
        town.want(day)
    assert town.work() == 2
    assert all(town.kept(day).number for day in days)
    for day in days:
        same(town, day)


def test_today_takes_no_place_away_and_writes_no_statement_more(town: Town) -> None:
    town.want(day_of(town.now) - DAY)
    town.work()
    with town.told() as story:
        story.ask("Di", "KS-9")
        story.policy(currency="JPY")
    assert town.kept(day_of(town.now) - DAY).number
    same(town, day_of(town.now) - DAY)


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


happenings = st.one_of(
    steps.map(lambda step: ("step", step)),
    st.sampled_from([-1, 1, 1, 1, 2]).map(lambda days: ("days", days)),
    st.tuples(st.integers(0, 4), st.sampled_from(MEASURES)).map(lambda one: ("want", one)),
    st.just(("work", None)),
)


@some
@given(st.lists(happenings, min_size=10, max_size=30))
def test_whatever_happens_what_is_kept_is_what_the_record_says(
    database: Engine, now: datetime, history: list[tuple[str, Any]]
) -> None:
    with transaction(database) as conn:
        fresh = workspaces.add(conn, slug=f"w{next(SLUGS)}", name="W", now=now)
    town = Town(database, fresh, now)
    with town.told() as story:
        begin(story)
    first, latest, asked = day_of(now), town.now, set[tuple[date, Measure]]()
    acts: dict[str, Callable[[Any], object]] = {
        "days": town.next_day,
        "want": lambda one: asked.add((first + one[0] * DAY, one[1])),
        "work": lambda _: town.work(),
    }
    for what, given_ in [*history, ("days", 40), ("work", None), ("work", None)]:
        if what == "step":
            with town.told() as story:
                play(story, given_)
        else:
            acts[what](given_)
        latest = max(latest, town.now)
        for day, measure in asked:
            if day < day_of(latest):
                town.want(day, measure)
        _all_alike(town, asked)
    assert all(town.kept(day, measure).number for day, measure in asked if day < day_of(latest))


def _all_alike(town: Town, asked: set[tuple[date, Measure]]) -> None:
    for day, measure in asked:
        if town.kept(day, measure).number:
            for filters in FILTERS[:2]:
                for top in (2, 50):
                    kept, slow = (town.shown(day, measure, filters, top, kept=one) for one in (True, False))
                    assert kept == slow
