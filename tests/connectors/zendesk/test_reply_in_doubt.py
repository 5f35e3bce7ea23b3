"""A reply of which nobody knows whether it arrived: what may be done meanwhile, and how it is given up."""

from collections.abc import Iterator

import pytest

from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Said, Unknown
from sandbox.faults import Fault
from tests.connectors.zendesk.reply_desk import SETTLE_S, Desk, WithMeanwhile

LOST = Fault("drop_after", method="PUT", path=r"/api/v2/tickets/")
NEVER_ARRIVED = Fault("drop_before", method="PUT", path=r"/api/v2/tickets/")


@pytest.fixture
def desk() -> Iterator[Desk]:
    it = Desk()
    yield it
    it.close()


def in_doubt(desk: Desk, fault: Fault) -> None:
    """One attempt whose answer did not come, a while ago."""
    desk.zendesk.faults.order(fault)
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(SETTLE_S + 1)


def test_what_arrived_on_a_ticket_that_closed_is_found_before_anything_is_said_elsewhere(desk: Desk) -> None:
    """A list of audits that lags would hide it, and the follow-up would say it a second time."""
    in_doubt(desk, LOST)
    desk.zendesk.close(desk.ticket)
    desk.pass_time(10)
    desk.zendesk.knobs.audit_lag_s = 10_000
    assert isinstance(desk.say(), NotYet)
    desk.zendesk.knobs.audit_lag_s = 0
    assert isinstance(desk.say(), Said)


def test_a_place_that_was_left_is_read_completely_too(desk: Desk) -> None:
    in_doubt(desk, LOST)
    desk.answer_a_closed_ticket()
    desk.zendesk.knobs.audit_lag_s = 10_000
    assert isinstance(desk.say(), NotYet)
    assert desk.told == 1
    desk.zendesk.knobs.audit_lag_s = 0
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_what_arrived_before_the_requester_changed_counts_as_said(desk: Desk) -> None:
    in_doubt(desk, LOST)
    desk.zendesk.change_requester(desk.ticket, desk.zendesk.add_user("Eve", "eve@other.example"))
    desk.pass_time(10)
    desk.zendesk.knobs.audit_lag_s = 10_000
    assert isinstance(desk.say(), NotYet), "what is not seen yet is not given up"
    desk.zendesk.knobs.audit_lag_s = 0
    assert isinstance(desk.say(), Said)


def test_what_may_have_arrived_on_a_ticket_that_is_gone_is_for_a_person_to_see(desk: Desk) -> None:
    in_doubt(desk, LOST)
    desk.zendesk.delete(desk.ticket)
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert "whether this arrived" in outcome.reason
    assert desk.kept["sent_at"], "it stays in doubt: nothing says it anew elsewhere"


def test_what_may_have_arrived_on_a_ticket_that_is_gone_is_given_up_by_nobody_but_a_person(
    desk: Desk,
) -> None:
    """Reopened and done again, it would be said a second time elsewhere."""
    in_doubt(desk, LOST)
    desk.zendesk.delete(desk.ticket)
    desk.still_owed = False
    assert isinstance(desk.say(), Blocked)
    desk.kept["looked"] = "agnes"  # what cancelling notes of whoever cancels a parked notice
    assert isinstance(desk.say(), GivenUp)


def test_somebody_who_was_forgotten_waits_for_no_person(desk: Desk) -> None:
    """They are never told anything again, so nothing can be said twice; and their words must not be kept."""
    in_doubt(desk, LOST)
    desk.zendesk.delete(desk.ticket)
    desk.still_owed = False
    desk.person_keys = ()
    assert isinstance(desk.say(), GivenUp)


def test_a_suspended_requester_is_no_reason_to_forget_that_it_was_said(desk: Desk) -> None:
    in_doubt(desk, LOST)
    desk.zendesk.suspend(desk.ana)
    assert isinstance(desk.say(), Said)


def test_before_a_person_is_asked_nothing_is_left_in_flight(desk: Desk) -> None:
    in_doubt(desk, NEVER_ARRIVED)
    desk.zendesk.suspend(desk.ana)
    stamp = desk.ticket.updated
    assert isinstance(desk.say(), Blocked)
    assert desk.ticket.updated > stamp
    assert desk.kept["sent_at"] is None


def test_one_note_takes_it_back_however_often_that_is_interrupted(desk: Desk) -> None:
    in_doubt(desk, NEVER_ARRIVED)
    desk.still_owed = False
    desk.zendesk.faults.order(Fault("status", path=r"audits", status=503, skip=1, times=2))
    assert isinstance(desk.try_to_say(), NotYet), "the note is written, the audits cannot be read"
    assert isinstance(desk.try_to_say(), NotYet)
    assert isinstance(desk.try_to_say(), GivenUp)
    notes = [one for one in desk.zendesk.comments(desk.ticket) if not one["public"]]
    assert len(notes) == 1


