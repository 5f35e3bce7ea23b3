"""On their own page: "I no longer need this", "I need it after all", "this is not what I meant"."""

import pytest
from sqlalchemy import func, select

from lineage.errors import LineageError
from lineage.outcomes import notices
from lineage.questions import CustomerPage, demand, misunderstood, pages_of_ticket
from lineage.requester_changes import NotMeant, RemarksSettled, RequestResumed, RequestWithdrawn
from lineage.tables import history
from lineage.terms import Origin
from tests.lineage.random_history import derived
from tests.lineage.story import Story


def ticket_origin(ticket: str) -> Origin:
    return Origin("zendesk:ticket", ticket)


def withdraw(story: Story, ticket: str) -> bool:
    return story.record(RequestWithdrawn(ticket_origin(ticket), "requester", story.now))


def resume(story: Story, ticket: str) -> bool:
    return story.record(RequestResumed(ticket_origin(ticket), "requester", story.now))


def not_meant(story: Story, ticket: str, words: str = "") -> bool:
    return story.record(NotMeant(ticket_origin(ticket), words, "requester", story.now))


def wanted(story: Story, key: str) -> int:
    found = demand(story.conn, story.workspace, story.id(key))
    assert found is not None
    return found.requesters


def notes(story: Story) -> list[tuple[str, str, str]]:
    query = select(notices.c.place, notices.c.state, notices.c.text).where(notices.c.lane == "note")
    return [tuple(row) for row in story.conn.execute(query)]


def test_who_needs_it_no_longer_counts_no_more_and_is_told_nothing(split: Story) -> None:
    split.done("KS-2")
    (held,) = split.notices(state="held")
    assert withdraw(split, "101")
    assert (wanted(split, "KS-2"), wanted(split, "KS-3")) == (0, 0)
    assert split.notices(state="held") == []
    assert [one.state for one in split.notices()] == ["cancelled"]
    assert split.asked("101").standing == "withdrawn"
    assert split.send_all() == []
    assert held.id


def test_who_needs_it_after_all_counts_and_hears_as_before(split: Story) -> None:
    before = derived(split)
    assert withdraw(split, "101")
    assert derived(split) != before
    assert resume(split, "101")
    assert derived(split) == before
    split.done("KS-2")
    split.done("KS-3")
    (sent,) = split.send_all()
    assert "That was everything you asked for." in sent.text


def test_doing_it_twice_does_it_once(split: Story) -> None:
    assert withdraw(split, "101")
    assert not withdraw(split, "101")
    assert resume(split, "101")
    assert not resume(split, "101")


def test_only_this_request_is_withdrawn(story: Story) -> None:
    story.issue("KS-1")
    first, second = story.ask("Ana", "KS-1"), story.ask("Ana", "KS-1")
    withdraw(story, first)
    assert (story.asked(first).standing, story.asked(second).standing) == ("withdrawn", "waiting")
    assert wanted(story, "KS-1") == 1


def test_an_agent_who_links_it_anew_revives_that_link_alone(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ticket = story.ask("Ana", "KS-1")
    story.link(ticket, "KS-2")
    withdraw(story, ticket)
    assert story.link(ticket, "KS-2")
    assert {ask.item.key: str(ask.standing) for ask in story.asks_of(ticket)} == {
        "KS-1": "withdrawn", "KS-2": "waiting",
    }  # fmt: skip
    (page,) = pages_of_ticket(story.conn, story.workspace, ticket)
    assert page.withdrawn_at is None


def test_what_was_not_meant_goes_to_the_ticket_as_an_internal_note(split: Story) -> None:
    assert not_meant(split, "101", "Not {{ticket.id}},\nCSV.")
    ((place, state, text),) = notes(split)
    assert (place, state) == ("zendesk:ticket:101", "queued")
    assert "They wrote: “Not { {ticket.id}}, CSV.”" in text
    split.send_due()
    assert [note.place for note in split.notes] == ["zendesk:ticket:101"]
    assert split.sent == []


def test_it_changes_neither_what_counts_nor_what_is_said(split: Story) -> None:
    before = derived(split), split.notices()
    not_meant(split, "101")
    assert (derived(split), split.notices()) == before


def test_a_closed_ticket_and_a_vote_get_no_note_and_are_shown_to_operators(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    story.ticket_changes(ticket, status="closed")
    story.post("9", placed="KS-1")
    story.vote("Voter", "9")
    not_meant(story, ticket, "CSV")
    vote = Origin("forum:vote", "9:f-voter")
    story.record(NotMeant(vote, "", "requester", story.now))
    assert notes(story) == []
    said = {page.origin: [remark.words for remark in page.remarks] for page in _misunderstood(story)}
    assert said == {f"zendesk:ticket:{ticket}": ["CSV"], str(vote): [""]}


def test_what_was_said_stays_until_somebody_dealt_with_it(split: Story) -> None:
    not_meant(split, "101", "CSV")
    (page,) = pages_of_ticket(split.conn, split.workspace, "101")
    assert [remark.words for remark in page.remarks] == ["CSV"]
    settled = RemarksSettled(ticket_origin("101"), "agent", split.now)
    assert split.record(settled)
    assert not split.record(settled)
    assert _misunderstood(split) == []


def test_the_same_words_sent_twice_are_one_remark_and_one_note(split: Story) -> None:
    assert not_meant(split, "101", "CSV")
    assert not not_meant(split, "101", "CSV")
    assert not_meant(split, "101", "XLS")
    assert len(notes(split)) == 2


def test_the_history_keeps_that_it_was_said_and_not_the_words(split: Story) -> None:
    not_meant(split, "101", "a secret of mine")
    query = select(history.c.change).where(history.c.kind == "NotMeant")
    (kept,) = split.conn.scalars(query)
    assert "secret" not in str(kept)
    assert split.conn.scalar(select(func.count()).where(history.c.kind == "NotMeant")) == 1


@pytest.mark.parametrize("change", [RequestWithdrawn, RequestResumed, RemarksSettled])
def test_nothing_can_be_done_to_a_request_that_nobody_made(story: Story, change: type) -> None:
    with pytest.raises(LineageError, match="Nothing is known of"):
        story.record(change(ticket_origin("404"), "requester", story.now))


def _misunderstood(story: Story) -> list[CustomerPage]:
    return list(misunderstood(story.conn, story.workspace))
