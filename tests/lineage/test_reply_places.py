"""Rule 13: tickets and persons merge, and each request keeps one address for its replies."""

from typing import Any

import pytest
from sqlalchemy import select

from lineage.tables import requests
from store.looks import looks
from tests.lineage.cast import person
from tests.lineage.story import Story


def address(story: Story, number: str) -> tuple[str, str]:
    """Where the request of this ticket is answered: the place, and the state of the ticket there."""
    row = _request(story, number)
    return row.reply_to.removeprefix("zendesk:ticket:"), row.reply_state


def _request(story: Story, number: str) -> Any:
    query = select(requests).where(requests.c.origin == f"zendesk:ticket:{number}")
    return story.conn.execute(query).one()


def merge(story: Story, number: str, *, into: str) -> bool:
    return story.ticket_changes(number, status="closed", merged_into=into)


def wanted(story: Story) -> list[str]:
    """The tickets that are to be read."""
    return list(story.conn.scalars(select(looks.c.object_id).where(looks.c.kind == "ticket")))


def test_the_survivor_is_read_before_anything_is_said_there(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.done("KS-1")
    merge(story, ana, into="900")
    assert address(story, ana) == ("900", "merged")
    assert wanted(story) == ["900"]
    (notice,) = story.notices()
    assert (notice.state, notice.reason) == (
        "blocked",
        "the ticket was merged into another, which is being read",
    )


def test_the_reply_goes_to_the_survivor_of_the_same_requester(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    merge(story, ana, into="102")
    assert story.ticket("Ana") == "102"
    assert address(story, ana) == ("102", "open")
    story.done("KS-1")
    assert [sent.place for sent in story.send_all()] == ["zendesk:ticket:102"]


def test_a_survivor_of_the_same_requester_that_is_known_is_answered_at_once(story: Story) -> None:
    story.issue("KS-1")
    ana, survivor = story.ask("Ana", "KS-1"), story.ticket("Ana")
    merge(story, ana, into=survivor)
    assert address(story, ana) == (survivor, "open")


@pytest.mark.parametrize("known", [True, False], ids=["known survivor", "unknown survivor"])
def test_a_survivor_of_somebody_else_is_never_answered_instead(story: Story, known: bool) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    if known:
        survivor = story.ticket("Bo")
        merge(story, ana, into=survivor)
    else:
        merge(story, ana, into="102")
        survivor = story.ticket("Bo")
    assert address(story, ana) == (ana, "closed")
    story.done("KS-1")
    assert [(sent.to, sent.place) for sent in story.send_all()] == [("Ana", f"zendesk:followup:{ana}")]


def test_what_was_decided_is_not_turned_around_by_reading_either_again(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    merge(story, ana, into="102")
    bo = story.ticket("Bo")
    for number in (ana, bo, ana, bo):
        story.later()
        assert not story.again(story.tickets[number])
        assert address(story, ana) == (ana, "closed")
    assert address(story, bo) == (bo, "open")


def test_a_survivor_that_changes_hands_later_is_left(story: Story) -> None:
    story.issue("KS-1")
    ana, survivor = story.ask("Ana", "KS-1"), story.ticket("Ana")
    merge(story, ana, into=survivor)
    story.ticket_changes(survivor, requester=person("Bo"))
    assert address(story, ana) == (ana, "closed")


def test_a_ticket_merged_twice_is_followed_to_the_last(story: Story) -> None:
    story.issue("KS-1")
    ana, second, third = story.ask("Ana", "KS-1"), story.ticket("Ana"), story.ticket("Ana")
    merge(story, ana, into=second)
    merge(story, second, into=third)
    assert address(story, ana) == address(story, second) == (third, "open")
