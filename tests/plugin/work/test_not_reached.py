"""What Zendesk told nobody, since nobody answered: found in its own list, and said to the operator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.zendesk import undelivered
from connectors.zendesk.client import Zendesk as Client
from connectors.zendesk.undelivered import Undelivered
from lineage.tables import persons, requests
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk
from store import connections, installation
from store.database import reading, transaction
from tests.plugin.work.conftest import Desk

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def deaf(desk: Desk, zendesk: Zendesk) -> None:
    """Zendesk was given an address that does not lead here, and another webhook that is none of ours."""
    zendesk.hooks.time_scale = 0.0
    zendesk.add_webhook(f"{NOBODY}/webhooks/zendesk/acme")
    zendesk.add_webhook(f"{NOBODY}/somebody/else")
    with transaction(desk.app.engine) as conn:
        installation.reached_at(conn, NOBODY)


def merged_unheard(desk: Desk, zendesk: Zendesk) -> None:
    """Two users become one. Only an event says it, and it reaches nobody."""
    caller, ana = zendesk.add_user("Caller", "x@y.example"), zendesk.add_user("Ana Ruiz", "ana@acme.example")
    caller.identities[0].verified = False
    ticket = zendesk.open_ticket(caller, "Export", "PDF")
    desk.looks_at("zendesk", "ticket", ticket.id)
    zendesk.merge_users(caller, ana)
    assert zendesk.hooks.settled()


def test_what_only_a_lost_event_told_is_found_by_the_reconciliation(desk: Desk, zendesk: Zendesk) -> None:
    merged_unheard(desk, zendesk)
    desk.looks_at("zendesk", "sync", "all")
    assert [row["name"] for row in desk.rows(persons)] == ["Ana Ruiz"]


def test_a_deletion_that_was_not_heard_of_is_believed_from_the_list(desk: Desk, zendesk: Zendesk) -> None:
    ticket = zendesk.open_ticket(zendesk.add_user("Ana Ruiz", "ana@acme.example"), "Export", "PDF")
    desk.looks_at("zendesk", "ticket", ticket.id)
    zendesk.erase(ticket)
    assert zendesk.hooks.settled()
    desk.looks_at("zendesk", "sync", "all")
    assert [row["reply_state"] for row in desk.rows(requests)] == ["deleted"]


def test_each_is_looked_into_once(desk: Desk, zendesk: Zendesk) -> None:
    merged_unheard(desk, zendesk)
    desk.looks_at("zendesk", "sync", "all")
    with reading(desk.app.engine) as conn:
        account = connections.load(conn, desk.app.vault, desk.workspace.id, "zendesk")
    assert account.watermark["undelivered"]
    zendesk.faults.order(Fault("status", "GET", r"/attempts", status=500))
    desk.looks_at("zendesk", "sync", "all")
    assert len(zendesk.faults.log) == 0, "what was looked into is asked for again"


def test_a_list_that_may_not_be_read_keeps_nothing_else_from_being_read(desk: Desk, zendesk: Zendesk) -> None:
    merged_unheard(desk, zendesk)
    zendesk.faults.order(Fault("status", "GET", r"/webhooks", status=403, times=9))
    assert desk.looks_at("zendesk", "sync", "all").parked == 0


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (r"/invocations", {"status": 500}),
        (r"/invocations", {"status": 200, "body": '{"calls": 7}'}),
        (r"/webhooks(\?|$)", {"status": 503}),
        (r"/attempts", {"status": 200, "body": "{}"}),
    ],
)
def test_whatever_that_list_answers_changed_tickets_are_read_all_the_same(
    desk: Desk, zendesk: Zendesk, path: str, fault: dict[str, Any]
) -> None:
    ticket = zendesk.open_ticket(zendesk.add_user("Ana", "ana@acme.example"), "Export", "PDF")
    desk.looks_at("zendesk", "ticket", ticket.id)
    zendesk.close(ticket)
    assert zendesk.hooks.settled()
    desk.clock.advance(600)
    zendesk.faults.order(Fault("status", "GET", path, times=9, **fault))
    desk.looks_at("zendesk", "sync", "all")
    assert zendesk.faults.log, "the list was asked for"
    assert [row["reply_state"] for row in desk.rows(requests)] == ["closed"]


def test_another_workspaces_webhook_is_not_ours(zendesk: Zendesk, client: Client) -> None:
    zendesk.add_webhook(f"{NOBODY}/webhooks/zendesk/acme-2")
    zendesk.open_ticket(zendesk.add_user("Ana", "ana@acme.example"), "Export", "PDF")
    assert zendesk.hooks.settled()
    here = f"{NOBODY}/webhooks/zendesk"
    ours, theirs = (undelivered.undelivered(client, f"{here}/{slug}") for slug in ("acme", "acme-2"))
    assert ours and theirs
    assert not {one.webhook for one in ours} & {one.webhook for one in theirs}


def test_an_operator_reads_how_often_and_since_when(desk: Desk, zendesk: Zendesk, client: Client) -> None:
    assert undelivered.in_words([], since=LONG_AGO) == (True, "Zendesk reached us each time, of late")
    merged_unheard(desk, zendesk)
    found = undelivered.undelivered(client, f"{NOBODY}/webhooks/zendesk/acme")
    well, words = undelivered.in_words(found, since=LONG_AGO)
    assert not well
    assert f"could not reach us {len(found)} times since " in words
    assert "no answer" in words
    assert undelivered.in_words(found, since=datetime.now(UTC) + timedelta(days=1))[0]


def a_call(number: int, minute: int) -> Undelivered:
    return Undelivered("hook", f"call-{number}", LONG_AGO + timedelta(minutes=minute), "")


def looked(every: list[Undelivered], marks: dict[str, str]) -> list[str]:
    """The ids of what is looked into this time; `marks` goes on."""
    fresh = undelivered.not_looked_into(every, marks)
    marks |= undelivered.looked_into(every, fresh, marks) if fresh else {}
    return [one.id for one in fresh]


def test_a_call_that_comes_onto_the_list_late_is_looked_into_and_no_other_again() -> None:
    first, late, last = a_call(1, 0), a_call(2, 30), a_call(3, 59)
    marks: dict[str, str] = {}
    assert looked([first, last], marks) == ["call-1", "call-3"]
    assert looked([first, last], marks) == []
    assert looked([first, late, last], marks) == ["call-2"]
    assert looked([first, late, last], marks) == []


def test_more_than_are_looked_into_at_once_are_not_passed_over() -> None:
    every, marks = [a_call(number, number // 10) for number in range(50)], dict[str, str]()
    found = [looked(every, marks) for _ in range(4)]
    assert [len(some) for some in found] == [20, 20, 10, 0]
    assert [one for some in found for one in some] == [one.id for one in every]


def test_what_is_kept_of_them_does_not_grow() -> None:
    marks: dict[str, str] = {}
    for hour in range(5):
        looked([a_call(number, 60 * number) for number in range(hour + 1)], marks)
    assert marks["undelivered_seen"].split() == ["call-3", "call-4"]


def test_the_mark_of_an_older_version_is_understood() -> None:
    at = LONG_AGO + timedelta(hours=3)
    marks = {"undelivered": f"{at.isoformat()} call-9"}
    assert looked([a_call(1, 10), a_call(2, 150)], marks) == ["call-2"]


@pytest.fixture
def client(zendesk: Zendesk) -> Client:
    return Client(url=zendesk.url, client_id=zendesk.client_id, client_secret=zendesk.client_secret)
