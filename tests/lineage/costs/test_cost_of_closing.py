"""Whom closing an issue would tell what: worked out for some; of the rest it is said how many they are."""

from lineage.questions import closing_now
from tests.lineage.costs.company import HOT
from tests.lineage.costs.conftest import SIZES
from tests.lineage.costs.meter import metered
from tests.lineage.story import Story

ASK_THERE = 3
"""Besides the crowd, in the company as it is built."""


def test_of_very_many_who_ask_some_are_looked_at_and_the_rest_are_counted(companies: list[Story]) -> None:
    spent = []
    for story, size in zip(companies, SIZES, strict=True):
        with metered(story.conn) as cost:
            closing = closing_now(
                story.conn, story.workspace, story.id(HOT), now=story.now, look_at=20, most=5
            )
        assert (closing.total, len(closing.notices)) == (20, 5)
        assert closing.more is not None
        more = size + ASK_THERE - 20
        assert (closing.more.persons, closing.more.requests, closing.more.languages) == (more, more, 1)
        spent.append(cost)
    small, large = spent
    assert large.statements == small.statements <= 14
    rows = SIZES[1] - SIZES[0]
    assert large.steps - small.steps < 30 * rows, "more than counting is done for each person"


def test_where_all_are_looked_at_nobody_is_left(companies: list[Story]) -> None:
    story = companies[0]
    closing = closing_now(story.conn, story.workspace, story.id(HOT), now=story.now)
    assert closing.total == SIZES[0] + ASK_THERE
    assert closing.more is None
