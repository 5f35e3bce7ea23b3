"""What the rules say of votes and the engine does not do yet; the model already does."""

import pytest

from lineage.changes import PersonSeen, Voted
from tests.lineage.story import Story
from tests.lineage.test_how_much_items_count import of


@pytest.mark.xfail(strict=True, reason="each ask of a vote counts as a vote; §3 counts exact sets")
def test_a_vote_for_a_post_on_two_issues_counts_once_where_they_are_merged(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-1")
    story.post("9", placed="KS-2")
    story.vote("Ana", "9")
    story.duplicate("KS-1", of="KS-2")
    assert of(story, "KS-2").votes == 1


@pytest.mark.xfail(strict=True, reason="nothing reads whether a visitor has proven an address")
def test_who_has_proven_no_address_votes_and_is_no_requester(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.record(Voted("9", PersonSeen("forum", "f-gus", "Gus"), story.now))
    assert (of(story, "KS-1").votes, of(story, "KS-1").requesters) == (1, 0)
