"""The rules about tickets that a reply has to live with."""

from typing import Any

import pytest
import requests

from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from sandbox.zendesk.shapes import iso


class Caller:
    """Plain HTTP, as the documentation writes it."""

    def __init__(self, vendor: Zendesk) -> None:
        asked = {
            "grant_type": "client_credentials",
            "client_id": vendor.client_id,
            "client_secret": vendor.client_secret,
            "scope": "read write",
        }
        granted = requests.post(f"{vendor.url}/oauth/tokens", json=asked, timeout=5).json()
        self.url = f"{vendor.url}/api/v2"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {granted['access_token']}"

    def put(self, ticket: Ticket, **fields: Any) -> requests.Response:
        return self.session.put(f"{self.url}/tickets/{ticket.id}.json", json={"ticket": fields}, timeout=5)

    def post(self, key: str = "", **fields: Any) -> requests.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.session.post(
            f"{self.url}/tickets.json", json={"ticket": fields}, headers=headers, timeout=5
        )

    def get(self, path: str) -> Any:
        return self.session.get(f"{self.url}/{path}", timeout=5).json()


@pytest.fixture
def caller(zendesk: Zendesk) -> Caller:
    return Caller(zendesk)


def test_a_mark_comes_back_in_the_audit_and_stands_in_the_ledger(
    zendesk: Zendesk, caller: Caller, ticket: Ticket, ana: User
) -> None:
    written = caller.put(ticket, comment={"body": "It is out."}, metadata={"mark": "7"}).json()
    assert written["audit"]["metadata"]["custom"] == {"mark": "7"}
    newest = caller.get(f"tickets/{ticket.id}/audits.json?sort_order=desc")["audits"][0]
    assert newest == written["audit"]
    [applied] = zendesk.ledger
    assert (applied.ticket, applied.mark, applied.public) == (ticket.id, {"mark": "7"}, True)
    assert applied.mailed == (ana.id,)


def test_a_stamp_of_another_time_is_a_collision_even_with_safe_update_false(
    zendesk: Zendesk, caller: Caller, ticket: Ticket
) -> None:
    for safe in (True, False):
        answer = caller.put(
            ticket, comment={"body": "x"}, safe_update=safe, updated_stamp="2020-01-01T00:00:00Z"
        )
        assert (answer.status_code, answer.json()["error"]) == (409, "UpdateConflict")
    assert len(zendesk.comments(ticket)) == 1


def test_of_two_writes_with_one_stamp_only_one_wins_once_a_second_has_passed(
    zendesk: Zendesk, caller: Caller, ticket: Ticket
) -> None:
    zendesk.clock.advance(3)
    stamp = iso(ticket.updated)
    answers = [
        caller.put(ticket, comment={"body": "x"}, safe_update=True, updated_stamp=stamp) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 409]


def test_within_one_second_the_stamp_does_not_protect(zendesk: Zendesk, caller: Caller, ana: User) -> None:
    now = zendesk.clock.now()
    zendesk.clock.advance(1 - now.microsecond / 1e6 + 0.01)  # the beginning of a second
    ticket = zendesk.open_ticket(ana, "Now", "words")
    stamp = iso(ticket.updated)
    answers = [
        caller.put(ticket, comment={"body": "x"}, safe_update=True, updated_stamp=stamp) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]


def test_an_update_without_an_event_does_not_move_the_stamp(
    zendesk: Zendesk, caller: Caller, ticket: Ticket
) -> None:
    before = ticket.updated
    zendesk.clock.advance(5)
    assert caller.put(ticket, subject=ticket.subject).json()["audit"]["events"] == []
    assert ticket.updated == before
    assert len(zendesk.audits(ticket)) == 1


def test_a_closed_ticket_refuses_a_comment_but_takes_tags(
    zendesk: Zendesk, caller: Caller, ticket: Ticket
) -> None:
    zendesk.close(ticket)
    refused = caller.put(ticket, comment={"body": "x"})
    assert refused.status_code == 422
    assert refused.json()["details"]["status"][0]["description"] == "Status: closed prevents ticket update"
    assert caller.put(ticket, tags=["told"]).status_code == 200


def test_a_follow_up_is_linked_only_to_a_closed_ticket(
    zendesk: Zendesk, caller: Caller, ticket: Ticket, ana: User
) -> None:
    given: dict[str, Any] = {
        "via_followup_source_id": ticket.id,
        "requester_id": ana.id,
        "comment": {"body": "It is out."},
    }
    alone = caller.post(**given).json()["ticket"]
    assert alone["via"]["source"]["rel"] is None
    zendesk.close(ticket)
    caller.put(ticket, tags=["vip"])
    linked = caller.post(**given, status="solved", assignee_id=zendesk.service.id).json()["ticket"]
    assert linked["via"]["source"]["rel"] == "follow_up"
    assert linked["via"]["source"]["from"]["ticket_id"] == ticket.id
    assert (linked["tags"], linked["status"]) == (["vip"], "solved")
    assert caller.get(f"tickets/{ticket.id}.json")["ticket"]["followup_ids"] == [linked["id"]]
    assert caller.get(f"tickets/{linked['id']}/related.json")["followup_source_ids"] == [str(ticket.id)]
    assert zendesk.mails("ana@acme.example")[-1].ticket == linked["id"]


