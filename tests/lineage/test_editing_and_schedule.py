"""A person's own words for one message, and the moment at which it may leave."""

from datetime import timedelta
from typing import Any

import pytest

from lineage import editing, notices, pausing
from lineage.errors import LineageError
from lineage.outcomes import notices as kept
from lineage.questions import NoticeView, history_of
from lineage.questions.queue import Before, Filters, Group, QueuePage, queue
from store import workspaces
from store.workspaces import Workspace
from tests.lineage.sent import to
from tests.lineage.story import Story

HOURS = timedelta(hours=5)
OURS = "Good news of our own:\n\nit is *there*."


@pytest.fixture
def draft(story: Story) -> NoticeView:
    """KS-1 will not be done; whoever asked is told so once somebody approves the words."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    (draft,) = story.notices(state="awaiting_approval")
    return draft


def edit(story: Story, notice: NoticeView, words: str = OURS) -> NoticeView:
    editing.edit(
        story.conn, story.workspace, notice.id, digest=notice.digest, words=words, by="Agnes", now=story.now
    )
    return one(story)


def approve(story: Story, notice: NoticeView, after: timedelta | None = None) -> NoticeView:
    at = story.now + after if after is not None else None
    notices.approve(
        story.conn, story.workspace, notice.id, digest=notice.digest, by="Olga", now=story.now, at=at
    )
    return one(story)


def one(story: Story) -> NoticeView:
    (found,) = [notice for notice in story.notices() if notice.state != "cancelled"]
    return found


def before(story: Story) -> Before | None:
    (found,) = queue(story.conn, story.workspace, "waiting", now=story.now).messages
    return found.before


# --- the moment


def test_what_is_approved_for_later_leaves_then_and_not_before(story: Story, draft: NoticeView) -> None:
    waits = approve(story, draft, HOURS)
    assert waits.scheduled and waits.not_before == story.now + HOURS
    story.later(minutes=299)
    assert story.send_due() == []
    story.later(minutes=1)
    assert to(story.send_due()) == [("Ana", "declined")]


def test_nothing_makes_it_leave_before_its_moment(story: Story, draft: NoticeView) -> None:
    """Not even a row that says that it is due: the moment is asked for where the words are fixed."""
    waits = approve(story, draft, HOURS)
    story.conn.execute(kept.update().values(due_at=story.now))
    assert notices.begin(story.conn, story.workspace, waits.id, now=story.now) == waits.not_before
    assert story.send_due() == []


def test_the_moment_is_told_where_somebody_asks_what_is_next(story: Story, draft: NoticeView) -> None:
    waits = approve(story, draft, HOURS)
    (ask,) = story.asks_of("101")
    assert waits.not_before is not None
    assert ask.next == f"goes out on {waits.not_before:%-d %b %Y, %H:%M} UTC"
    told = [entry.what for entry in history_of(story.conn, story.workspace, item_id=draft.issues[0].id)]
    assert any(f"to go out not before {waits.not_before:%Y-%m-%dT%H:%M} UTC" in words for words in told)


def test_a_moment_is_chosen_anew_or_given_up_for_now_or_for_good(story: Story, draft: NoticeView) -> None:
    approve(story, draft, HOURS)
    assert approve(story, draft, 2 * HOURS).not_before == story.now + 2 * HOURS
    assert approve(story, draft).not_before is None
    with pytest.raises(LineageError, match="nothing to approve"):
        approve(story, draft)
    story.later()
    assert to(story.send_due()) == [("Ana", "declined")]


def test_a_scheduled_message_can_be_cancelled(story: Story, draft: NoticeView) -> None:
    waits = approve(story, draft, HOURS)
    assert notices.cancel(story.conn, story.workspace, waits.id, by="Olga", now=story.now)
    story.later(minutes=999)
    assert story.send_due() == []


def test_other_words_void_the_approval_and_its_moment(story: Story, draft: NoticeView) -> None:
    approve(story, draft, HOURS)
    story.title("KS-1", "Quite another title")
    again = one(story)
    assert (again.state, again.not_before) == ("awaiting_approval", None)
    assert before(story) == Before("approved", draft.text)
    story.later(minutes=999)
    assert story.send_due() == []


def test_what_goes_out_by_itself_keeps_its_moment_though_the_words_change(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    waits = approve(story, one(story), HOURS)
    story.title("KS-1", "Quite another title")
    assert one(story).state == "held"
    story.later(minutes=200)
    assert story.send_due() == []
    story.now = waits.not_before or story.now
    assert to(story.send_due()) == [("Ana", "delivered")]


def test_a_moment_that_is_past_is_now_and_one_in_years_is_refused(story: Story, draft: NoticeView) -> None:
    with pytest.raises(LineageError, match="more than a year"):
        approve(story, draft, timedelta(days=400))
    assert approve(story, draft, -HOURS).not_before is None


# --- the words


def test_edited_words_go_out_as_they_were_approved(story: Story, draft: NoticeView) -> None:
    mine = edit(story, draft)
    assert (mine.text, mine.edited_by, mine.state) == (OURS, "Agnes", "awaiting_approval")
    assert before(story) == Before("drafted", draft.text)
    with pytest.raises(LineageError, match="something else by now"):
        approve(story, draft)
    approve(story, mine)
    (sent,) = story.send_all()
    assert sent.text == OURS


def test_what_goes_out_by_itself_waits_once_somebody_edited_it(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    mine = edit(story, one(story))
    story.later(minutes=99)
    assert mine.state == "awaiting_approval" and story.send_due() == []
    approve(story, mine)
    (sent,) = story.send_all()
    assert sent.text == OURS


def test_edited_words_fall_when_others_are_due_and_both_are_shown(story: Story, draft: NoticeView) -> None:
    approve(story, edit(story, draft), HOURS)
    story.title("KS-1", "Quite another title")
    again = one(story)
    assert (again.state, again.edited_by, again.not_before) == ("awaiting_approval", None, None)
    assert "Quite another title" in again.text and again.reason == editing.FELL
    assert before(story) == Before("approved", OURS)


def test_edited_words_of_what_goes_out_by_itself_fall_into_waiting(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    approve(story, edit(story, one(story)), HOURS)
    story.title("KS-1", "Quite another title")
    assert one(story).state == "awaiting_approval"
    story.later(minutes=999)
    assert story.send_due() == []


def test_an_approval_of_edited_words_is_lost_with_another_edit(story: Story, draft: NoticeView) -> None:
    mine = approve(story, edit(story, draft), HOURS)
    other = edit(story, mine, "Others.")
    assert (other.state, other.approved_by, other.not_before) == ("awaiting_approval", None, None)
    ours = edit(story, other, draft.text)
    assert (ours.edited_by, ours.digest, ours.text) == (None, draft.digest, draft.text)


@pytest.mark.parametrize(
    ("words", "why"), [(" \n\n ", "no words"), ("x" * 10_001, "too long"), ("\u202e\u0007 ", "no words")]
)
def test_words_that_say_nothing_or_too_much_are_refused(
    story: Story, draft: NoticeView, words: str, why: str
) -> None:
    with pytest.raises(LineageError, match=why):
        edit(story, draft, words)


def test_edited_words_can_neither_break_out_nor_be_filled_in(story: Story, draft: NoticeView) -> None:
    edit(story, draft, "<script>x</script>\r\nand {{ticket.requester.email}}\r\n\r\n\r\nbye")
    row = story.conn.execute(kept.select()).one()
    assert row.text == "<script>x</script>\nand { {ticket.requester.email}}\n\nbye"
    assert row.html == (
        "<p>&lt;script&gt;x&lt;/script&gt;<br>and { {ticket.requester.email}}</p>\n<p>bye</p>"
    )


def test_who_was_forgotten_leaves_no_word_of_a_draft(story: Story, draft: NoticeView) -> None:
    from lineage.changes import Erased

    edit(story, approve(story, edit(story, draft), HOURS), "Others.")
    story.record(Erased(story.person("Ana"), by="x", at=story.now))
    row = story.conn.execute(kept.select()).one()
    assert (row.text, row.html, row.drafted_text, row.words_before) == ("", "", None, None)


def test_what_was_sent_is_not_edited(story: Story, draft: NoticeView) -> None:
    approve(story, draft)
    story.send_all()
    with pytest.raises(LineageError, match="cannot be edited any more"):
        edit(story, draft)


# --- the queue


def test_the_queue_is_read_a_page_at_a_time_and_filtered(story: Story) -> None:
    story.issue("KS-1")
    story.issue("KS-2")
    for who in ("Ana", "Bo", "Cy"):
        story.ask(who, "KS-1")
    story.ask("Di", "KS-2")
    story.decline("KS-1")
    story.done("KS-2")
    story.conn.execute(kept.update().where(kept.c.lane == "automatic").values(language="de-AT"))

    def read(group: Group, **more: Any) -> QueuePage:
        return queue(story.conn, story.workspace, group, now=story.now, **more)

    def names(page: QueuePage) -> list[str]:
        return [one.notice.person_name for one in page.messages]

    first = read("waiting", most=2)
    assert (names(first), first.total) == (["Ana", "Bo"], 3)
    second = read("waiting", most=2, after=first.after)
    assert (names(second), second.after) == (["Cy"], None)
    assert names(read("going", filters=Filters(language="de"))) == ["Di"]
    assert names(read("going", filters=Filters(language="en"))) == []
    assert names(read("going", filters=Filters(kind="delivered", lane="automatic", where="ticket"))) == ["Di"]
    assert names(read("going", filters=Filters(where="forum"))) == []
    assert read("waiting", filters=Filters(item=story.id("KS-2"))).total == 0
    assert read("waiting", filters=Filters(item=story.id("KS-1"))).total == 3
    assert names(read("going", filters=Filters(state="queued"))) == []
    approve_first = story.notices(state="awaiting_approval")[0]
    notices.approve(
        story.conn, story.workspace, approve_first.id, digest=approve_first.digest, by="x", now=story.now,
        at=story.now + HOURS,
    )  # fmt: skip
    assert names(read("scheduled")) == ["Ana"] and names(read("going")) == ["Di"]
    story.now += HOURS
    assert names(read("scheduled")) == [] and names(read("going")) == ["Ana", "Di"]


def test_beside_new_words_stands_what_the_person_heard_last(split: Story) -> None:
    split.done("KS-2")
    (told,) = split.send_all()
    split.decline("KS-3")
    found = before(split)
    assert found is not None and (found.what, found.words) == ("told", told.text)


# --- the pause


def test_a_pause_says_who_and_since_when_and_whoever_was_first_stays(story: Story) -> None:
    def now() -> Workspace:
        return workspaces.by_id(story.conn, story.workspace.id)

    began = story.now
    assert pausing.pause(story.conn, story.workspace, by="Olga", now=began)
    story.later()
    assert not pausing.pause(story.conn, story.workspace, by="Bea", now=story.now)
    assert (now().policy.paused, now().paused_by, now().paused_at) == (True, "Olga", began)
    assert pausing.resume(story.conn, story.workspace, by="Bea", now=story.now)
    assert (now().policy.paused, now().paused_by, now().paused_at) == (False, "", None)
    assert not pausing.resume(story.conn, story.workspace, by="Bea", now=story.now)
