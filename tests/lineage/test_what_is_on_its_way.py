"""§5: notices between the first attempt and the last word: what may be done with them, and what never."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lineage import notices, outbox
from lineage.errors import LineageError
from lineage.notices import Sending
from lineage.outcomes import notices as kept
from lineage.outcomes import told
from store.waiting import Claimed
from tests.lineage.sent import to
from tests.lineage.story import Story


def begun(story: Story) -> tuple[Claimed, Sending]:
    """The one notice that is due, begun by a worker."""
    story.later(minutes=16)
    (claimed,) = outbox.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=10)
    sending = notices.begin(story.conn, story.workspace, claimed.id, now=story.now)
    assert isinstance(sending, Sending)
    return claimed, sending


def in_doubt(story: Story) -> tuple[Claimed, Sending]:
    """The same, of which nobody knows whether it arrived."""
    claimed, sending = begun(story)
    notices.keep(story.conn, sending, {"sent_at": story.now.isoformat(), "stamp": "x"})
    outbox.unknown(story.conn, claimed, until=story.now, reason="no answer")
    return claimed, sending


def again(story: Story) -> tuple[Claimed, Any]:
    """The next attempt at it."""
    story.later()
    (claimed,) = outbox.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=1)
    return claimed, notices.begin(story.conn, story.workspace, claimed.id, now=story.now)


def state(story: Story) -> list[str]:
    return [one.state for one in story.notices()]


@pytest.fixture
def done(story: Story) -> Story:
    """Ana asked for KS-1, which is done."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    return story


# --- approvals