def test_solving_needs_an_assignee(zendesk: Zendesk, caller: Caller, ticket: Ticket, ana: User) -> None:
    assert caller.put(ticket, status="solved").status_code == 422
    assert caller.post(requester_id=ana.id, comment={"body": "x"}, status="solved").status_code == 422
    assert caller.put(ticket, status="solved", assignee_id=zendesk.service.id).status_code == 200


def test_a_suspended_requester_gets_no_new_ticket_and_no_mail(
    zendesk: Zendesk, caller: Caller, ticket: Ticket, ana: User
) -> None:
    zendesk.suspend(ana)
    assert caller.post(requester_id=ana.id, comment={"body": "x"}).status_code == 422
    events = caller.put(ticket, comment={"body": "x"}).json()["audit"]["events"]
    assert [event["type"] for event in events] == ["Comment"]


def test_without_its_trigger_a_public_comment_is_posted_but_not_mailed(
    zendesk: Zendesk, caller: Caller, ticket: Ticket
) -> None:
    zendesk.knobs.mail_on_comment = False
    events = caller.put(ticket, comment={"body": "x"}).json()["audit"]["events"]
    assert [event["type"] for event in events] == ["Comment"]
    assert zendesk.mails("ana@acme.example") == []


def test_the_same_key_creates_once_and_another_body_is_refused(
    zendesk: Zendesk, caller: Caller, ana: User
) -> None:
    given = {"requester_id": ana.id, "subject": "s", "comment": {"body": "x"}}
    first, second = (caller.post("key-1", **given) for _ in range(2))
    assert first.json() == second.json()
    looked_up = [one.headers["x-idempotency-lookup"] for one in (first, second)]
    assert looked_up == ["miss", "hit"]
    assert len(zendesk.tickets()) == 1
    changed = caller.post("key-1", **{**given, "subject": "other"})
    assert (changed.status_code, changed.json()["error"]) == (400, "IdempotentRequestError")
    zendesk.clock.advance(2 * 3600)
    assert caller.post("key-1", **given).headers["x-idempotency-lookup"] == "miss"


def test_limits_tell_what_is_left_and_then_refuse(zendesk: Zendesk, caller: Caller, ticket: Ticket) -> None:
    zendesk.limits.per_ticket_per_10_min = 2
    first = caller.put(ticket, comment={"body": "1"})
    assert first.headers["zendesk-ratelimit-per-ticket-updates"] == "total=2; remaining=1; resets=600"
    assert first.headers["zendesk-rate-limit-tickets-update"] == "total=100; remaining=99; resets=60"
    assert "x-rate-limit-remaining" in first.headers
    caller.put(ticket, comment={"body": "2"})
    third = caller.put(ticket, comment={"body": "3"})
    assert third.status_code == 429
    assert 590 < int(third.headers["Retry-After"]) <= 600
    assert len(zendesk.comments(ticket)) == 3
    zendesk.clock.advance(600)
    assert caller.put(ticket, comment={"body": "3"}).status_code == 200


def test_a_customers_answer_opens_a_solved_ticket_and_continues_a_closed_one(
    zendesk: Zendesk, ticket: Ticket, ana: User
) -> None:
    zendesk.solve(ticket)
    assert zendesk.reply_as(ana, ticket, "Not yet!").status == "open"
    zendesk.close(ticket)
    again = zendesk.reply_as(ana, ticket, "And once more")
    assert again.id != ticket.id
    assert again.followup_source_ids == [ticket.id]


def test_the_requester_changes_with_the_organization(zendesk: Zendesk, ticket: Ticket) -> None:
    other = zendesk.add_user("Bo", "bo@other.example", organization=zendesk.add_organization("Other"))
    zendesk.change_requester(ticket, other)
    assert (ticket.requester_id, ticket.organization_id) == (other.id, other.organization_id)


def test_young_audits_can_be_hidden_as_on_a_stale_replica(
    zendesk: Zendesk, caller: Caller, ticket: Ticket
) -> None:
    zendesk.clock.advance(10)
    zendesk.knobs.audit_lag_s = 5
    caller.put(ticket, comment={"body": "x"})
    path = f"tickets/{ticket.id}/audits.json"
    assert len(caller.get(path)["audits"]) == 1
    zendesk.clock.advance(6)
    assert len(caller.get(path)["audits"]) == 2


def test_the_export_does_not_begin_within_the_last_minute(zendesk: Zendesk, caller: Caller) -> None:
    start = int(zendesk.clock.now().timestamp()) - 10
    answer = caller.session.get(f"{caller.url}/incremental/tickets/cursor.json?start_time={start}", timeout=5)
    assert answer.status_code == 422


def test_a_token_ends_when_its_time_is_over(zendesk: Zendesk, ticket: Ticket) -> None:
    granted = zendesk.doors.grant(zendesk.client_id, zendesk.client_secret, 600)
    headers = {"Authorization": f"Bearer {granted}"}
    url = f"{zendesk.url}/api/v2/tickets/{ticket.id}.json"
    assert requests.get(url, headers=headers, timeout=5).status_code == 200
    zendesk.clock.advance(601)
    assert requests.get(url, headers=headers, timeout=5).status_code == 401