def test_it_is_taken_back_only_once_what_was_sent_has_landed_if_it_ever_does(desk: Desk) -> None:
    """An account that compares the stamp and then writes would let it through after the note."""
    desk.zendesk.faults.order(NEVER_ARRIVED)
    assert isinstance(desk.say(), Unknown)
    desk.still_owed = False
    desk.pass_time(SETTLE_S - 10)
    stamp = desk.ticket.updated
    waiting = desk.say()
    assert isinstance(waiting, Unknown)
    assert waiting.after_s == pytest.approx(10, abs=1)
    assert desk.ticket.updated == stamp, "no note yet"
    desk.pass_time(11)
    assert isinstance(desk.say(), GivenUp)


def test_a_second_taking_back_needs_a_note_of_its_own(desk: Desk) -> None:
    for _ in range(2):
        in_doubt(desk, NEVER_ARRIVED)
        desk.still_owed = False
        stamp = desk.ticket.updated
        assert isinstance(desk.say(), GivenUp)
        assert desk.ticket.updated > stamp
        desk.still_owed = True
        desk.pass_time(60)


def test_a_note_that_nobody_answered_does_not_give_up(desk: Desk) -> None:
    in_doubt(desk, NEVER_ARRIVED)
    desk.still_owed = False
    desk.zendesk.faults.order(NEVER_ARRIVED)
    assert isinstance(desk.say(), NotYet)
    assert desk.kept["sent_at"]
    assert isinstance(desk.say(), GivenUp)


def test_a_ticket_that_closes_before_the_note_is_read_again(desk: Desk) -> None:
    in_doubt(desk, NEVER_ARRIVED)
    desk.still_owed = False
    closing = WithMeanwhile(desk.client, "put_ticket", lambda: desk.zendesk.close(desk.ticket))
    assert isinstance(desk.say(closing), NotYet)
    desk.pass_time(10)
    assert isinstance(desk.say(), GivenUp), "a closed ticket takes no comment: nothing can arrive there"


def test_while_everything_is_paused_it_is_only_read_back(desk: Desk) -> None:
    in_doubt(desk, NEVER_ARRIVED)
    desk.may_write = False
    assert isinstance(desk.say(), NotYet)
    assert desk.told == 0
    desk.may_write = True
    assert isinstance(desk.say(), Said)


def test_each_further_unknown_outcome_rests_twice_as_long(desk: Desk) -> None:
    in_doubt(desk, NEVER_ARRIVED)
    in_doubt(desk, NEVER_ARRIVED)
    assert isinstance(desk.say(), Unknown), "the settle time alone is not enough any more"
    desk.pass_time(SETTLE_S)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_what_an_earlier_message_said_of_it_is_named(desk: Desk) -> None:
    """After a restore: one of the two things was told before, the other never was."""
    desk.say()
    desk.mark = (*desk.mark, "fedcba9876543210")
    desk.pass_time(60)
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert outcome.words == {"0123456789abcdef"}


def test_a_ticket_closed_by_a_second_refusal_is_told_apart_from_any_other_refusal(desk: Desk) -> None:
    """A 422 alone does not say that the ticket is closed."""
    desk.zendesk.faults.order(Fault("status", method="PUT", path=r"/api/v2/tickets/", status=422))
    assert isinstance(desk.say(), Blocked)
    desk.zendesk.faults.order(Fault("status", method="PUT", path=r"/api/v2/tickets/", status=422))
    desk.pass_time(60)
    closing = WithMeanwhile(desk.client, "put_ticket", lambda: desk.zendesk.close(desk.ticket))
    assert isinstance(desk.say(closing), Elsewhere)


def test_a_place_that_is_no_ticket_is_never_taken_for_one(desk: Desk) -> None:
    """A post of the community has a number too."""
    desk.place = f"zendesk:community:{desk.ticket.id}"
    desk.tried = (desk.place,)
    assert isinstance(desk.say(), Blocked)
    assert desk.told == 0


def test_a_note_for_agents_is_not_reported_as_unmailed(desk: Desk) -> None:
    desk.public = False
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert outcome.receipt.mailed is None
    assert not desk.mailed("It is out.")


def test_a_mail_to_an_agent_is_no_mail_to_the_customer(desk: Desk) -> None:
    """Read back, the audit shows whom the triggers mailed: only the requester counts."""
    desk.say()
    audit = desk.zendesk.audits(desk.ticket)[-1]
    for event in audit.events:
        if event["type"] == "Notification":
            event["recipients"] = [desk.agent.id]
    desk.pass_time(60)
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert outcome.receipt.mailed is False
