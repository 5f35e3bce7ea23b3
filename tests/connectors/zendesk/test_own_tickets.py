"""A ticket that is opened for one voter of the community: opened once, for somebody whom it reaches."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.outcomes import Blocked, GivenUp, NotYet, Said, Unknown
from connectors.zendesk.read_back import messages_to
from connectors.zendesk.reader import read_ticket
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from tests.connectors.zendesk.reply_desk import Desk

CREATION = r"/api/v2/tickets"
DAY_S = 86_400


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Ana has voted for post 77; her earlier ticket is of no concern."""
    it = Desk()
    it.place, it.subject = f"zendesk:proactive:77:{it.ana.id}", "Export to PDF, please"
    it.tried = (it.place,)
    yield it
    it.close()


def opened(desk: Desk) -> list[Ticket]:
    return [one for one in desk.zendesk.tickets() if one.id != desk.ticket.id]


def test_it_is_hers_is_mailed_and_waits_in_nobodys_queue(desk: Desk) -> None:
    outcome = desk.say()
    assert isinstance(outcome, Said)
    [ticket] = opened(desk)
    assert (ticket.requester_id, ticket.status) == (desk.ana.id, "solved")
    assert ticket.assignee_id == desk.zendesk.service.id
    assert ticket.subject == "Re: Export to PDF, please"
    assert (outcome.receipt.where, outcome.receipt.mailed) == (f"zendesk:ticket:{ticket.id}", True)
    assert desk.mailed("It is out.") == 1


def test_one_that_no_trigger_mailed_is_known_as_such(desk: Desk) -> None:
    desk.zendesk.knobs.mail_on_proactive = False
    outcome = desk.say()
    assert isinstance(outcome, Said)
    assert outcome.receipt.mailed is False


@pytest.mark.parametrize("kind", ["drop_after", "cut", "empty", "truncated", "status_after"])
@pytest.mark.parametrize("after_s", [30, 2 * 3600, DAY_S])
def test_an_answer_that_is_lost_opens_no_second_one(desk: Desk, kind: str, after_s: float) -> None:
    desk.zendesk.faults.order(Fault(kind, method="POST", path=CREATION))
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(after_s)
    assert isinstance(desk.say(), Said)
    assert len(opened(desk)) == desk.told == 1


def test_without_its_name_it_is_found_among_her_tickets(desk: Desk) -> None:
    """A list by `external_id` that lags."""
    desk.zendesk.faults.order(Fault("drop_after", method="POST", path=CREATION))
    desk.say()
    desk.pass_time(DAY_S)
    nothing = json.dumps({"tickets": [], "count": 0})
    desk.zendesk.faults.order(Fault("status", path="external_id", status=200, body=nothing))
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


@pytest.mark.parametrize("kind", ["drop_before", "reset"])
def test_one_that_never_arrived_is_opened_under_the_same_key(desk: Desk, kind: str) -> None:
    desk.zendesk.faults.order(Fault(kind, method="POST", path=CREATION))
    assert isinstance(desk.say(), Unknown)
    body, key = desk.kept["body"], desk.kept["key"]
    desk.pass_time(30)
    assert isinstance(desk.say(), Said)
    assert (desk.kept["body"], desk.kept["key"]) == (body, key)
    assert desk.told == 1


def test_one_in_doubt_rests_until_its_key_is_gone_and_is_then_opened(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("drop_before", method="POST", path=CREATION))
    desk.say()
    desk.pass_time(100 * 60)
    assert isinstance(desk.say(), Unknown), "what was sent may still arrive, and the key may be forgotten"
    assert opened(desk) == []
    desk.pass_time(40 * 60)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_what_is_not_owed_any_more_is_taken_back_once_it_cannot_arrive(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("drop_before", method="POST", path=CREATION))
    desk.say()
    desk.still_owed = False
    desk.pass_time(60)
    assert isinstance(desk.say(), Unknown)
    desk.pass_time(DAY_S)
    assert isinstance(desk.say(), GivenUp)
    assert opened(desk) == []


def test_for_somebody_who_was_forgotten_it_is_only_looked_whether_it_arrived(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("drop_after", method="POST", path=CREATION))
    desk.say()
    desk.still_owed, desk.person_keys = False, ()
    desk.pass_time(60)
    assert isinstance(desk.say(), Said)
    desk.kept = {"external_id": "kithspark:1:another"}
    desk.mark = ("another",)
    assert isinstance(desk.say(), GivenUp)
    assert len(opened(desk)) == 1


def test_while_everything_is_paused_none_is_opened(desk: Desk) -> None:
    desk.may_write = False
    assert isinstance(desk.say(), NotYet)
    assert opened(desk) == []


def test_who_is_suspended_has_no_address_or_is_gone_is_for_a_person(desk: Desk) -> None:
    desk.zendesk.suspend(desk.ana)
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert "suspended" in outcome.reason
    desk.ana.suspended = False
    desk.ana.identities.clear()
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert "no e-mail address" in outcome.reason
    desk.zendesk.faults.order(Fault("status", path=rf"/users/{desk.ana.id}", status=404))
    outcome = desk.say()
    assert isinstance(outcome, Blocked)
    assert "does not show the voter" in outcome.reason
    assert opened(desk) == []


def test_who_went_up_in_another_user_gets_it_there(desk: Desk) -> None:
    bo = desk.zendesk.add_user("Bo", "bo@acme.example")
    desk.zendesk.merge_users(desk.ana, bo)
    desk.person_keys = (str(desk.ana.id), str(bo.id))
    assert isinstance(desk.say(), Said)
    assert [one.requester_id for one in opened(desk)] == [bo.id]


def test_a_user_of_somebody_else_is_never_told(desk: Desk) -> None:
    bo = desk.zendesk.add_user("Bo", "bo@acme.example")
    desk.place = f"zendesk:proactive:77:{bo.id}"
    assert isinstance(desk.say(), Said)
    assert [one.requester_id for one in opened(desk)] == [desk.ana.id]


def test_what_is_refused_is_for_a_person_and_leaves_no_doubt(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("status", status=422, method="POST", path=CREATION))
    assert isinstance(desk.say(), Blocked)
    assert desk.kept["created_at"] is None


def test_our_own_words_are_no_request_but_hers_are(desk: Desk) -> None:
    desk.say()
    [ticket] = opened(desk)
    seen = read_ticket(desk.client, ticket.id)
    assert (seen.opened_by_us, seen.words) == (True, "")
    desk.zendesk.reply_as(desk.ana, ticket, "And as CSV?")
    assert read_ticket(desk.client, ticket.id).words == "And as CSV?"
    assert not read_ticket(desk.client, desk.ticket.id).opened_by_us


def test_after_a_restore_it_is_known_again_by_its_mark(desk: Desk) -> None:
    since = desk.zendesk.clock.now() - timedelta(minutes=1)
    desk.say()
    [ticket] = opened(desk)
    [found] = messages_to(desk.client, readers=desk.person_keys, tickets=(), since=since)
    assert found.words == set(desk.mark)
    assert found.receipt.place.startswith("zendesk:proactive:")
    assert found.receipt.where == f"zendesk:ticket:{ticket.id}"


def test_what_is_not_owed_any_more_waits_for_nobody_though_the_voter_is_gone(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("status", path=rf"/users/{desk.ana.id}", status=404))
    desk.still_owed = False
    assert isinstance(desk.say(), GivenUp)
