"""One reply on one ticket, once: each guard of the protocol, against the sandbox over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Said, Unknown
from sandbox.faults import Fault
from tests.connectors.zendesk.reply_desk import SETTLE_S, Desk, WithMeanwhile


def at_put(kind: str, **more: Any) -> Fault:
    """A fault at the write of a comment."""
    return Fault(kind, method="PUT", path=r"/api/v2/tickets/", **more)


def at_post(kind: str) -> Fault:
    """A fault at the creation of a follow-up."""
    return Fault(kind, method="POST", path=r"/api/v2/tickets")


@pytest.fixture
def desk() -> Iterator[Desk]:
    it = Desk()
    yield it
    it.close()


def test_a_reply_reaches_the_customer_by_mail_and_is_confirmed(desk: Desk) -> None:
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert outcome.receipt.mailed
    assert desk.told == 1
    assert desk.mailed("It is out.") == 1


def test_saying_it_again_finds_the_mark_and_writes_nothing(desk: Desk) -> None:
    desk.say()
    desk.pass_time(60)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_reply_whose_answer_was_lost_is_found_and_not_repeated(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("drop_after"))
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(15)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_reply_that_never_arrived_rests_before_it_is_written_again(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("drop_before"))
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(15)
    assert isinstance(desk.say(), Unknown)
    assert desk.told == 0
    desk.pass_time(SETTLE_S)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_late_write_and_its_repetition_compete_for_one_stamp(desk: Desk) -> None:
    """The first write lands between our reading and our second write: the stamp makes the second fail."""
    desk.zendesk.faults.order(at_put("drop_before"))
    first = desk.kept.copy()
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(SETTLE_S + 1)
    late = Desk.say.__get__(desk)

    def land() -> None:
        desk.kept, mine = first.copy(), desk.kept
        late()
        desk.kept = mine

    outcome = desk.say(WithMeanwhile(desk.client, "put_ticket", land))
    assert isinstance(outcome, NotYet)
    desk.pass_time(10)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_an_agent_who_writes_meanwhile_is_never_overwritten(desk: Desk) -> None:
    def agent_writes() -> None:
        desk.zendesk.reply_as(desk.agent, desk.ticket, "Let me check")

    outcome = desk.say(WithMeanwhile(desk.client, "put_ticket", agent_writes))
    assert isinstance(outcome, NotYet)
    assert desk.told == 0
    desk.pass_time(10)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_list_of_audits_that_lags_behind_the_ticket_is_read_again(desk: Desk) -> None:
    """Removing the freshness check would write a second time here."""
    desk.zendesk.faults.order(at_put("drop_after"))
    desk.say()
    desk.zendesk.knobs.audit_lag_s = 10_000
    desk.pass_time(SETTLE_S + 1)
    outcome = desk.say()
    assert isinstance(outcome, NotYet)
    assert "lags" in outcome.reason
    desk.zendesk.knobs.audit_lag_s = 0
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_ticket_that_changed_this_very_second_is_left_to_settle(desk: Desk) -> None:
    desk.zendesk.reply_as(desk.ana, desk.ticket, "Any news?")
    outcome = desk.say()
    assert isinstance(outcome, NotYet)
    assert outcome.after_s
    assert 0 < outcome.after_s <= 3
    desk.pass_time(4)
    assert isinstance(desk.say(), Said)


@pytest.mark.parametrize("fault", [at_put("status", status=500), at_put("html"), at_put("reset")])
def test_trouble_at_the_write_leaves_the_outcome_unknown(desk: Desk, fault: Fault) -> None:
    desk.zendesk.faults.order(fault)
    assert isinstance(desk.say(), Unknown)
    assert desk.told == 0


def test_being_told_to_wait_is_obeyed_and_writes_nothing(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("status", status=429, headers={"Retry-After": "37"}))
    outcome = desk.say()
    assert isinstance(outcome, NotYet)
    assert outcome.after_s == 37
    assert isinstance(desk.say(), Said)


def test_a_ticket_that_closed_meanwhile_is_answered_elsewhere(desk: Desk) -> None:
    desk.zendesk.close(desk.ticket)
    desk.pass_time(10)
    outcome = desk.say()
    assert isinstance(outcome, Elsewhere)
    assert "closed" in outcome.reason


def test_a_ticket_that_closes_between_reading_and_writing_is_answered_elsewhere(desk: Desk) -> None:
    outcome = desk.say(WithMeanwhile(desk.client, "put_ticket", lambda: desk.zendesk.close(desk.ticket)))
    assert isinstance(outcome, NotYet | Elsewhere)
    assert desk.told == 0


def test_somebody_else_who_became_the_requester_reads_nothing(desk: Desk) -> None:
    desk.zendesk.change_requester(desk.ticket, desk.zendesk.add_user("Eve", "eve@other.example"))
    desk.pass_time(10)
    assert isinstance(desk.say(), Elsewhere)
    assert desk.told == 0


def test_a_write_in_flight_cannot_reach_a_new_requester(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("drop_before"))
    desk.say()
    desk.zendesk.change_requester(desk.ticket, desk.zendesk.add_user("Eve", "eve@other.example"))
    desk.pass_time(SETTLE_S + 1)
    stamp = desk.ticket.updated
    assert isinstance(desk.say(), Elsewhere)
    assert desk.ticket.updated > stamp, "the stamp was moved, so that the late write can only fail"
    assert [comment["public"] for comment in desk.zendesk.comments(desk.ticket)][-1] is False


def test_what_is_not_true_any_more_is_taken_back_before_it_is_said(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("drop_before"))
    desk.say()
    desk.still_owed = False
    desk.pass_time(SETTLE_S + 1)
    assert isinstance(desk.say(), GivenUp)
    assert desk.told == 0
    assert not desk.mailed("It is out.")


def test_what_was_said_before_it_could_be_taken_back_counts_as_said(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("drop_after"))
    desk.say()
    desk.still_owed = False
    desk.pass_time(SETTLE_S + 1)
    assert isinstance(desk.say(), Said)


def test_a_suspended_requester_is_for_a_person_to_see(desk: Desk) -> None:
    desk.zendesk.suspend(desk.ana)
    desk.pass_time(10)
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert "suspended" in outcome.reason


def test_without_a_trigger_it_is_posted_and_not_mailed(desk: Desk) -> None:
    desk.zendesk.knobs.mail_on_comment = False
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert outcome.receipt.mailed is False


def test_the_mark_is_looked_for_in_every_place_that_was_tried(desk: Desk) -> None:
    desk.zendesk.faults.order(at_put("drop_after"))
    desk.say()
    desk.answer_a_closed_ticket()
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_closed_ticket_gets_a_solved_follow_up_in_its_requesters_name(desk: Desk) -> None:
    desk.answer_a_closed_ticket()
    outcome = desk.say()
    assert isinstance(outcome, Said)
    made = desk.zendesk.ticket(int(outcome.receipt.ticket))
    assert (made.status, made.requester_id) == ("solved", desk.ana.id)
    assert made.assignee_id is not None
    assert made.id in desk.ticket.followup_ids
    assert desk.mailed("It is out.") == 1


def test_a_follow_up_whose_answer_was_lost_is_not_made_twice(desk: Desk) -> None:
    desk.answer_a_closed_ticket()
    desk.zendesk.faults.order(at_post("drop_after"))
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(30)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_follow_up_is_only_looked_for_while_its_key_may_be_forgotten(desk: Desk) -> None:
    """From 90 minutes on Zendesk may have forgotten the key; nothing is sent until it surely has."""
    desk.answer_a_closed_ticket()
    desk.zendesk.faults.order(at_post("drop_before"))
    desk.say()
    desk.pass_time(100 * 60)
    resting = desk.say()
    assert isinstance(resting, Unknown)
    assert desk.told == 0
    desk.pass_time(resting.after_s + 1)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_follow_up_is_found_though_its_key_is_forgotten(desk: Desk) -> None:
    desk.answer_a_closed_ticket()
    desk.zendesk.faults.order(at_post("drop_after"))
    desk.say()
    desk.pass_time(10 * 3600)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_follow_up_of_before_a_restore_is_found_and_not_made_again(desk: Desk) -> None:
    desk.answer_a_closed_ticket()
    desk.say()
    desk.kept = {"external_id": desk.kept["external_id"]}
    assert isinstance(desk.say(), Said)
    assert desk.told == 1
