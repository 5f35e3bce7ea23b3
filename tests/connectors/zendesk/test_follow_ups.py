"""A follow-up of a closed ticket: made once, given up truly, and by an agent who is still there."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.outcomes import Blocked, GivenUp, NotYet, Said, Unknown
from sandbox.faults import Fault
from tests.connectors.zendesk.reply_desk import Desk

LOST = Fault("drop_after", method="POST", path=r"/api/v2/tickets")
NEVER_ARRIVED = Fault("drop_before", method="POST", path=r"/api/v2/tickets")
DAY_S = 86_400


@pytest.fixture
def desk() -> Iterator[Desk]:
    it = Desk()
    it.answer_a_closed_ticket()
    yield it
    it.close()


def test_what_is_not_owed_any_more_is_not_created_though_the_key_would_allow_it(desk: Desk) -> None:
    desk.zendesk.faults.order(NEVER_ARRIVED)
    assert isinstance(desk.say(), Unknown)
    desk.still_owed = False
    desk.pass_time(30)
    assert isinstance(desk.say(), Unknown), "what was sent may still arrive"
    assert desk.told == 0
    desk.pass_time(DAY_S)
    assert isinstance(desk.say(), GivenUp)
    assert desk.told == 0
    assert desk.kept["created_at"] is None


def test_what_was_created_before_it_could_be_given_up_counts_as_said(desk: Desk) -> None:
    desk.zendesk.faults.order(LOST)
    desk.say()
    desk.still_owed = False
    desk.pass_time(30)
    assert isinstance(desk.say(), Said)


def test_while_everything_is_paused_none_is_created(desk: Desk) -> None:
    desk.may_write = False
    assert isinstance(desk.say(), NotYet)
    desk.may_write = True
    desk.zendesk.faults.order(NEVER_ARRIVED)
    desk.say()
    desk.may_write = False
    desk.pass_time(30)
    assert isinstance(desk.say(), Unknown)
    assert desk.told == 0
    desk.may_write = True
    assert isinstance(desk.say(), Said)


def test_every_attempt_sends_the_same_bytes_under_the_same_key(desk: Desk) -> None:
    desk.zendesk.faults.order(NEVER_ARRIVED)
    desk.say()
    body, key = desk.kept["body"], desk.kept["key"]
    desk.zendesk.faults.order(NEVER_ARRIVED)
    desk.pass_time(60)
    assert isinstance(desk.say(), Unknown)
    assert (desk.kept["body"], desk.kept["key"]) == (body, key)
    assert json.loads(body)["ticket"]["via_followup_source_id"] == desk.ticket.id


def test_a_refused_creation_was_none_and_leaves_nothing_in_doubt(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("status", method="POST", path=r"/api/v2/tickets", status=422))
    assert isinstance(desk.say(), Blocked)
    assert desk.kept["created_at"] is None


def test_a_refusal_after_a_lost_answer_does_not_hide_the_follow_up_that_was_made(desk: Desk) -> None:
    desk.zendesk.faults.order(LOST)
    desk.say()
    desk.zendesk.faults.order(Fault("status", method="POST", path=r"/api/v2/tickets", status=400))
    desk.pass_time(30)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_refusal_after_a_lost_request_stays_in_doubt(desk: Desk) -> None:
    desk.zendesk.faults.order(NEVER_ARRIVED)
    desk.say()
    desk.zendesk.faults.order(Fault("status", method="POST", path=r"/api/v2/tickets", status=400))
    desk.pass_time(30)
    assert isinstance(desk.say(), Blocked)
    assert desk.kept["created_at"], "a person looks before anything is said anew"


def test_an_assignee_who_left_is_replaced_by_us(desk: Desk) -> None:
    gone = desk.zendesk.add_agent("Gus", "gus@helpdesk.example")
    desk.ticket.assignee_id, gone.active = gone.id, False
    outcome = desk.say()
    assert isinstance(outcome, Said)
    made = desk.zendesk.ticket(int(outcome.receipt.ticket))
    assert made.assignee_id == desk.zendesk.service.id


def test_an_assignee_who_is_still_there_keeps_it(desk: Desk) -> None:
    desk.ticket.assignee_id = desk.agent.id
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert desk.zendesk.ticket(int(outcome.receipt.ticket)).assignee_id == desk.agent.id


def test_it_is_of_the_brand_of_the_closed_ticket(desk: Desk) -> None:
    desk.ticket.brand_id = 360_777
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert desk.zendesk.ticket(int(outcome.receipt.ticket)).brand_id == 360_777


@pytest.mark.parametrize("brand", [None, "A"])
def test_where_zendesk_tells_no_brand_none_is_sent(desk: Desk, brand: Any) -> None:
    desk.ticket.brand_id = brand
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert "brand_id" not in json.loads(desk.kept["body"])["ticket"]


def test_a_closed_ticket_that_is_gone_is_for_a_person_to_see(desk: Desk) -> None:
    desk.zendesk.delete(desk.ticket)
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert desk.told == 0


@pytest.mark.parametrize("sent", [False, True])
def test_whether_or_not_one_was_made_is_known_though_the_closed_ticket_is_gone(
    desk: Desk, sent: bool
) -> None:
    desk.zendesk.faults.order(LOST if sent else NEVER_ARRIVED)
    desk.say()
    desk.still_owed = False
    desk.pass_time(DAY_S)
    desk.zendesk.delete(desk.ticket)
    outcome = desk.say()
    assert isinstance(outcome, Said if sent else GivenUp)
    desk.kept = {**desk.kept, "created_at": None}
    assert isinstance(desk.say(), Said if sent else GivenUp)


def test_a_follow_up_that_is_hidden_just_now_may_be_ours_until_a_person_looked(desk: Desk) -> None:
    """Taken for none, the customer would be told twice, or nobody would ever correct it."""
    desk.zendesk.faults.order(LOST)
    desk.say()
    [made] = [one for one in desk.zendesk.account.tickets.values() if one.id != desk.ticket.id]
    desk.zendesk.delete(made)
    desk.pass_time(DAY_S)
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert f"does not show ticket {made.id}" in outcome.reason
    assert desk.kept["created_at"]
    desk.still_owed = False
    assert isinstance(desk.say(), Blocked)
    desk.kept["looked"] = "agnes"  # what cancelling notes of whoever cancels a parked notice
    assert isinstance(desk.say(), GivenUp)
