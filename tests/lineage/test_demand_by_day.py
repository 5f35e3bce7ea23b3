"""§6: demand on a given day is what was said on that day, whatever happened since."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from lineage import changes, demand_days
from lineage.demand_days import day_of
from lineage.questions import demand_over_time, ranking
from lineage.questions.demand import Sort
from lineage.terms import EdgeKind, Origin
from tests.lineage.conftest import Stage
from tests.lineage.random_history import Step, begin, play, steps
from tests.lineage.story import Story
from tests.lineage.test_cost_of_questions import counted
from tests.lineage.test_random_histories import some

MONDAY = date(2026, 3, 2)


def tomorrow(story: Story, days: int = 1) -> None:
    story.now += timedelta(days=days)


def people(story: Story, *, at: date | None = None) -> dict[str, int]:
    return {one.item.key: one.requesters for one in ranking(story.conn, story.workspace, at=at)}


def line(story: Story, key: str, days: int = 84) -> list[tuple[int, int]]:
    """Day of the month and people, over time."""
    found = demand_over_time(story.conn, story.workspace, story.id(key), days, today=story.now.date())
    return [(one.day.day, one.requesters) for one in found]


def rows(story: Story) -> list[tuple[Any, ...]]:
    return sorted(map(tuple, story.conn.execute(select(demand_days.demand_days))))


@pytest.fixture
def week(story: Story) -> Story:
    """Monday: Ana asks for KS-1. Wednesday: Bo, too. Thursday: KS-1 is a duplicate of KS-2."""
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1", org="Acme")
    tomorrow(story, 2)
    story.ask("Bo", "KS-1")
    tomorrow(story)
    story.duplicate("KS-1", of="KS-2")
    return story


def test_the_ranking_of_a_day_is_what_it_was_at_the_end_of_that_day(week: Story) -> None:
    assert people(week, at=MONDAY) == {"KS-1": 1}
    assert people(week, at=MONDAY + timedelta(1)) == {"KS-1": 1}
    assert people(week, at=MONDAY + timedelta(2)) == {"KS-1": 2}
    assert people(week, at=MONDAY + timedelta(3)) == {"KS-2": 2} == people(week)
    assert people(week, at=MONDAY + timedelta(300)) == {"KS-2": 2}


def test_of_a_day_before_anybody_asked_there_is_no_ranking(week: Story) -> None:
    assert people(week, at=MONDAY - timedelta(1)) == {}


def test_the_line_of_an_item_has_an_entry_for_every_day_since_the_record_began(week: Story) -> None:
    tomorrow(week)
    assert line(week, "KS-1") == [(2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]  # they still passed by it
    assert line(week, "KS-2") == [(2, 0), (3, 0), (4, 0), (5, 2), (6, 2)]
    assert line(week, "KS-2", days=2) == [(5, 2), (6, 2)]
    assert line(week, "KS-1", days=1) == [(6, 2)]


def test_what_nobody_asked_for_has_a_line_of_noughts_and_an_empty_record_has_none(story: Story) -> None:
    story.issue("KS-1", "KS-9")
    assert line(story, "KS-9") == []
    story.ask("Ana", "KS-1")
    assert line(story, "KS-9") == [(2, 0)]


def test_an_item_that_fell_to_nothing_is_kept_with_noughts(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    tomorrow(story)
    story.unlink(ticket, "KS-1")
    assert people(story, at=MONDAY) == {"KS-1": 1}
    assert people(story, at=MONDAY + timedelta(1)) == {}
    assert line(story, "KS-1") == [(2, 1), (3, 0)]


def test_amounts_of_a_past_day_are_those_of_that_day_with_the_terms_of_their_score(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=100_000, pipeline=7, of=["Ana"])
    tomorrow(story)
    story.company("Acme", customer=300_000, of=["Ana"])
    (then,) = ranking(story.conn, story.workspace, at=MONDAY)
    assert (then.customer.minor, then.pipeline.minor, then.reach_customer.minor) == (100_000, 7, 100_000)
    assert then.score == 2.0
    assert then.why == ("people: 1 × log2(1 + 1) = 1.00", "money: 1 × log2(1 + 1.00) = 1.00")


def test_a_past_day_keeps_its_currency(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-2")
    story.company("Acme", customer=100_000, of=["Ana"])
    tomorrow(story)
    story.policy(currency="JPY")
    then = ranking(story.conn, story.workspace, at=MONDAY)
    assert {(one.item.key, one.customer.currency, one.score) for one in then} == {
        ("KS-1", "USD", 2.0), ("KS-2", "USD", 1.0),
    }  # fmt: skip
    today = ranking(story.conn, story.workspace, at=MONDAY + timedelta(1))
    now = ranking(story.conn, story.workspace)
    assert {one.customer.currency for one in today} == {"JPY"}
    assert [one.score for one in today] == [one.score for one in now]


def test_a_day_has_one_row_however_often_its_demand_changed(story: Story) -> None:
    story.issue("KS-1")
    for who in ("Ana", "Bo", "Cy"):
        story.ask(who, "KS-1")
    assert len(rows(story)) == 1


def test_a_clock_behind_that_of_another_machine_does_not_write_into_the_day_before(story: Story) -> None:
    story.issue("KS-1")
    tomorrow(story)
    story.ask("Ana", "KS-1")
    tomorrow(story, -1)
    story.ask("Bo", "KS-1")
    assert [(row[2], row[4]) for row in rows(story)] == [(MONDAY + timedelta(1), 2)]


def test_a_day_is_one_of_utc_and_ends_at_midnight(story: Story) -> None:
    story.issue("KS-1")
    numbers = [story.ticket(who) for who in ("Ana", "Bo")]
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    for number, at in zip(numbers, (midnight - timedelta(microseconds=1), midnight), strict=True):
        story.now = at.astimezone(timezone(timedelta(hours=-5)))
        story.again(changes.Linked(Origin("zendesk:ticket", number), story.id("KS-1"), "agent", at))
    assert people(story, at=MONDAY) == {"KS-1": 1}
    assert people(story, at=MONDAY + timedelta(1)) == {"KS-1": 2}


def test_undone_and_done_again_on_one_day_the_record_says_how_the_day_ended(week: Story) -> None:
    before = rows(week)
    week.disconnect("KS-1", "KS-2")
    week.connect(EdgeKind.MERGED, ("KS-1", "KS-2"))
    assert rows(week) == before


@pytest.mark.parametrize("sort", ["score", "requesters", "companies", "pipeline", "customer"])
def test_a_past_day_is_sorted_and_cut_like_today(sort: Sort, story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-2", org="Globex")
    story.ask("Cy", "KS-2")
    story.ask("Di", "KS-3")
    story.company("Acme", customer=500_000, pipeline=1, of=["Ana"])
    then = [one.item.key for one in ranking(story.conn, story.workspace, sort=sort, top=2)]
    tomorrow(story)
    story.issue("KS-9")
    for who in ("Ed", "Fe", "Gus"):
        story.ask(who, "KS-9")
    found = ranking(story.conn, story.workspace, sort=sort, top=2, at=MONDAY)
    assert [one.item.key for one in found] == then


def test_what_stood_before_the_record_is_not_worked_out_again(week: Story) -> None:
    """It is a record: nothing but a change of today writes it, and only today's row."""
    table = demand_days.demand_days
    week.conn.execute(update(table).where(table.c.day == MONDAY).values(requesters=17))
    week.ask("Cy", "KS-2")
    assert people(week, at=MONDAY) == {"KS-1": 17}


