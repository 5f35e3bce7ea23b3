"""Whoever voted in Zendesk's community is told in a ticket of their own, where the workspace wants that."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from connectors import known
from lineage import changes, outbox, recalling
from lineage.outcomes import notices, told
from lineage.recalling import Message
from lineage.tables import requests
from lineage.terms import Origin
from tests.lineage.cast import person
from tests.lineage.sent import to
from tests.lineage.story import Story

POST = Origin("zendesk:community", "77")


@pytest.fixture
def square(story: Story) -> Story:
    """Ana and Bo vote for post 77, which is placed on KS-1."""
    story.policy(voter_tickets=True)
    story.issue("KS-1")
    story.record(changes.PostSeen("community:77", "Export, please", person("Ana"), story.now))
    story.record(changes.Linked(POST, story.id("KS-1"), "agent", story.now))
    for who in ("Ana", "Bo"):
        vote(story, who)
    return story


def vote(story: Story, who: str, **more: Any) -> None:
    voter = replace(person(who), **more)
    story.record(changes.Voted("community:77", voter, story.now))


def place_of(who: str) -> str:
    return f"zendesk:proactive:77:zd-{who.lower()}"


def vote_of(story: Story, who: str) -> Any:
    origin = f"zendesk:community:77:zd-{who.lower()}"
    return story.conn.execute(select(requests).where(requests.c.origin == origin)).one()


def ticket_of(story: Story, who: str) -> str:
    return str(vote_of(story, who).reply_to).removeprefix("zendesk:ticket:")


def seen(story: Story, number: str, who: str, **more: Any) -> bool:
    """The ticket that was opened for a voter is read, as Zendesk's own event of it asks for."""
    story.later()
    given: dict[str, Any] = {"status": "solved", "words": "", "requester": person(who)} | more
    given |= {"subject": "Re: Export, please", "created": story.now, "updated": story.now}
    return story.record(changes.TicketSeen(number, opened_by_us=True, **given))


def test_each_hears_in_a_ticket_by_name_and_the_post_says_it_once(square: Story) -> None:
    square.done("KS-1")
    sent = square.send_all()
    assert [(one.to, one.place) for one in sent] == [("Ana", place_of("Ana")), ("Bo", place_of("Bo"))]
    assert sent[0].text.startswith("Hi Ana,")
    assert "You voted for this" in sent[0].text
    [entry] = square.notes
    assert entry.place == str(POST)
    assert "Ana" not in entry.text and "Bo" not in entry.text and "The KS-1 thing" in entry.text


def test_it_is_opt_in(square: Story) -> None:
    square.policy(voter_tickets=False)
    square.done("KS-1")
    assert {one.place for one in square.send_all()} == {str(POST)}
    assert square.notes == []


def test_what_follows_goes_into_that_ticket_and_onto_the_post(square: Story) -> None:
    square.done("KS-1")
    square.send_all()
    tickets = {ticket_of(square, who) for who in ("Ana", "Bo")}
    assert len(tickets) == 2
    square.policy(voter_tickets=False)
    square.reopen("KS-1")
    for notice in square.notices(state="awaiting_approval"):
        square.approve(notice)
    again = square.send_all()
    assert {one.place for one in again} == {f"zendesk:ticket:{ticket}" for ticket in tickets}
    assert [one.place for one in square.notes] == [str(POST)] * 2, "what stands there is put right as well"
    assert {row.place for row in square.conn.execute(select(told))} == {
        f"zendesk:ticket:{ticket}" for ticket in tickets
    }


def test_a_closed_one_is_followed_up(square: Story) -> None:
    square.done("KS-1")
    square.send_all()
    ticket = ticket_of(square, "Ana")
    seen(square, ticket, "Ana", status="closed")
    square.reopen("KS-1")
    square.approve(next(one for one in square.notices(state="awaiting_approval") if one.person_name == "Ana"))
    assert [one.place for one in square.send_all()] == [f"zendesk:followup:{ticket}"]


def test_who_has_an_open_ticket_is_told_there(square: Story) -> None:
    ana = square.ask("Ana", "KS-1")
    square.done("KS-1")
    assert {one.to: one.place for one in square.send_all()} == {
        "Ana": f"zendesk:ticket:{ana}", "Bo": place_of("Bo")
    }  # fmt: skip


def test_who_has_no_address_hears_on_the_post_and_that_says_it_once(square: Story) -> None:
    vote(square, "Cy", emails=())
    square.done("KS-1")
    assert {one.to: one.place for one in square.send_all()}["Cy"] == str(POST)
    outcomes = {
        row.sending["outcome"] for row in square.conn.execute(select(notices)) if row.place == str(POST)
    }
    assert len(outcomes) == 1, "the channel says one outcome once"


