"""Rule 13: tickets and persons merge, and each request keeps one address for its replies."""

from typing import Any

import pytest
from sqlalchemy import select

from lineage.changes import PersonSeen
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


def test_a_follow_up_is_the_address_of_the_request_from_then_on(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1", status="closed")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-2")
    (first,) = story.send_all()
    assert first.place == f"zendesk:followup:{ana}"
    followup = address(story, ana)[0]
    assert followup != ana
    story.done("KS-1")
    assert [sent.place for sent in story.send_all()] == [f"zendesk:ticket:{followup}"]


def test_a_ticket_that_changes_hands_is_not_answered(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.ticket_changes(ana, requester=person("Bo"))
    story.done("KS-1")
    (notice,) = story.notices()
    assert notice.person_name == "Ana" and notice.state == "blocked"
    assert "not the requester of the ticket any more" in notice.reason
    assert story.send_all() == []


def test_two_persons_who_turn_out_to_be_one_are_told_once(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    anas_other_account = PersonSeen("zendesk", "zd-ana2", "Ana", ("ana@home.example",), "en")
    story.ask("Ana2", "KS-1", requester=anas_other_account)
    story.done("KS-1")
    assert len(story.notices(state="held")) == 2
    both = PersonSeen("zendesk", "zd-ana", "Ana", ("ana@example.com", "ana@home.example"), "en")
    story.ticket("Ana", requester=both)
    assert len(story.notices(state="held")) == 1, "their live notices become one"
    assert [sent.to for sent in story.send_all()] == ["Ana"]


def test_who_wanted_no_news_under_one_name_wants_none_under_the_other(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.opt_out("Bo")
    story.ticket("Ana", requester=PersonSeen("zendesk", "zd-ana", "Ana", ("bo@example.com",), "en"))
    story.done("KS-1")
    assert [notice.state for notice in story.notices()] == ["skipped"]


def test_two_persons_who_were_both_told_are_not_told_again_as_one(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana2", "KS-1", requester=PersonSeen("zendesk", "zd-2", "Ana", ("ana@home.example",), "en"))
    story.done("KS-1")
    assert len(story.send_all()) == 2
    story.ticket("Ana", requester=PersonSeen("zendesk", "zd-ana", "Ana", ("ana@home.example",), "en"))
    assert story.send_all() == []


def test_the_words_and_the_day_of_a_request_never_change(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    before = story.asked(ana)
    story.ticket_changes(ana, subject="Something else", words="edited")
    after = story.asked(ana)
    assert (before.words, before.subject, before.asked_at) == (after.words, after.subject, after.asked_at)
