"""What a requester's page says: what became of what they asked for, in public words, and nothing else."""

from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lineage.questions import FollowView, pages_of_person, pages_of_ticket, where_it_went
from lineage.terms import RequestId
from store import installation
from tests.lineage.conftest import Stage
from tests.lineage.random_history import KEYS, PEOPLE, Step, are_merged, begin, play, steps, who
from tests.lineage.story import Story


def page(story: Story, ticket: str) -> FollowView:
    made_here = [
        one.request_id
        for one in pages_of_ticket(story.conn, story.workspace, ticket)
        if one.origin == f"zendesk:ticket:{ticket}"
    ]
    return where_it_went(story.conn, story.workspace, made_here[0])


def parts(story: Story, ticket: str) -> list[tuple[str | None, str]]:
    return [(part.title, part.state.value) for ask in page(story, ticket).asks for part in ask.parts]


def standing(story: Story, ticket: str) -> str:
    (ask,) = page(story, ticket).asks
    return f"{ask.standing} {ask.delivered}/{len(ask.parts)}"


def test_a_page_begins_with_what_was_asked_and_when(story: Story) -> None:
    ticket = story.ticket("Ana")
    asked_at = story.tickets[ticket].created
    story.later(minutes=99)
    shown = page(story, ticket)
    assert (shown.how, shown.words, shown.subject) == ("ticket", "Ana needs this", f"About {ticket}")
    assert shown.asked_at == asked_at
    assert (shown.asks, shown.told, shown.withdrawn_at) == ((), (), None)


def test_it_shows_what_is_out_and_what_is_being_worked_on_by_public_titles(split: Story) -> None:
    split.done("KS-2")
    split.start("KS-3")
    assert parts(split, "101") == [("The KS-2 thing", "delivered"), ("The KS-3 thing", "started")]
    assert standing(split, "101") == "part_delivered 1/2"
    (ask,) = page(split, "101").asks
    assert ask.about == "The KS-1 thing"


def test_what_has_no_public_title_has_no_name(story: Story) -> None:
    story.issue("KS-1", title=None)
    ticket = story.ask("Ana", "KS-1")
    assert parts(story, ticket) == [(None, "open")]
    assert page(story, ticket).asks[0].about is None


def test_what_was_declined_stays_open_until_this_person_was_told(split: Story) -> None:
    split.done("KS-2")
    split.decline("KS-3")
    assert parts(split, "101")[1] == ("The KS-3 thing", "open")
    assert standing(split, "101") == "part_delivered 1/2"
    split.send_all()
    for draft in split.notices(state="awaiting_approval"):
        split.approve(draft)
    split.send_all()
    assert parts(split, "101")[1] == ("The KS-3 thing", "declined")
    assert standing(split, "101") == "delivered_in_part 1/2"


def test_that_another_person_was_told_so_gives_nothing_away(split: Story) -> None:
    split.ask("Bo", "KS-3")
    split.decline("KS-3")
    (bo,) = [one for one in split.notices(state="awaiting_approval") if one.person_name == "Bo"]
    split.approve(bo)
    split.send_all()
    assert ("The KS-3 thing", "open") in parts(split, "101")


def test_where_a_no_goes_out_by_itself_the_page_says_it_too(split: Story) -> None:
    split.policy(auto_kinds=("declined", "delivered"))
    split.decline("KS-2")
    assert ("The KS-2 thing", "declined") in parts(split, "101")


def test_a_no_that_was_told_of_a_duplicate_is_known_of_what_it_was_merged_into(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ticket = story.ask("Ana", "KS-1")
    story.decline("KS-1")
    story.approve(story.notices(state="awaiting_approval")[0])
    story.send_all()
    story.decline("KS-2")
    story.duplicate("KS-1", of="KS-2")
    assert parts(story, ticket) == [("The KS-2 thing", "declined")]


def test_a_deleted_issue_is_only_said_to_be_open(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    story.deleted("KS-1")
    assert parts(story, ticket) == [("The KS-1 thing", "open")]


def test_it_shows_what_was_written_where_and_without_a_link(story: Story) -> None:
    installation.reached_at(story.conn, "https://ask.example")
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    (told,) = page(story, ticket).told
    assert told.where == f"zendesk:ticket:{ticket}"
    assert "It is ready now:" in told.text
    assert "/r/" not in told.text
    assert told.text.endswith("Acme")


def test_what_waits_to_be_said_is_not_shown(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    story.decline("KS-1")
    story.done("KS-1")
    assert story.notices()
    assert page(story, ticket).told == ()


def test_a_vote_has_a_page_with_the_post_s_title(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Voter", "9")
    (mine,) = pages_of_person(story.conn, story.workspace, "voter@example.com")
    shown = where_it_went(story.conn, story.workspace, mine.request_id)
    assert (shown.how, shown.subject, shown.words) == ("vote", "Post 9", "me too")


def test_what_an_agent_unlinked_is_not_part_of_it(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ticket = story.ask("Ana", "KS-1")
    story.link(ticket, "KS-2")
    story.unlink(ticket, "KS-1")
    assert parts(story, ticket) == [("The KS-2 thing", "open")]


def test_there_is_no_page_of_a_request_that_there_is_not(story: Story) -> None:
    with pytest.raises(LookupError):
        where_it_went(story.conn, story.workspace, RequestId(0))


def known_as(name: str, history: list[Step]) -> set[str]:
    """Whom the helpdesk merged is one person, and may be called by either name."""
    names = {name}
    pairs = [{who(a), who(b)} for act, a, b in history if act == "users merged" and are_merged(a, b)]
    for _ in pairs:
        names.update(*(pair for pair in pairs if pair & names))
    return names


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=5, max_size=25))
@example([("adopt", 0, 0), ("done", 0, 0), ("users merged", 0, 1), ("send", 0, 0)])
def test_after_any_history_a_page_says_nothing_of_anybody_else_and_nothing_internal(
    stage: Stage, history: list[Step]
) -> None:
    with stage() as story:
        begin(story)
        for step in history:
            play(story, step)
        for ticket, seen in story.tickets.items():
            said = str(asdict(page(story, ticket))).replace("The KS-", "The ")
            mine = seen.requester.name
            others = {*PEOPLE, "Author"} - known_as(mine, history)
            assert mine in said or any(name == "erase" for name, *_ in history)
            assert not [name for name in others if name in said]
            assert not [key for key in KEYS if key in said], "only public titles are shown"
            assert "Summary" not in said
            assert "Globex" not in said
            assert "100001" not in said
            assert "@" not in said