def test_a_past_day_takes_as_many_statements_for_many_items_and_days_as_for_one(story: Story) -> None:
    def cost() -> tuple[int, int]:
        with counted(story) as of_ranking:
            ranking(story.conn, story.workspace, at=MONDAY)
        with counted(story) as of_line:
            demand_over_time(story.conn, story.workspace, story.id("KS-1"), today=story.now.date())
        return len(of_ranking), len(of_line)

    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    for_one = cost()
    for number in range(2, 20):
        story.issue(f"KS-{number}")
        story.ask(f"P{number}", f"KS-{number}")
        tomorrow(story)
        story.ask(f"Q{number}", "KS-1")
    assert cost() == for_one
    assert max(for_one) <= 6


Shown = list[tuple[Any, ...]]


def shown(story: Story, at: date | None = None) -> Shown:
    """All that the ranking says of each item but what the item is called and how far it is."""
    found = ranking(story.conn, story.workspace, at=at)
    return [
        (
            one.item.id, one.requesters, one.companies, one.votes, one.customer, one.pipeline,
            one.reach_customer, one.reach_pipeline, one.score, one.why[:2], one.oldest_at,
        )
        for one in found
    ]  # fmt: skip


@some
@given(st.lists(st.lists(steps, min_size=0, max_size=5), min_size=2, max_size=6))
def test_the_ranking_of_every_day_is_what_it_said_on_that_day(
    stage: Stage, days: Sequence[list[Step]]
) -> None:
    with stage() as story:
        begin(story)
        said: dict[date, Shown] = {}
        for steps_of_day in days:
            for step in steps_of_day:
                play(story, step)
            said[day_of(story.now)] = shown(story)
            tomorrow(story)
        for day, then in said.items():
            assert shown(story, at=day) == then
