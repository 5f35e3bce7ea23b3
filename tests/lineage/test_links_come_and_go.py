"""Rules 8 to 12: links that are repeated, removed or closed to a circle; items that move or go."""

from lineage.changes import IssueUnreadable
from lineage.questions import edges_at
from lineage.terms import EdgeKind
from tests.lineage.story import Story

HALF = "1/2"


def test_shares_are_exact_however_deep(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.split("KS-3", into=["KS-4", "KS-5"])
    story.duplicate("KS-4", of="KS-2")
    assert story.shares(ana) == {"KS-1 itself": "1/3", "KS-2": "4/9", "KS-3 itself": "1/9", "KS-5": "1/9"}


def test_hearing_a_link_again_changes_nothing(story: Story) -> None:
    story.issue("KS-1")
    story.split("KS-1", into=["KS-2"])
    assert not story.look("KS-1", "KS-2")


def test_removing_a_link_restores_what_was_before_it(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ana = story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.disconnect("KS-1", "KS-2")
    assert story.shares(ana) == {"KS-1": "1"}


def test_a_link_counts_as_removed_only_when_neither_end_lists_it(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ana = story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.tracker.unlink("KS-1", "KS-2", at=story.now)
    story.look("KS-1")
    assert story.shares(ana) == {"KS-2": "1"}
    story.look("KS-2")
    assert story.shares(ana) == {"KS-1": "1"}


def test_deleting_or_hiding_a_part_moves_no_credit(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.tracker.unlink("KS-1", "KS-2", at=story.now)
    story.deleted("KS-2")
    story.record(IssueUnreadable(story.id("KS-2"), story.now))
    story.look("KS-1")
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-2": HALF}


def test_the_link_that_would_close_a_circle_waits_until_the_circle_is_gone(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "KS-2")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-2", of="KS-1")
    assert story.shares(ana) == story.shares(bo) == {"KS-2": "1"}
    aside = edges_at(story.conn, story.workspace, story.id("KS-1"))[1]
    assert not aside.stands and "remove one of the links" in aside.why
    story.disconnect("KS-1", "KS-2")
    assert story.shares(ana) == story.shares(bo) == {"KS-1": "1"}


def test_circles_over_splits_are_opened_too(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    ana = story.ask("Ana", "KS-1")
    story.connect(EdgeKind.SPLIT, ("KS-1", "KS-2"))
    story.connect(EdgeKind.SPLIT, ("KS-2", "KS-3"))
    story.connect(EdgeKind.MERGED, ("KS-3", "KS-1"))
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-2 itself": "1/4", "KS-3": "1/4"}


def test_a_link_of_another_kind_moves_nothing(story: Story) -> None:
    story.issue("KS-1", unmapped_links=("Cloners",))
    ana = story.ask("Ana", "KS-1")
    assert story.shares(ana) == {"KS-1": "1"}
    assert story.asked(ana).item.unmapped_links == ("Cloners",)


def test_a_moved_issue_is_the_same_item(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.later()
    story.tracker.move("KS-1", "OPS-7", at=story.now)
    story.look("OPS-7")
    assert story.shares(ana) == {"OPS-7": "1"}


def test_asks_wait_on_a_deleted_item_for_a_person(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.deleted("KS-1")
    assert story.shares(ana) == {"KS-1": "1"}
    assert story.state("KS-1") == "gone"
    assert story.asked(ana).next == "KS-1 was deleted: link the request to another issue"


def test_an_answer_from_before_the_deletion_does_not_bring_an_issue_back(story: Story) -> None:
    story.issue("KS-1")
    late = story.tracker.seen("KS-1")
    story.deleted("KS-1")
    assert not story.record(late)
    assert story.state("KS-1") == "gone"


def test_a_404_is_not_a_deletion(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.record(IssueUnreadable(story.id("KS-1"), story.now))
    assert story.state("KS-1") == "open" and story.asked(ana).item.unreadable
    assert story.look("KS-1"), "that it can be read again is news"
    assert not story.asked(ana).item.unreadable


def test_an_answer_older_than_what_is_known_changes_nothing(story: Story) -> None:
    story.issue("KS-1")
    old = story.tracker.seen("KS-1")
    story.done("KS-1")
    assert not story.record(old)
    assert story.state("KS-1") == "delivered"


def test_a_withdrawn_ask_rests_nowhere(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.unlink(ana, "KS-1")
    assert story.shares(ana) == {} and story.standing(ana).startswith("withdrawn")
    assert story.on("KS-1") == []


def test_an_ask_whose_link_was_taken_back_can_be_kept(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.unlink(ana, "KS-1", keep=True)
    assert story.shares(ana) == {"KS-1": "1"} and story.asked(ana).detached


def test_an_ask_that_was_withdrawn_can_be_linked_again(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.unlink(ana, "KS-1")
    assert story.link(ana, "KS-1")
    assert story.shares(ana) == {"KS-1": "1"} and story.standing(ana) == "waiting 0/1"
    assert not story.link(ana, "KS-1"), "it is linked already"
