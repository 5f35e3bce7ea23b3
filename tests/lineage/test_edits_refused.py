"""What a person's own words for a message may not do: go out unapproved, outlive ours, or speak to many."""

import pytest
from sqlalchemy import update

from lineage import editing, notices
from lineage.errors import LineageError
from lineage.outcomes import notices as kept
from lineage.questions import NoticeView
from tests.lineage.story import Story


def edit(story: Story, notice: NoticeView, *, digest: str = "", words: str = "It is there.") -> None:
    named = digest or notice.digest
    editing.edit(story.conn, story.workspace, notice.id, digest=named, words=words, by="Agnes", now=story.now)


@pytest.fixture
def held(story: Story) -> NoticeView:
    """KS-1 is done: Ana is told by itself, after the quiet period."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    (notice,) = story.notices(state="held")
    return notice


def test_edited_words_do_not_leave_unapproved_even_if_their_row_says_so(
    story: Story, held: NoticeView
) -> None:
    edit(story, held)
    story.conn.execute(update(kept).values(state="queued", due_at=story.now, parked_at=None))
    assert story.send_all() == []
    assert [notice.state for notice in story.notices()] == ["awaiting_approval"]


@pytest.mark.parametrize("declined", [False, True])
def test_edited_words_outlive_a_ticket_that_is_gone_for_a_while_and_wait_anew(
    story: Story, held: NoticeView, declined: bool
) -> None:
    if declined:  # that needs a yes anyway
        story.decline("KS-1")
    ticket = held.where.rpartition(":")[2]
    edit(story, story.notices()[-1])
    story.approve(story.notices()[-1])
    story.ticket_changes(ticket, status="deleted")
    gone = story.notices()[-1]
    assert (gone.state, gone.text, gone.edited_by) == ("blocked", "It is there.", "Agnes")
    notices.retry(story.conn, story.workspace, gone.id, now=story.now)
    story.later(minutes=99)
    assert story.send_due() == []
    story.ticket_changes(ticket, status="open")
    back = story.notices()[-1]
    assert (back.state, back.text, back.where) == ("awaiting_approval", "It is there.", held.where)
    story.later(minutes=99)
    assert story.send_due() == []
    story.approve(back)
    assert [sent.text for sent in story.send_all()] == ["It is there."]


def test_edited_words_fall_where_the_person_is_answered_in_another_place_after_all(
    story: Story, held: NoticeView
) -> None:
    ticket = held.where.rpartition(":")[2]
    edit(story, held)
    story.ticket_changes(ticket, status="deleted")
    story.ticket_changes(ticket, status="closed")
    (again,) = story.notices()
    assert (again.state, again.reason, again.edited_by) == ("awaiting_approval", editing.FELL, None)
    assert "we write to you here" in again.text and again.words_before == "It is there."


def test_whoever_read_other_words_edits_nothing(story: Story, held: NoticeView) -> None:
    edit(story, held, words="The first to write.")
    with pytest.raises(LineageError, match="says something else by now"):
        edit(story, held, digest=held.digest, words="The second, who read ours.")
    assert [notice.text for notice in story.notices()] == ["The first to write."]


def test_one_entry_for_many_is_not_edited(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Bo", "9")
    story.done("KS-1")
    (entry,) = story.notices(state="held")
    with pytest.raises(LineageError, match="answers many at once"):
        edit(story, entry)
