"""§5: what holds news up, and what people decide about it. Who is owed what is in `golden/`."""

import pytest

from lineage.errors import LineageError
from lineage.notices import approve
from tests.lineage.sent import to
from tests.lineage.story import Story

ALL = "That was everything you asked for."


def test_nothing_goes_out_while_the_workspace_is_paused(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.policy(paused=True)
    assert story.send_all() == []
    assert story.asked(ana).next == "goes out once the pause of this workspace is over"
    story.policy(paused=False)
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_internal_words_reach_no_customer(split: Story) -> None:
    split.done("KS-2")
    split.done("KS-3")
    for sent in split.send_all():
        assert "internal" not in sent.text and "KS-2:" not in sent.text


def test_what_becomes_true_again_beside_other_news_waits_anew(split: Story) -> None:
    split.done("KS-2")
    split.done("KS-3")
    split.later(minutes=10)
    split.reopen("KS-3")
    split.done("KS-3")
    split.later(minutes=10)
    assert split.send_due() == []
    split.later(minutes=5)
    assert to(split.send_due()) == [("Ana", "delivered")]


def test_the_rest_that_is_declined_is_told_after_approval(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.decline("KS-3")
    (draft,) = split.notices(state="awaiting_approval")
    assert draft.kind == "declined" and "✗" in draft.text and ALL not in draft.text
    split.approve(draft)
    assert to(split.send_all()) == [("Ana", "declined")]


# --- what people decide


def test_an_approval_holds_for_exactly_these_words(story: Story) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    story.ask("Ana", "KS-1")
    (draft,) = story.notices()
    story.title("KS-1", "Other words")
    with pytest.raises(LineageError, match="says something else by now"):
        approve(story.conn, story.workspace, draft.id, digest=draft.digest, by="agent", now=story.now)


def test_a_message_can_be_approved_before_its_quiet_period_is_over(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.approve(story.notices()[0])
    assert to(story.send_due()) == [("Ana", "delivered")]


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
