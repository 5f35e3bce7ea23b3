"""The demand board beside a past day: ranked once, looked up from then on, and the same either way."""

import re
from datetime import UTC, timedelta

import pytest
from sqlalchemy import event

from plugin.work import shelves
from store.database import transaction
from tests.full_disk import read_only
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.conftest import olga as olga  # noqa: PLC0414 - the fixture of this module
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module
from tests.plugin.test_demand_board import in_jira, keys
from tests.plugin.test_demand_board import story as story  # noqa: PLC0414 - four issues that are ranked


def places_are_filled_in(house: House) -> int:
    """What the worker does with what is due; how many rankings that were."""
    work, done = shelves(house.state)["past_days"], 0
    while True:
        with transaction(house.state.engine) as conn:
            claimed = work.shelf.claim(conn, now=house.clock.now(), lease_s=60, limit=1)
        if not claimed:
            return done
        work.handle(claimed[0])
        done += 1


@pytest.mark.parametrize("query", ["", "&sort=requesters", "&project=KS", "&within=30&sort=oldest"])
def test_a_past_day_is_ranked_once_and_looked_up_from_then_on(
    story: House, olga: Browser, query: str
) -> None:
    then = (story.clock.now().astimezone(UTC) - timedelta(days=2)).date()
    where = f"/admin/acme/board?then={then}{query}"

    def shown(seen: list[str]) -> list[str]:
        def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(story.state.engine, "before_cursor_execute", note)
        page = olga.get(where).text
        event.remove(story.state.engine, "before_cursor_execute", note)
        return re.findall(r"<tr><td>.*?</tr>", page, re.DOTALL)

    ranked, again, looked_up = list[str](), list[str](), list[str]()
    story.woken.clear()
    first = shown(ranked)
    assert len(story.woken) == 1 and "was " in "".join(first)
    assert any("INSERT INTO past_days" in one for one in ranked)
    assert shown(again) == first and len(story.woken) == 1
    assert not any("INSERT INTO past_days" in one for one in again)
    assert places_are_filled_in(story) == 1
    assert shown(looked_up) == first and len(story.woken) == 1
    assert any("FROM past_places" in one for one in looked_up)
    assert any("row_number() OVER (ORDER BY demand_days" in one for one in again)
    assert not any("row_number() OVER (ORDER BY demand_days" in one for one in looked_up)


def test_in_jira_a_past_day_is_kept_too(story: House) -> None:
    bearer = carrying(bearer_of(in_jira(story)))
    then = (story.clock.now().astimezone(UTC) - timedelta(days=2)).date()
    first = story.get(f"/jira/acme/board?then={then}", headers=bearer)
    assert places_are_filled_in(story) == 1
    again = story.get(f"/jira/acme/board?then={then}", headers=bearer)
    assert "was " in first.text and first.text == again.text
    assert places_are_filled_in(story) == 0


def test_where_nothing_can_be_written_a_past_day_is_shown_all_the_same(story: House, olga: Browser) -> None:
    then = (story.clock.now().astimezone(UTC) - timedelta(days=2)).date()
    with read_only(story.state.engine):
        page = olga.get(f"/admin/acme/board?then={then}")
    assert len(keys(page)) == 4 and "was " in page.text
    assert places_are_filled_in(story) == 0
