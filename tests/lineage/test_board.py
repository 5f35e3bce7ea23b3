"""The board's pages on both databases: in order, filtered, each item once, and a day that is past."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert, select, update

from lineage.components import item_components
from lineage.demand_days import day_of, demand_days
from lineage.measures import COLUMNS, MEASURES, RISING, Measure
from lineage.questions.board import After, Board, Filters, board
from lineage.questions.board_choices import Choices, choices
from lineage.tables import companies, items
from lineage.terms import State
from tests.lineage.story import Story

TIED = 12
"""Issues that count the same."""


@pytest.fixture
def busy(story: Story) -> Story:
    """KS-1 to KS-12 are asked for by one person each, KS-13 by three of one company, KS-14 is done."""
    for number in range(1, TIED + 1):
        story.issue(f"KS-{number}")
        story.ask(f"P{number}", f"KS-{number}")
    story.issue("KS-13", "KS-14")
    for name in ("Ana", "Bo", "Cy"):
        story.ask(name, "KS-13", org="Acme")
    story.company("Acme", customer=900_000, of=["Ana"])
    story.ask("Di", "KS-14")
    story.done("KS-14")
    story.conn.execute(update(items).values(project="KS"))
    story.conn.execute(update(items).where(items.c.id == story.id("KS-3")).values(project="OPS"))
    story.conn.execute(update(companies).values(segment="BANKING"))
    row = {"workspace_id": story.workspace.id, "item_id": story.id("KS-2"), "component": "Print"}
    story.conn.execute(insert(item_components).values(row))
    return story


def keys(found: Board) -> list[str]:
    return [row.demand.item.key for row in found.rows]


@pytest.mark.parametrize("sort", MEASURES)
def test_pages_of_three_say_what_one_page_says(busy: Story, sort: Measure) -> None:
    whole = keys(board(busy.conn, busy.workspace, sort=sort, top=100))
    assert sorted(whole) == sorted(f"KS-{number}" for number in range(1, 15))
    assert whole[0] == ("KS-1" if sort == "oldest" else "KS-13" if sort != "votes" else whole[0])
    seen: list[str] = []
    after: After | None = None
    while True:
        page = board(busy.conn, busy.workspace, sort=sort, top=3, after=after)
        assert [row.place for row in page.rows] == list(range(len(seen) + 1, len(seen) + len(page.rows) + 1))
        seen += keys(page)
        if (after := page.after) is None:
            break
    assert seen == whole


def test_filters_and_what_there_is_to_filter_by(busy: Story) -> None:
    def found(**given: object) -> list[str]:
        return sorted(keys(board(busy.conn, busy.workspace, filters=Filters(**given))))  # type: ignore[arg-type]

    assert found(project="OPS") == ["KS-3"]
    assert found(component="Print") == ["KS-2"]
    assert found(state=State.DELIVERED) == ["KS-14"]
    assert found(segment="BANKING") == ["KS-13"]
    assert found(segment="BANKING", project="OPS") == []
    assert found(asked_since=busy.now + timedelta(days=1)) == []
    assert len(found(asked_since=busy.now - timedelta(days=1))) == 14
    assert choices(busy.conn, busy.workspace) == Choices(("KS", "OPS"), ("Print",), ("BANKING",))


@pytest.mark.parametrize("few", [0, 3, 20_000])
def test_what_was_asked_lately_is_the_same_however_it_is_looked_up(
    busy: Story, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ranking is gone through, or what was asked is: by which of the two there is more of."""
    monkeypatch.setattr("lineage.questions.board.FEW", few)
    busy.later(minutes=3 * 24 * 60)
    for name, key in (("Ed", "KS-3"), ("Flo", "KS-13"), ("Gil", "KS-13")):
        busy.ask(name, key, org="Globex")
    lately = Filters(asked_since=busy.now - timedelta(days=1))
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(busy.conn, "before_cursor_execute", note)
    found = board(busy.conn, busy.workspace, sort="requesters", filters=lately, then=day_of(busy.now))
    event.remove(busy.conn, "before_cursor_execute", note)
    assert keys(found) == ["KS-13", "KS-3"]
    assert [row.then and row.then.place for row in found.rows] == [1, 2]
    assert any("SELECT passes.ask_id" in one for one in seen) is (few < 3)


