"""§5: which kinds go out by themselves, and what people decide about them."""

import pytest

from lineage.errors import LineageError
from lineage.notices import approve
from tests.lineage.sent import to
from tests.lineage.story import Story

ALL = "That was everything you asked for."


def test_declined_waits_for_a_person(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    assert story.send_all() == []
    story.approve(story.notices(state="awaiting_approval")[0])
    assert to(story.send_all()) == [("Ana", "declined")]


def test_no_automatic_message_gives_away_what_was_declined(split: Story) -> None:
    split.decline("KS-3")
    split.done("KS-2")
    (sent,) = split.send_all()
    assert sent.kind == "part_delivered"
    assert ALL not in sent.text and "✗" not in sent.text
    assert [notice.kind for notice in split.notices(state="awaiting_approval")] == ["declined"]


def test_what_is_known_to_be_declined_is_said_again_with_the_last_part(split: Story) -> None:
    split.decline("KS-3")
    split.approve(split.notices()[0])
    assert to(split.send_all()) == [("Ana", "declined")]
    split.done("KS-2")
    (sent,) = split.send_all()
    assert sent.kind == "delivered" and "✗" in sent.text and ALL not in sent.text
    assert split.send_all() == []


def test_the_rest_that_is_declined_is_told_after_approval(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.decline("KS-3")
    (draft,) = split.notices(state="awaiting_approval")
    assert draft.kind == "declined" and "✗" in draft.text and ALL not in draft.text
    split.approve(draft)
    assert to(split.send_all()) == [("Ana", "declined")]


def test_an_ask_that_became_final_after_a_promise_is_owed_a_closing_message(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.duplicate("KS-3", of="KS-2")
    (sent,) = split.send_all()
    assert sent.kind == "delivered" and ALL in sent.text
    assert split.send_all() == []


def test_an_own_part_that_nobody_explained_says_nothing(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    assert story.send_all() == [] and story.notices() == []
    story.keeps_part("KS-1", True)
    assert to(story.send_all()) == [("Ana", "part_delivered")]
    assert story.asked(ana).next == "when KS-2 is done"


def test_a_container_that_closes_says_nothing_of_its_own(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    story.keeps_part("KS-1", False)
    assert story.send_all() == []
    story.done("KS-2")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_linked_and_started_are_said_only_where_the_workspace_wants_it(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.start("KS-1")
    assert story.send_all() == []
    story.policy(auto_kinds=("linked", "started", "part_delivered", "delivered"))
    story.ask("Bo", "KS-2")
    assert to(story.send_all()) == [("Bo", "linked")]
    story.start("KS-2")
    assert to(story.send_all()) == [("Bo", "started")]
    story.reopen("KS-2")
    story.start("KS-2")
    assert story.send_all() == []
    story.done("KS-2")
    assert to(story.send_all()) == [("Bo", "delivered")]


def test_where_nothing_goes_out_by_itself_everything_waits_for_approval(story: Story) -> None:
    story.policy(auto_kinds=())
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    assert story.asked(ana).next == "when KS-1 is done, and a person approves the words"
    story.done("KS-1")
    assert story.send_all() == []
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["delivered"]


def test_done_is_told_when_it_is_released(story: Story) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.fix_version("KS-1", "2.0")
    story.done("KS-1")
    assert story.send_all() == []
    assert story.asked(ana).next == "when KS-1 is released"
    story.release("2.0")
    assert to(story.send_all()) == [("Ana", "delivered")]


# --- what people decide


def test_an_approval_holds_for_exactly_these_words(story: Story) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    story.ask("Ana", "KS-1")
    (draft,) = story.notices()
    story.title("KS-1", "Other words")
    with pytest.raises(LineageError, match="says something else by now"):
        approve(story.conn, story.workspace, draft.id, digest=draft.digest, by="agent", now=story.now)


def test_other_words_than_those_approved_need_approval_again(story: Story) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    story.ask("Ana", "KS-1")
    story.approve(story.notices()[0])
    story.title("KS-1", "Other words")
    assert story.send_all() == []
    (again,) = story.notices()
    assert again.state == "awaiting_approval"
    story.approve(again)
    assert "Other words" in story.send_all()[0].text


def test_a_message_can_be_approved_before_its_quiet_period_is_over(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.approve(story.notices()[0])
    assert to(story.send_due()) == [("Ana", "delivered")]


def test_what_a_person_cancelled_is_not_planned_again_until_it_becomes_true_anew(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.cancel(story.notices()[0])
    story.look("KS-1")
    story.title("KS-1", "Other words")
    assert story.send_all() == []
    story.reopen("KS-1")
    story.done("KS-1")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_what_has_left_cannot_be_cancelled_or_approved(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    (notice,) = story.notices()
    with pytest.raises(LineageError, match="cannot be cancelled"):
        story.cancel(notice)
    with pytest.raises(LineageError, match="nothing to approve"):
        story.approve(notice)


def test_an_unlinked_request_is_told_nothing_unless_it_is_kept(story: Story) -> None:
    story.issue("KS-1")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "KS-1")
    story.done("KS-1")
    story.unlink(ana, "KS-1")
    story.unlink(bo, "KS-1", keep=True)
    assert to(story.send_all()) == [("Bo", "delivered")]
