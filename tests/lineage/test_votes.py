"""Votes: taken back, given again, given or placed after the work was done (§1, §5)."""

from lineage.changes import Linked, Unlinked
from lineage.questions import demand
from lineage.terms import Origin
from tests.lineage.recompute import differs_from_a_full_recompute
from tests.lineage.sent import to
from tests.lineage.story import Story

POST = Origin("forum:post", "9")


def place(story: Story, key: str) -> None:
    story.record(Linked(POST, story.id(key), "agent", story.now))


def take_off(story: Story, key: str, *, keep: bool = False) -> None:
    story.record(Unlinked(POST, story.id(key), keep, "agent", story.now))


def test_a_vote_is_swapped_by_taking_it_back_and_voting_elsewhere(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-1")
    story.post("8", placed="KS-2")
    story.vote("Ana", "9")
    story.take_back_vote("Ana", "9")
    story.vote("Ana", "8")
    assert (story.on("KS-1"), story.on("KS-2")) == ([], ["Ana"])
    story.done("KS-1")
    assert story.send_all() == []
    story.done("KS-2")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_a_vote_that_was_taken_back_and_given_again_before_it_was_done_is_told(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.take_back_vote("Ana", "9")
    assert story.vote("Ana", "9")
    story.done("KS-1")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_a_vote_that_was_given_again_after_it_was_done_is_owed_nothing(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.take_back_vote("Ana", "9")
    story.done("KS-1")
    story.vote("Ana", "9")
    assert story.send_all() == [] and story.notices() == []


def test_a_vote_cast_before_it_was_done_and_placed_afterwards_waits_for_a_person(story: Story) -> None:
    story.issue("KS-1")
    story.post("9")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.vote("Bo", "9")
    place(story, "KS-1")
    assert story.send_all() == []
    (waits,) = story.notices()
    assert (waits.person_name, waits.state, waits.kind) == ("Ana", "awaiting_approval", "delivered")


def test_a_vote_on_what_is_merged_into_something_done_waits_for_a_person(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-2")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.duplicate("KS-2", of="KS-1")
    assert story.send_all() == []
    assert [(one.person_name, one.state) for one in story.notices()] == [("Ana", "awaiting_approval")]


def test_who_took_their_vote_back_before_the_post_was_taken_off_does_not_come_back_there(
    story: Story,
) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.vote("Bo", "9")
    story.take_back_vote("Ana", "9")
    take_off(story, "KS-1", keep=True)
    assert story.vote("Ana", "9")
    assert story.on("KS-1") == ["Bo"], "Bo is kept; Ana voted for a post that is placed nowhere"
    place(story, "KS-1")
    assert sorted(story.on("KS-1")) == ["Ana", "Bo"]


def test_a_post_that_moves_to_another_issue_takes_its_votes_along(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    take_off(story, "KS-1")
    place(story, "KS-2")
    story.vote("Bo", "9")
    assert (story.on("KS-1"), story.on("KS-2")) == ([], ["Ana", "Bo"])


def test_a_vote_that_reaches_an_issue_on_two_ways_is_one_vote_there_until_both_ways_are_gone(
    story: Story,
) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-1")
    place(story, "KS-2")
    story.vote("Ana", "9")
    story.vote("Bo", "9")
    story.duplicate("KS-1", of="KS-2")
    assert votes_on(story, "KS-2") == 2
    story.take_back_vote("Bo", "9")
    assert votes_on(story, "KS-2") == 1
    take_off(story, "KS-1")
    assert (votes_on(story, "KS-1"), votes_on(story, "KS-2")) == (0, 1), "it still asks for KS-2 itself"
    place(story, "KS-1")
    story.vote("Bo", "9")
    story.disconnect("KS-1", "KS-2")
    assert (votes_on(story, "KS-1"), votes_on(story, "KS-2")) == (2, 2)
    assert differs_from_a_full_recompute(story) == []


def test_two_votes_of_one_person_for_two_posts_are_two(story: Story) -> None:
    story.issue("KS-1")
    story.post("8", placed="KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "8")
    story.vote("Ana", "9")
    assert votes_on(story, "KS-1") == 2


def votes_on(story: Story, key: str) -> int:
    found = demand(story.conn, story.workspace, story.id(key))
    return found.votes if found else 0