def test_a_past_day_is_ranked_with_the_same_filters(busy: Story) -> None:
    then = day_of(busy.now)
    busy.later(minutes=3 * 24 * 60)
    for name in ("Ed", "Flo", "Gil", "Hal"):
        busy.ask(name, "KS-1", org="Globex")
    busy.company("Globex", customer=90_000_000, of=["Ed"])
    now = {row.demand.item.key: row for row in board(busy.conn, busy.workspace, then=then, top=20).rows}
    assert (now["KS-1"].place, now["KS-13"].place) == (1, 2)
    first, second = now["KS-1"].then, now["KS-13"].then
    assert first is not None
    assert second is not None
    assert second.place == 1
    assert first.place > 1
    assert (first.requesters, second.requesters, second.customer.minor) == (1, 3, 900_000)
    weeks = [then, day_of(busy.now)]
    lines = {row.demand.item.key: row.trend for row in board(busy.conn, busy.workspace, weeks=weeks).rows}
    assert lines["KS-1"] == (1, 5, 5)
    assert lines["KS-13"] == (3, 3, 3)


@pytest.mark.parametrize("sort", MEASURES)
def test_a_place_of_a_past_day_is_the_same_on_a_page_of_any_length(busy: Story, sort: Measure) -> None:
    """Ten rows and more are put in order up to the last of them, fewer among all."""
    then = day_of(busy.now)
    busy.later(minutes=3 * 24 * 60)
    for key in ("KS-2", "KS-13", "KS-5"):
        busy.ask(f"Ed of {key}", key, org="Globex")
    number = next(number for number, ticket in busy.tickets.items() if ticket.requester.name == "P3")
    busy.unlink(number, "KS-3")
    whole, short = (_then(busy, sort, then, top) for top in (14, 3))
    assert whole == short
    assert sorted(place for place in whole.values() if place) == sorted(
        {*range(1, 15)} - {_fell(busy, sort, then)}
    )


def _then(story: Story, sort: Measure, day: date, top: int) -> dict[str, int | None]:
    """The place of that day, by key, of every row of every page."""
    found: dict[str, int | None] = {}
    after: After | None = None
    while True:
        page = board(story.conn, story.workspace, sort=sort, after=after, top=top, then=day)
        found |= {row.demand.item.key: row.then.place if row.then else None for row in page.rows}
        after = page.after
        if after is None:
            return found


def _fell(story: Story, sort: Measure, day: date) -> int:
    """The place that KS-3 had, for which nobody asks any more."""
    order = [COLUMNS[sort], "score_hundredths", "item_id"]
    query = select(demand_days.c.item_id).where(demand_days.c.day <= day, demand_days.c.ranked)
    rising = sort in RISING
    query = query.order_by(
        *(demand_days.c[one].asc() if rising else demand_days.c[one].desc() for one in order)
    )
    return list(story.conn.scalars(query)).index(story.id("KS-3")) + 1


def test_what_ranked_once_and_has_nobody_left_is_named(busy: Story) -> None:
    then = day_of(busy.now)
    busy.later(minutes=3 * 24 * 60)
    number = next(number for number, ticket in busy.tickets.items() if ticket.requester.name == "Di")
    busy.unlink(number, "KS-14")
    found = board(busy.conn, busy.workspace, sort="oldest", then=then, top=20)
    assert "KS-14" not in keys(found)
    late = board(
        busy.conn, busy.workspace, sort="requesters", then=then, filters=Filters(state=State.DELIVERED)
    )
    assert [(item.key, past.place) for item, past in late.fallen] == [("KS-14", 1)]
