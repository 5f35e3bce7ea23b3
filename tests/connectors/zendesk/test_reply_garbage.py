"""Answers that are JSON and lack what they should have, at each call of a reply: an outcome, never a bug."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.outcomes import NotYet, Outcome, Said, Unknown
from sandbox.faults import Fault
from tests.connectors.zendesk.reply_desk import SETTLE_S, Desk

TICKET, AUDITS, USER = r"/tickets/\d+\.json", r"/audits", r"/users/\d+"
NOTHINGS: tuple[object, ...] = (None, 7, "x", [], {}, [None], {"id": None})
BODIES = [{}, *({key: nothing} for key in ("ticket", "audits", "user", "tickets") for nothing in NOTHINGS)]


@pytest.fixture
def desk() -> Iterator[Desk]:
    it = Desk()
    yield it
    it.close()


def garbled(method: str, path: str, body: Any, *, applied: bool = False) -> Fault:
    """200, and something that is not what was asked for."""
    kind = "status_after" if applied else "status"
    return Fault(kind, method=method, path=path, status=200, body=json.dumps(body))


def settle(desk: Desk) -> Outcome:
    """As often as the job would try, once Zendesk answers properly again."""
    desk.zendesk.faults.clear()
    for _ in range(4):
        desk.pass_time(SETTLE_S * 4)
        outcome = desk.try_to_say()
        if isinstance(outcome, Said):
            break
    return outcome


@pytest.mark.parametrize("path", [TICKET, AUDITS, USER])
def test_whatever_a_reading_lacks_nothing_is_said_and_it_is_said_once_later(desk: Desk, path: str) -> None:
    for body in BODIES:
        desk.zendesk.faults.order(garbled("GET", path, body))
        desk.try_to_say()
        desk.zendesk.faults.clear()
        desk.pass_time(SETTLE_S)
    assert desk.told <= 1
    assert isinstance(settle(desk), Said)
    assert desk.told == 1


def ticket_with(desk: Desk, **changed: Any) -> dict[str, Any]:
    whole = dict(desk.client.ticket(desk.ticket.id).ticket) | changed
    return {"ticket": {key: value for key, value in whole.items() if value != "absent"}}


@pytest.mark.parametrize("field", ["updated_at", "status", "requester_id", "id"])
@pytest.mark.parametrize("value", ["absent", None, 7, "x", [], {}])
def test_a_ticket_without_what_we_go_by_is_not_written_on(desk: Desk, field: str, value: Any) -> None:
    body = ticket_with(desk, **{field: value})
    desk.zendesk.faults.order(garbled("GET", TICKET, body))
    outcome = desk.try_to_say()
    if field not in {"id", "status"}:
        assert not isinstance(outcome, Said)
        assert desk.told == 0
    assert isinstance(settle(desk), Said)
    assert desk.told == 1


AUDIT_FAULTS: list[list[Any]] = [
    [{}],
    [{"created_at": None, "metadata": None, "events": None}],
    [{"created_at": "x", "metadata": [], "events": "x"}],
    [{"created_at": 7, "metadata": {"custom": 3}, "events": [3]}],
    [{"metadata": {"custom": {"kithspark": 3}}, "events": [{"type": "Notification", "recipients": 3}]}],
]


@pytest.mark.parametrize("audits", AUDIT_FAULTS)
def test_audits_that_prove_nothing_are_read_again(desk: Desk, audits: list[Any]) -> None:
    desk.zendesk.faults.order(garbled("GET", AUDITS, {"audits": audits}))
    assert isinstance(desk.try_to_say(), NotYet)
    assert desk.told == 0


@pytest.mark.parametrize(
    "body", [{}, {"ticket": {}, "audit": {}}, {"ticket": None}, {"audit": {"events": 3}}]
)
def test_a_write_that_is_answered_with_less_was_still_made_once(desk: Desk, body: Any) -> None:
    desk.zendesk.faults.order(garbled("PUT", "/tickets/", body, applied=True))
    assert isinstance(desk.try_to_say(), Said | Unknown)
    assert isinstance(settle(desk), Said)
    assert desk.told == 1


@pytest.mark.parametrize("body", [{}, {"ticket": {}, "audit": {}}, {"ticket": {"id": None}, "audit": {}}])
def test_a_creation_that_is_answered_with_less_was_still_made_once(desk: Desk, body: Any) -> None:
    desk.answer_a_closed_ticket()
    desk.zendesk.faults.order(garbled("POST", "/tickets.json", body, applied=True))
    assert isinstance(desk.try_to_say(), Unknown)
    desk.zendesk.faults.clear()
    desk.pass_time(15)
    assert isinstance(desk.try_to_say(), Said)
    assert desk.told == 1


@pytest.mark.parametrize("found", [[None], [{}], [{"id": "x"}], [{"id": None}], "x"])
def test_a_list_of_tickets_that_names_none_finds_none(desk: Desk, found: Any) -> None:
    desk.answer_a_closed_ticket()
    desk.zendesk.faults.order(garbled("GET", "external_id", {"tickets": found}))
    desk.try_to_say()
    assert isinstance(settle(desk), Said)
    assert desk.told == 1


@pytest.mark.parametrize("listed", [None, 3, "x", [None], ["x"], [{}]])
def test_follow_ups_that_are_no_numbers_are_none(desk: Desk, listed: Any) -> None:
    desk.answer_a_closed_ticket()
    body = ticket_with(desk, followup_ids=listed)
    for _ in range(3):
        desk.zendesk.faults.order(garbled("GET", TICKET, body))
    desk.try_to_say()
    assert isinstance(settle(desk), Said)
    assert desk.told == 1


WAITS = [
    Fault("status", method=method, path=path, status=429, headers={"Retry-After": "37"})
    for method, path in [
        ("GET", TICKET), ("GET", AUDITS), ("GET", USER), ("PUT", "/tickets/"), ("GET", "external_id"),
        ("POST", "/tickets.json"),
    ]
]  # fmt: skip


@pytest.mark.parametrize("fault", WAITS)
def test_being_told_to_wait_is_obeyed_at_every_call(desk: Desk, fault: Fault) -> None:
    if fault.method == "POST" or "external" in fault.path:
        desk.answer_a_closed_ticket()
    desk.zendesk.faults.order(fault)
    outcome = desk.try_to_say()
    assert isinstance(outcome, NotYet)
    assert outcome.after_s == 37
    assert not desk.kept.get("sent_at")
    assert not desk.kept.get("created_at")
    assert isinstance(desk.try_to_say(), Said)
    assert desk.told == 1