@pytest.mark.parametrize(
    ("state", "reason"),
    [("skipped", "opted out"), ("blocked", "suspended in Zendesk: lift the suspension first")],
)
def test_who_opted_out_or_is_suspended_gets_none(square: Story, state: str, reason: str) -> None:
    if state == "skipped":
        square.opt_out("Ana")
    else:
        vote(square, "Ana", suspended=True)
    square.done("KS-1")
    assert to(square.send_all()) == [("Bo", "delivered")]
    [hers] = [one for one in square.notices() if one.person_name == "Ana"]
    assert (hers.state, hers.reason) == (state, reason)


def test_an_approval_holds_for_what_the_post_says_too(square: Story) -> None:
    square.policy(auto_kinds=())
    square.done("KS-1")
    before = {one.person_name: one for one in square.notices()}
    assert before["Ana"].entry is not None
    assert "The KS-1 thing" in before["Ana"].entry["text"]
    vote(square, "Ana", language="de")  # she voted first: the post speaks her language
    square.conn.execute(requests.update().where(requests.c.origin.endswith("zd-ana")).values(language="de"))
    square.policy(auto_kinds=("linked",))
    after = {one.person_name: one for one in square.notices()}
    assert after["Bo"].text == before["Bo"].text
    assert after["Bo"].digest != before["Bo"].digest


def test_what_else_a_voter_asked_for_does_not_stand_on_the_post(square: Story) -> None:
    square.issue("KS-2")
    square.record(changes.PostSeen("community:78", "Secret", person("Ana"), square.now))
    other = Origin("zendesk:community", "78")
    square.record(changes.Linked(other, square.id("KS-2"), "agent", square.now))
    square.record(changes.Voted("community:78", person("Ana"), square.now))
    square.done("KS-1")
    square.done("KS-2")
    sent = {one.to: one for one in square.send_all()}
    assert "The KS-1 thing" in sent["Ana"].text and "The KS-2 thing" in sent["Ana"].text
    assert all(("KS-1" in one.text) != ("KS-2" in one.text) for one in square.notes)


def test_the_echo_of_our_ticket_is_no_request(square: Story) -> None:
    square.done("KS-1")
    square.send_all()
    number = ticket_of(square, "Ana")
    assert not seen(square, number, "Ana")
    origin = requests.c.origin == f"zendesk:ticket:{number}"
    assert square.conn.execute(select(requests).where(origin)).all() == []
    seen(square, number, "Ana", status="open", words="And as CSV?")
    assert square.conn.execute(select(requests.c.words).where(origin)).scalars().all() == ["And as CSV?"]


def test_somebody_may_say_that_it_is_one_all_the_same(square: Story) -> None:
    square.issue("KS-2")
    square.done("KS-1")
    square.send_all()
    number = ticket_of(square, "Ana")
    assert square.link(number, "KS-2")
    assert square.on("KS-2") == ["Ana"]
    assert square.asked(number).words == ""


def test_votes_with_tickets_are_still_votes_of_their_post(square: Story) -> None:
    square.done("KS-1")
    square.send_all()
    assert set(known.voters_of(square.conn, square.workspace.id, "77")) == {"zd-ana", "zd-bo"}
    square.issue("KS-2")
    square.record(changes.Linked(POST, square.id("KS-2"), "agent", square.now))
    assert square.on("KS-2") == ["Ana", "Bo"]
    square.record(changes.Unlinked(POST, square.id("KS-2"), False, "agent", square.now))
    assert square.on("KS-2") == []


@pytest.mark.parametrize("turned", [{"who": "Dora"}, {"who": "Ana", "status": "deleted"}])
def test_a_ticket_that_is_anothers_now_or_is_deleted_is_answered_no_more(
    square: Story, turned: dict[str, str]
) -> None:
    square.done("KS-1")
    square.send_all()
    seen(square, ticket_of(square, "Ana"), **turned)
    assert vote_of(square, "Ana").reply_to == str(POST)
    square.reopen("KS-1")
    hers = [one.where for one in square.notices(state="awaiting_approval") if one.person_name == "Ana"]
    assert hers == [place_of("Ana")]


def test_after_a_restore_the_ticket_is_found_and_nothing_is_said_twice(square: Story) -> None:
    """The backup knows of nothing: the mark in the ticket does."""
    square.done("KS-1")
    words: dict[str, list[str]] = {}
    with square.conn.begin_nested() as before:
        square.send_all()
        for row in square.conn.execute(select(notices).where(notices.c.lane != "note")):
            words[row.place] = row.mark
        before.rollback()
    ana = square.person("Ana")
    receipt = outbox.Receipt("zendesk:proactive:zd-ana", "1", "2", "900", mailed=True)
    message = Message(frozenset(words[place_of("Ana")]), receipt, square.now)
    assert recalling.recall(square.conn, square.workspace, ana, [message], now=square.now) == 1
    assert vote_of(square, "Ana").reply_to == "zendesk:ticket:900"
    assert to(square.send_all()) == [("Bo", "delivered")]