def test_trying_again_does_not_stand_in_for_an_approval(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    (draft,) = story.notices(state="awaiting_approval")
    with pytest.raises(LineageError, match="nothing to try again"):
        notices.retry(story.conn, story.workspace, draft.id, now=story.now)
    assert story.send_all() == []


def test_what_nobody_approved_does_not_leave_even_if_its_row_says_so(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    story.conn.execute(update(kept).values(state="queued", due_at=story.now, parked_at=None))
    assert story.send_all() == []
    assert state(story) == ["awaiting_approval"]


# --- nothing was written


def test_what_could_not_be_written_is_worded_anew_and_not_sent_as_it_was(done: Story) -> None:
    claimed, _ = begun(done)
    outbox.wait(done.conn, done.workspace, claimed, until=done.now, reason="Zendesk is down", now=done.now)
    done.title("KS-1", "Better words")
    _, sending = again(done)
    assert "Better words" in sending.text


def test_what_a_worker_began_and_never_wrote_is_worded_anew(done: Story) -> None:
    begun(done)
    done.title("KS-1", "Better words")
    done.later()
    _, sending = again(done)
    assert "Better words" in sending.text


def test_what_could_not_be_written_can_still_be_cancelled(done: Story) -> None:
    claimed, _ = begun(done)
    outbox.wait(done.conn, done.workspace, claimed, until=done.now, reason="Zendesk is down", now=done.now)
    done.cancel(done.notices()[0])
    assert state(done) == ["cancelled"]
    assert done.send_all() == []


def test_who_opts_out_after_the_first_attempt_is_not_told_by_the_second(done: Story) -> None:
    claimed, _ = begun(done)
    outbox.wait(done.conn, done.workspace, claimed, until=done.now, reason="Zendesk is down", now=done.now)
    done.opt_out("Ana")
    assert done.send_all() == []
    assert state(done) == ["skipped"]


def test_cancelling_takes_a_notice_from_the_worker_that_has_only_begun(done: Story) -> None:
    claimed, _ = begun(done)
    assert notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    assert not outbox.SHELF.renew(done.conn, claimed, now=done.now, lease_s=20), "so it must not write"
    assert state(done) == ["cancelled"]


# --- nobody knows whether it arrived


def test_what_may_have_arrived_keeps_its_words(done: Story) -> None:
    _, first = in_doubt(done)
    done.title("KS-1", "Better words")
    _, sending = again(done)
    assert (sending.text, sending.mark) == (first.text, first.mark)
    assert sending.still_owed


@pytest.mark.parametrize("why", ["reopened", "opted out", "cancelled", "unlinked"])
def test_what_may_have_arrived_is_taken_back_when_it_is_not_to_be_said_any_more(
    done: Story, why: str
) -> None:
    claimed, _ = in_doubt(done)
    if why == "reopened":
        done.reopen("KS-1")
    elif why == "opted out":
        done.opt_out("Ana")
    elif why == "unlinked":
        done.unlink("101", "KS-1")
    else:
        assert not notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    claimed, sending = again(done)
    assert not sending.still_owed
    outbox.withdraw(done.conn, done.workspace, claimed, reason="taken back", now=done.now)
    assert done.send_all() == []
    assert set(state(done)) <= {"cancelled", "skipped"}


def test_what_was_cancelled_while_in_doubt_stays_cancelled_even_if_it_is_still_true(done: Story) -> None:
    claimed, _ = in_doubt(done)
    notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    claimed, _ = again(done)
    notices.keep(done.conn, again_of(done, claimed), {"sent_at": None})
    outbox.plan_again(
        done.conn, done.workspace, claimed, at=done.now, reason="the ticket closed", now=done.now
    )
    done.look("KS-1")
    assert done.send_all() == []
    assert state(done) == ["cancelled"]


def test_whoever_cancels_a_parked_notice_is_taken_to_have_looked(done: Story) -> None:
    """It was parked with the words "look there": before that, nobody was asked to."""
    claimed, _ = in_doubt(done)
    assert not notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    claimed, sending = again(done)
    assert "looked" not in sending.kept
    outbox.block(done.conn, done.workspace, claimed, reason="the ticket is gone: look there", now=done.now)
    assert not notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    _, sending = again(done)
    assert sending.kept["looked"] == "agent"


def test_what_was_cancelled_stays_so_though_the_worker_that_took_it_back_died(done: Story) -> None:
    claimed, sending = in_doubt(done)
    notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    notices.keep(done.conn, sending, {"sent_at": None})
    done.later()
    (claimed,) = outbox.SHELF.claim(done.conn, now=done.now, lease_s=20, limit=1)
    outbox.SHELF.park(done.conn, claimed, reason="taken 9 times", now=done.now)
    notices.retry(done.conn, done.workspace, claimed.id, now=done.now)
    claimed, begun = again(done)
    assert begun is None
    outbox.settled(done.conn, claimed)
    assert done.send_all() == []
    assert [(one.state, one.reason) for one in done.notices()] == [("cancelled", "cancelled by agent")]


def again_of(story: Story, claimed: Claimed) -> Sending:
    sending = notices.begin(story.conn, story.workspace, claimed.id, now=story.now)
    assert isinstance(sending, Sending)
    return sending


def test_what_was_found_to_have_arrived_after_it_was_cancelled_counts_as_told(done: Story) -> None:
    claimed, _ = in_doubt(done)
    notices.cancel(done.conn, done.workspace, claimed.id, by="agent", now=done.now)
    claimed, sending = again(done)
    assert outbox.confirm(done.conn, done.workspace, claimed, done.receipt(sending.place), now=done.now)
    assert state(done) == ["confirmed"]
    assert done.send_all() == []


def test_what_may_have_arrived_is_not_called_blocked_so_that_nothing_says_it_anew(done: Story) -> None:
    in_doubt(done)
    claimed, _ = again(done)
    outbox.block(done.conn, done.workspace, claimed, reason="the ticket is gone", now=done.now)
    (notice,) = done.notices()
    assert (notice.state, notice.reason) == ("unknown", "the ticket is gone")
    done.title("KS-1", "Other words")  # a blocked one would begin anew with these
    assert done.send_all() == []
    notices.retry(done.conn, done.workspace, notice.id, now=done.now)
    _, sending = again(done)
    assert "Other words" not in sending.text


def test_while_everything_is_paused_nothing_is_begun_and_what_is_in_doubt_is_only_read(done: Story) -> None:
    in_doubt(done)
    done.policy(paused=True)
    _, sending = again(done)
    assert not sending.may_write
    assert notices.begin(done.conn, done.workspace, sending.notice, now=done.now)


def test_a_second_message_to_the_same_person_says_for_which_one_it_waits(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-2")
    story.done("KS-1")
    claimed, _ = in_doubt(story)
    outbox.SHELF.park(story.conn, outbox_claim(story), reason="nobody knows", now=story.now)
    story.decline("KS-2")
    story.approve(story.notices(state="awaiting_approval")[0])
    assert story.send_all() == []
    (waiting,) = story.notices(state="queued")
    assert f"waits for notice {claimed.id}" in waiting.reason
    assert waiting.due_at


def outbox_claim(story: Story) -> Claimed:
    (claimed,) = outbox.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=1)
    return claimed


# --- a part of it was said before


def test_what_was_told_in_an_earlier_message_is_not_told_again_and_the_rest_still_is(story: Story) -> None:
    """As after a restore: the mark of one of two things stands in the ticket, of the other it does not."""
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-2")
    story.done("KS-1")
    story.done("KS-2")
    claimed, sending = begun(story)
    found = [sending.kept["words"][0]]
    receipt = story.receipt(sending.place)
    assert outbox.confirm(story.conn, story.workspace, claimed, receipt, now=story.now, words=found)
    assert [row.item_id for row in story.conn.execute(select(told)).all()] == [story.id("KS-1")]
    (rest,) = story.send_all()
    assert "The KS-2 thing" in rest.text
    assert "The KS-1 thing" not in rest.text
    assert story.send_all() == []


# --- the ends of the others


def test_a_note_for_a_ticket_that_closed_is_needed_no_more(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.now += timedelta(minutes=15)
    (claimed,) = outbox.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=10)
    sending = notices.begin(story.conn, story.workspace, claimed.id, now=story.now)
    assert isinstance(sending, Sending)
    outbox.confirm(story.conn, story.workspace, claimed, story.receipt(sending.place), now=story.now)
    note, _ = again(story)
    outbox.plan_again(story.conn, story.workspace, note, at=story.now, reason="closed", now=story.now)
    story.later(minutes=60)
    assert outbox.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=10) == []


def test_an_old_ticket_in_which_it_was_found_does_not_become_the_address(done: Story) -> None:
    """It had arrived before the ticket closed: the follow-up was never made."""
    in_doubt(done)
    claimed, sending = again(done)
    done.conn.execute(update(kept).values(place="zendesk:followup:101"))
    receipt = dataclasses.replace(done.receipt(sending.place), ticket="101")
    outbox.confirm(done.conn, done.workspace, claimed, receipt, now=done.now)
    done.ticket_changes("101", status="closed")
    done.reopen("KS-1")
    done.approve(done.notices(state="awaiting_approval")[0])
    assert to(done.send_all()) == [("Ana", "correction")]
    assert done.sent[-1].place == "zendesk:followup:101"
