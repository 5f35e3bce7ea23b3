"""Our client against the vendor over HTTP."""

import json
from datetime import UTC, datetime

import pytest

from connectors.errors import Conflict, NotFound, Refused, Unauthorized
from connectors.zendesk.client import Zendesk
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import Ticket, User
from sandbox.zendesk.shapes import iso


def test_it_reads_tickets_users_and_organisations(client: Zendesk, ticket: Ticket, ana: User) -> None:
    assert client.ticket(ticket.id).ticket["subject"] == "Export to PDF"
    assert client.user(ana.id)["name"] == "Ana Ruiz"
    assert client.identities(ana.id)[0]["value"] == "ana@acme.example"
    assert client.organization(ana.organization_id or 0)["domain_names"] == ["acme.example"]
    assert client.comments(ticket.id)[0]["public"] is True
    assert client.related(ticket.id)["followup_source_ids"] == []
    assert client.users_by_email("ana@acme.example")[0]["id"] == ana.id
    assert client.me()["role"] == "admin"
    assert client.webhooks() == []


def test_a_ticket_comes_with_the_vendors_own_time(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    vendor.clock.advance(3600)
    ahead = client.ticket(ticket.id).at - datetime.now(UTC)
    assert 3590 < ahead.total_seconds() <= 3600


def test_a_ticket_is_never_read_from_a_cache(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    client.ticket(ticket.id)
    vendor.set_status(ticket, "pending")
    assert client.ticket(ticket.id).ticket["status"] == "pending"


def test_audits_come_newest_first_and_at_most_as_many_as_asked(
    client: Zendesk, vendor: Vendor, ticket: Ticket, sam: User
) -> None:
    for number in range(4):
        vendor.reply_as(sam, ticket, f"answer {number}")
    audits = client.audits(ticket.id, most=3)
    assert [one["events"][0]["body"] for one in audits] == ["answer 3", "answer 2", "answer 1"]
    assert len(client.audits(ticket.id)) == 5


def test_a_comment_is_written_with_its_mark_and_the_answer_says_who_was_mailed(
    client: Zendesk, vendor: Vendor, ticket: Ticket, ana: User, sam: User
) -> None:
    comment = {"html_body": "<p>It is out.</p>", "public": True, "author_id": sam.id}
    stamp = client.ticket(ticket.id).ticket["updated_at"]
    fields = {"comment": comment, "metadata": {"m": "1"}, "safe_update": True, "updated_stamp": stamp}
    answer = client.put_ticket(ticket.id, {"ticket": fields})
    assert answer["audit"]["metadata"]["custom"] == {"m": "1"}
    mailed = [one["recipients"] for one in answer["audit"]["events"] if one["type"] == "Notification"]
    assert mailed == [[ana.id]]
    assert vendor.public_comments(ticket)[-1]["author_id"] == sam.id


def test_an_outdated_stamp_is_a_conflict(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    fields = {"comment": {"body": "x"}, "safe_update": True, "updated_stamp": "2020-01-01T00:00:00Z"}
    with pytest.raises(Conflict, match="Safe Update"):
        client.put_ticket(ticket.id, {"ticket": fields})
    assert vendor.ledger == []


def test_a_closed_ticket_refuses_a_comment(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    vendor.close(ticket)
    with pytest.raises(Refused, match="closed prevents ticket update") as refused:
        client.put_ticket(ticket.id, {"ticket": {"comment": {"body": "x"}}})
    assert refused.value.status == 422


def test_the_same_bytes_under_the_same_key_make_one_follow_up(
    client: Zendesk, vendor: Vendor, ticket: Ticket, ana: User
) -> None:
    vendor.close(ticket)
    fields = {
        "via_followup_source_id": ticket.id,
        "requester_id": ana.id,
        "external_id": "kithspark:ä b&c",
        "comment": {"body": "It is out."},
    }
    body = json.dumps({"ticket": fields}).encode()
    first = client.create_ticket(body, idempotency_key="k" * 255)
    assert client.create_ticket(body, idempotency_key="k" * 255) == first
    assert [one["id"] for one in client.tickets_by_external_id("kithspark:ä b&c")] == [first["ticket"]["id"]]
    assert client.ticket(ticket.id).ticket["followup_ids"] == [first["ticket"]["id"]]
    with pytest.raises(Refused, match="Idempotency-Key"):
        client.create_ticket(body + b" ", idempotency_key="k" * 255)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_zendesk_would_not_take_is_not_sent(client: Zendesk, key: str) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        client.create_ticket(b"{}", idempotency_key=key)


def test_a_deleted_ticket_is_not_found(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    vendor.delete(ticket)
    with pytest.raises(NotFound):
        client.ticket(ticket.id)


@pytest.mark.parametrize("ident", ["", "1/../2", "1?x", "x", "١"])
def test_what_is_no_id_gets_into_no_address(client: Zendesk, vendor: Vendor, ident: str) -> None:
    with pytest.raises(ValueError, match="not a Zendesk id"):
        client.ticket(ident)


def test_a_token_that_was_taken_back_is_renewed_once(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    client.ticket(ticket.id)
    vendor.doors.tokens.clear()
    client.put_ticket(ticket.id, {"ticket": {"comment": {"body": "x"}, "metadata": {"m": "1"}}})
    assert len(vendor.ledger) == 1


def test_a_wrong_secret_says_so(vendor: Vendor, ticket: Ticket) -> None:
    client = Zendesk(url=vendor.url, client_id=vendor.client_id, client_secret="wrong")
    with pytest.raises(Unauthorized, match="id and secret"):
        client.ticket(ticket.id)


def test_a_token_that_stays_refused_is_asked_for_only_once_more(
    client: Zendesk, vendor: Vendor, ticket: Ticket
) -> None:
    vendor.faults.order(Fault("status", path="/api/v2/tickets", status=401, times=9))
    with pytest.raises(Unauthorized):
        client.ticket(ticket.id)
    assert len(vendor.faults.log) == 2


def test_the_legacy_api_token_still_opens(vendor: Vendor, ticket: Ticket, sam: User) -> None:
    client = Zendesk(url=vendor.url + "/", email=sam.email or "", api_token=vendor.api_token)
    assert client.ticket(ticket.id).ticket["id"] == ticket.id
    assert client.me()["id"] == sam.id


def test_without_credentials_there_is_no_client(vendor: Vendor) -> None:
    with pytest.raises(ValueError, match="client id"):
        Zendesk(url=vendor.url, client_id="only this")


def test_a_stamp_reads_as_the_vendor_writes_it(client: Zendesk, ticket: Ticket) -> None:
    assert client.ticket(ticket.id).ticket["updated_at"] == iso(ticket.updated)
