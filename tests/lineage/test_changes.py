"""The one door: hearing again changes nothing, and what cannot be is refused with a sentence."""

import pytest
from sqlalchemy import func, select

from lineage import changes
from lineage.errors import LineageError, Unknown
from lineage.tables import history
from lineage.terms import EdgeKind, ItemId, Origin, PersonId
from store.looks import looks
from tests.lineage.cast import member
from tests.lineage.story import Story


def rows(story: Story) -> int:
    return story.conn.scalar(select(func.count()).select_from(history)) or 0


def test_what_says_nothing_new_leaves_no_row(split: Story) -> None:
    split.narrow("Ana", "KS-1", to=["KS-2"])
    split.sizes("KS-1", {"KS-2": 2})
    split.opt_out("Ana")
    split.post("9", placed="KS-1")
    before = rows(split)
    again = [
        split.look("KS-1", "KS-2", "KS-3"),
        split.again(split.tickets["101"]),
        split.narrow("Ana", "KS-1", to=["KS-2"]),
        split.sizes("KS-1", {"KS-2": 2}),
        split.keeps_part("KS-1", False),
        split.title("KS-1", "The  KS-1 thing "),
        split.opt_out("Ana"),
        split.link("101", "KS-1"),
        split.record(changes.Linked(Origin("forum:post", "9"), split.id("KS-1"), "agent", split.now)),
    ]
    assert not any(again)
    assert rows(split) == before


@pytest.mark.parametrize("number", ["999", "0"])
def test_a_ticket_that_nobody_has_read_cannot_be_linked(story: Story, number: str) -> None:
    story.issue("KS-1")
    with pytest.raises(Unknown, match="look at it first"):
        story.link(number, "KS-1")


def test_an_issue_that_nobody_has_read_cannot_be_linked_to(story: Story) -> None:
    ticket = story.ticket("Ana")
    with pytest.raises(Unknown, match="Nothing is known of issue 10077"):
        story.record(changes.Linked(Origin("zendesk:ticket", ticket), ItemId("10077"), "agent", story.now))


def test_what_is_not_linked_cannot_be_unlinked(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ticket("Ana")
    with pytest.raises(Unknown, match="is not linked to this issue"):
        story.unlink(ticket, "KS-1")


def test_a_post_without_votes_can_be_taken_off_an_issue(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    assert story.record(
        changes.Unlinked(Origin("forum:post", "9"), story.id("KS-1"), False, "agent", story.now)
    )
    story.vote("Ana", "9")
    assert story.on("KS-1") == []


def test_votes_on_a_post_that_is_not_published_are_refused(story: Story) -> None:
    with pytest.raises(Unknown, match="no published post 77"):
        story.record(changes.Voted("77", member("Ana"), story.now))


def test_a_vote_taken_back_and_cast_again_counts_once(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    assert story.vote("Ana", "9") and not story.vote("Ana", "9")
    assert story.take_back_vote("Ana", "9") and not story.take_back_vote("Ana", "9")
    assert story.vote("Ana", "9")
    assert story.on("KS-1") == ["Ana"]


def test_sizes_are_whole_and_positive(split: Story) -> None:
    with pytest.raises(LineageError, match="from 1 to 1,000,000"):
        split.sizes("KS-1", {"KS-2": 0})


def test_a_public_title_is_short(story: Story) -> None:
    story.issue("KS-1")
    with pytest.raises(LineageError, match="at most 200 characters"):
        story.title("KS-1", "x" * 201)


def test_nobody_cannot_opt_out(story: Story) -> None:
    with pytest.raises(Unknown, match="Nobody is known"):
        story.record(changes.OptedOut(PersonId(404), "agent", story.now))


def test_what_must_be_read_because_of_a_change_is_asked_for(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    wanted = {
        tuple(row) for row in story.conn.execute(select(looks.c.system, looks.c.kind, looks.c.object_id))
    }
    assert wanted == {("hubspot", "email", "ana@example.com")}
    story.tracker.make("KS-2", at=story.now)
    story.tracker.link(EdgeKind.SPLIT, "KS-1", "KS-2", at=story.now)
    story.look("KS-1")
    wanted = {
        tuple(row) for row in story.conn.execute(select(looks.c.system, looks.c.kind, looks.c.object_id))
    }
    assert ("jira", "issue", "10002") in wanted
