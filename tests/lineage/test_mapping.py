"""Rule 11: people say which link types split and merge and what resolutions mean, and may say otherwise."""

from lineage.changes import MappingChanged
from lineage.questions import edges_at
from lineage.terms import EdgeKind
from tests.lineage.sent import to
from tests.lineage.story import Story
from tests.lineage.tracker import TYPES

SPLIT, MERGE = TYPES[EdgeKind.SPLIT], TYPES[EdgeKind.MERGED]
REASONS = {"1": "delivered", "2": "declined"}
PARTS = {"KS-1 itself": "1/3", "KS-2": "1/3", "KS-3": "1/3"}


def means(story: Story, type_id: str, kind: EdgeKind | None) -> None:
    """Somebody maps a link type. Nothing is read again yet."""
    story.tracker.meant[type_id] = kind
    story.record(MappingChanged(dict(story.tracker.meant), REASONS, "agent", story.now))


def split(story: Story) -> str:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    return ana


def test_links_of_a_type_that_means_nothing_any_more_move_nothing(story: Story) -> None:
    ana = split(story)
    means(story, SPLIT, None)
    assert story.shares(ana) == {"KS-1": "1"}
    assert not story.look("KS-1", "KS-2", "KS-3"), "reading says the same"
    assert edges_at(story.conn, story.workspace, story.id("KS-1")) == []
    means(story, SPLIT, EdgeKind.SPLIT)
    assert story.shares(ana) == PARTS
    assert not story.look("KS-1", "KS-2", "KS-3")


def test_a_link_of_a_deleted_issue_means_what_its_type_means_now(story: Story) -> None:
    ana = split(story)
    story.deleted("KS-2")
    story.look("KS-1")
    means(story, SPLIT, None)
    assert story.shares(ana) == {"KS-1": "1"}
    means(story, SPLIT, EdgeKind.SPLIT)
    assert story.shares(ana) == PARTS, "and it is not forgotten"


def test_links_may_come_to_mean_the_other_thing(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ana = story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    means(story, MERGE, EdgeKind.SPLIT)
    assert story.shares(ana) == {"KS-1 itself": "1/2", "KS-2": "1/2"}


def test_a_link_that_was_removed_does_not_come_back_with_the_meaning_of_its_type(story: Story) -> None:
    ana = split(story)
    story.disconnect("KS-1", "KS-2")
    means(story, SPLIT, None)
    means(story, SPLIT, EdgeKind.SPLIT)
    assert story.shares(ana) == {"KS-1 itself": "1/2", "KS-3": "1/2"}


def test_a_link_that_was_removed_while_it_meant_nothing_is_found_gone_when_it_is_read(story: Story) -> None:
    ana = split(story)
    means(story, SPLIT, None)
    story.disconnect("KS-1", "KS-2")
    means(story, SPLIT, EdgeKind.SPLIT)
    story.look("KS-1", "KS-2", "KS-3")
    assert story.shares(ana) == {"KS-1 itself": "1/2", "KS-3": "1/2"}


def test_a_reason_that_somebody_maps_delivers_what_was_closed_for_it(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.change("KS-1", category="done", status="Done", resolution_id="7", meaning=None)
    assert (story.state("KS-1"), story.standing(ana)) == ("closed", "waiting 0/1")
    story.record(MappingChanged(dict(story.tracker.meant), {**REASONS, "7": "delivered"}, "agent", story.now))
    assert (story.state("KS-1"), story.standing(ana)) == ("delivered", "delivered 1/1")
    assert to(story.send_all()) == [("Ana", "delivered")]
    story.record(MappingChanged(dict(story.tracker.meant), {**REASONS, "7": "declined"}, "agent", story.now))
    assert story.state("KS-1") == "declined"
    assert "correction" in {notice.kind for notice in story.notices(state="awaiting_approval")}
