"""Rule 11: children show as progress, and are parts once a person says so."""

import pytest

from lineage.changes import ChildrenAreParts
from lineage.errors import Unknown
from lineage.questions import edges_at, item
from lineage.terms import EdgeKind, ItemId
from tests.lineage.sent import to
from tests.lineage.story import Story

ALL_PARTS = {"KS-1 itself": "1/3", "KS-2": "1/3", "KS-3": "1/3"}


def are_parts(story: Story, key: str, are: bool = True) -> bool:
    return story.record(ChildrenAreParts(story.id(key), are, "agent", story.now))


def adopt(story: Story, child: str, parent: str | None) -> None:
    """Jira has the issue under this one from now on; nothing was read yet."""
    story.later()
    story.tracker.adopt(child, parent, at=story.now)


@pytest.fixture
def epic(story: Story) -> Story:
    """Ana (ticket 101) asks for KS-1, whose children are KS-2 and KS-3."""
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    for child in ("KS-2", "KS-3"):
        adopt(story, child, "KS-1")
    story.look("KS-1", "KS-2", "KS-3")
    return story


def test_children_move_no_credit_and_show_as_progress(epic: Story) -> None:
    epic.done("KS-2")
    epic.look("KS-1")
    assert epic.shares("101") == {"KS-1": "1"}
    view = epic.asked("101").item
    assert (view.children_done, view.children_all, view.children_are_parts) == (1, 2, False)


def test_a_person_makes_children_parts_and_takes_it_back(epic: Story) -> None:
    assert are_parts(epic, "KS-1")
    assert epic.shares("101") == ALL_PARTS
    assert not are_parts(epic, "KS-1"), "it is so already"
    epic.keeps_part("KS-1", False)
    assert epic.shares("101") == {"KS-2": "1/2", "KS-3": "1/2"}
    epic.done("KS-3")
    epic.look("KS-1")
    view = item(epic.conn, epic.workspace, "KS-1")
    assert view is not None and (view.children_done, view.children_all) == (1, 2), "progress still shows"
    assert view.children_are_parts
    assert are_parts(epic, "KS-1", are=False)
    assert epic.shares("101") == {"KS-1": "1"}
    assert edges_at(epic.conn, epic.workspace, epic.id("KS-1")) == []


def test_children_are_told_of_like_any_other_part(epic: Story) -> None:
    are_parts(epic, "KS-1")
    epic.keeps_part("KS-1", False)
    epic.done("KS-2")
    assert to(epic.send_all()) == [("Ana", "part_delivered")]
    epic.done("KS-3")
    assert to(epic.send_all()) == [("Ana", "delivered")]


def test_a_child_that_was_done_before_it_became_a_part_waits_for_a_person(epic: Story) -> None:
    epic.done("KS-2")
    are_parts(epic, "KS-1")
    assert epic.send_all() == []
    assert [notice.state for notice in epic.notices()] == ["awaiting_approval"]


@pytest.mark.parametrize("read", [("KS-1",), ("KS-4",), ("KS-1", "KS-4"), ("KS-4", "KS-1")])
def test_a_new_child_joins_whichever_end_is_read(epic: Story, read: tuple[str, ...]) -> None:
    are_parts(epic, "KS-1")
    epic.issue("KS-4")
    adopt(epic, "KS-4", "KS-1")
    epic.look(*read)
    assert epic.shares("101") == dict.fromkeys((*ALL_PARTS, "KS-4"), "1/4")
    assert not epic.look(*read), "hearing it again changes nothing"


def test_a_new_child_does_not_join_who_wanted_only_some_parts(epic: Story) -> None:
    are_parts(epic, "KS-1")
    epic.narrow("Ana", "KS-1", to=["KS-2"])
    epic.issue("KS-4")
    adopt(epic, "KS-4", "KS-1")
    epic.look("KS-1")
    assert epic.shares("101") == {"KS-2": "1"}


def test_a_child_leaves_only_when_neither_end_says_that_it_is_one(epic: Story) -> None:
    are_parts(epic, "KS-1")
    adopt(epic, "KS-3", None)
    epic.look("KS-1")
    assert epic.shares("101") == ALL_PARTS, "the child was not read yet"
    epic.look("KS-3")
    assert epic.shares("101") == {"KS-1 itself": "1/2", "KS-2": "1/2"}
    adopt(epic, "KS-3", "KS-1")
    epic.look("KS-3")
    assert epic.shares("101") == ALL_PARTS, "and it comes back"


def test_a_child_that_moves_to_another_parent_leaves_and_joins(epic: Story) -> None:
    epic.issue("KS-5")
    are_parts(epic, "KS-1")
    are_parts(epic, "KS-5")
    bo = epic.ask("Bo", "KS-5")
    adopt(epic, "KS-3", "KS-5")
    epic.look("KS-3", "KS-1")
    assert epic.shares("101") == {"KS-1 itself": "1/2", "KS-2": "1/2"}
    assert epic.shares(bo) == {"KS-5 itself": "1/2", "KS-3": "1/2"}


def test_deleting_or_hiding_a_child_moves_no_credit(epic: Story) -> None:
    are_parts(epic, "KS-1")
    epic.deleted("KS-2")
    epic.look("KS-1", "KS-2")
    assert epic.shares("101") == ALL_PARTS
    assert epic.state("KS-2") == "gone"


def test_a_child_that_is_linked_as_a_part_too_is_one_part(epic: Story) -> None:
    epic.connect(EdgeKind.SPLIT, ("KS-1", "KS-3"))
    are_parts(epic, "KS-1")
    assert epic.shares("101") == ALL_PARTS
    epic.disconnect("KS-1", "KS-3")
    assert epic.shares("101") == ALL_PARTS, "it still is a child"


def test_children_come_after_linked_parts_the_older_one_first(epic: Story) -> None:
    epic.issue("KS-10", "KS-9")
    for child in ("KS-10", "KS-9"):
        adopt(epic, child, "KS-1")
    epic.issue("KS-11")
    epic.connect(EdgeKind.SPLIT, ("KS-1", "KS-11"))
    epic.look("KS-1", "KS-9", "KS-10")
    are_parts(epic, "KS-1")
    view = item(epic.conn, epic.workspace, "KS-1")
    assert view is not None
    assert view.parts == tuple(epic.id(key) for key in ("KS-11", "KS-2", "KS-3", "KS-9", "KS-10"))


def test_a_child_of_a_child_is_a_part_of_a_part(epic: Story) -> None:
    epic.issue("KS-4")
    adopt(epic, "KS-4", "KS-2")
    epic.look("KS-2", "KS-4")
    are_parts(epic, "KS-1")
    assert epic.shares("101") == ALL_PARTS, "only of the issue of which somebody said it"
    are_parts(epic, "KS-2")
    assert epic.shares("101") == {"KS-1 itself": "1/3", "KS-2 itself": "1/6", "KS-4": "1/6", "KS-3": "1/3"}


def test_children_of_what_nobody_knows_cannot_be_parts(story: Story) -> None:
    with pytest.raises(Unknown):
        story.record(ChildrenAreParts(ItemId("77"), True, "agent", story.now))
