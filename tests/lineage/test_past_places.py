"""Kept places of past days say what the record says, whatever becomes of it; and they come and go."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from lineage import past_places
from lineage.demand_days import day_of
from lineage.measures import MEASURES, Measure
from lineage.questions.board import Filters
from lineage.terms import State
from store import workspaces
from store.database import transaction
from tests.lineage.past_town import DAY, FILTERS, Town, same
from tests.lineage.past_town import town as town  # noqa: PLC0414 - the fixture of this module
from tests.lineage.random_history import begin, play, steps
from tests.lineage.test_random_histories import some

SLUGS = count(1)


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
    with transaction(database) as conn:  # else what it left to say is due in the next one
        workspaces.remove(conn, fresh.id)


def _all_alike(town: Town, asked: set[tuple[date, Measure]]) -> None:
    for day, measure in asked:
        if town.kept(day, measure).number:
            for filters in FILTERS[:2]:
                for top in (2, 50):
                    kept, slow = (town.shown(day, measure, filters, top, kept=one) for one in (True, False))
                    assert kept == slow
