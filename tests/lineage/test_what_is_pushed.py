"""When an issue's demand is written to the tracker again, though what it counts is the same."""

from sqlalchemy import select

from lineage import changes
from lineage.outcomes import pushes
from tests.lineage.story import Story


def revision(story: Story, key: str) -> int:
    """How often it was asked for; 0 for never."""
    return story.conn.scalar(select(pushes.c.rev).where(pushes.c.item_id == story.id(key))) or 0


def test_an_issue_that_moves_to_another_project_is_written_to_again_for_that_one_may_be_public(
    story: Story,
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    before = revision(story, "KS-1")
    story.change("KS-1", project="OPEN")
    assert revision(story, "KS-1") == before + 1
    story.change("KS-1", project="OPEN")
    assert revision(story, "KS-1") == before + 1


def test_an_issue_that_nobody_asked_for_is_never_written_to(story: Story) -> None:
    story.issue("KS-1")
    story.change("KS-1", project="OPEN")
    story.record(changes.PolicyChanged(by="olga", at=story.now))
    assert revision(story, "KS-1") == 0


def test_a_changed_policy_writes_every_issue_again_for_amounts_may_be_shown_or_not(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    before = revision(story, "KS-1")
    story.policy(push_amounts=True)
    assert revision(story, "KS-1") == before + 1
    assert revision(story, "KS-2") == 0


def test_an_issue_that_became_a_part_is_written_to_again_for_the_tracker_shows_how_it_is_linked(
    story: Story,
) -> None:
    """What is asked for rests where it rested: only the word for the issue is another."""
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-2")
    before = revision(story, "KS-2")
    story.split("KS-1", into=["KS-2"])
    assert revision(story, "KS-2") > before
    assert revision(story, "KS-1") == 0, "nobody asked for it"
