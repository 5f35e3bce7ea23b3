"""A ticket as the ledger wants to see it."""

import pytest

from connectors.errors import NotFound, Unavailable
from connectors.zendesk.client import Zendesk
from connectors.zendesk.reader import named_by, read_ticket
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import Identity, Ticket, User


def test_it_sees_who_asked_for_what_and_for_whom(client: Zendesk, ticket: Ticket, ana: User) -> None:
    seen = read_ticket(client, ticket.id)
    assert (seen.ticket, seen.status, seen.subject) == (str(ticket.id), "new", "Export to PDF")
    assert seen.words == "We export 300 reports a month by hand."
    assert (seen.requester.kind, seen.requester.id, seen.requester.name) == (
        "zendesk",
        str(ana.id),
        "Ana Ruiz",
    )
    assert seen.requester.emails == ("ana@acme.example",)
    assert (seen.requester.language, seen.requester.staff, seen.requester.suspended) == ("es", False, False)
    assert seen.organisation is not None
    assert (seen.organisation.name, seen.organisation.domains) == ("Acme", ("acme.example",))
    assert (seen.created, seen.updated) == (ticket.created, ticket.updated)
    assert (seen.merged_into, seen.followup_of, seen.channel) == (None, None, "email")


def test_only_verified_addresses_count_and_the_primary_one_is_first(
    client: Zendesk, vendor: Vendor, ticket: Ticket, ana: User
) -> None:
    now = vendor.clock.now()
    ana.identities.insert(0, Identity(1, "Ana@Home.example", now))
    ana.identities.append(Identity(2, "unproven@x.example", now, verified=False))
    ana.identities.append(Identity(3, "+1 555", now, type="phone_number"))
    assert read_ticket(client, ticket.id).requester.emails == ("ana@acme.example", "ana@home.example")


def test_staff_and_suspended_people_are_seen_as_such(
    client: Zendesk, vendor: Vendor, ticket: Ticket, ana: User, sam: User
) -> None:
    vendor.suspend(ana)
    assert read_ticket(client, ticket.id).requester.suspended
    own = vendor.open_ticket(sam, "Ours", "words")
    assert read_ticket(client, own.id).requester.staff


def test_the_words_are_the_requesters_own_first_public_ones(
    client: Zendesk, vendor: Vendor, ana: User, sam: User
) -> None:
    ticket = vendor.open_ticket(ana, "By phone", "She called about PDF.", submitter_id=sam.id)
    assert read_ticket(client, ticket.id).words == "She called about PDF."
    vendor.reply_as(sam, ticket, "internal", public=False)
    vendor.reply_as(ana, ticket, "Yes, PDF, " + "x" * 3000)
    words = read_ticket(client, ticket.id).words
    assert words.startswith("Yes, PDF, ")
    assert words.endswith("…")
    assert len(words) == 2000


def test_a_merged_ticket_names_the_one_that_survives(
    client: Zendesk, vendor: Vendor, ticket: Ticket, ana: User
) -> None:
    other = vendor.open_ticket(ana, "PDF", "See #1 and #2")
    vendor.merge(other, ticket)
    seen = read_ticket(client, other.id)
    assert (seen.status, seen.merged_into) == ("closed", str(ticket.id))
    assert read_ticket(client, ticket.id).merged_into is None


def test_a_merge_without_a_source_is_read_from_its_words_in_any_language() -> None:
    events = [
        {"type": "Comment", "body": 'Diese Anfrage wurde mit Anfrage #42 "PDF" zusammengeführt. Siehe #7.'},
        {"type": "Change", "field_name": "tags", "value": ["closed_by_merge"]},
    ]
    assert named_by({"events": events}) == "42"
    assert named_by({"events": events[:1]}) is None
    assert named_by({"via": None}) is None


def test_a_follow_up_knows_what_it_continues(
    client: Zendesk, vendor: Vendor, ticket: Ticket, ana: User
) -> None:
    vendor.close(ticket)
    again = vendor.reply_as(ana, ticket, "And now?")
    assert read_ticket(client, again.id).followup_of == str(ticket.id)


def test_a_conversation_in_messaging_is_another_channel(client: Zendesk, ticket: Ticket) -> None:
    ticket.from_messaging_channel = True
    assert read_ticket(client, ticket.id).channel == "messaging"


def test_an_organisation_that_is_gone_is_none(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    vendor.account.organizations.clear()
    assert read_ticket(client, ticket.id).organisation is None


def test_a_ticket_that_is_not_there_is_not_found(client: Zendesk, vendor: Vendor, ticket: Ticket) -> None:
    vendor.delete(ticket)
    with pytest.raises(NotFound):
        read_ticket(client, ticket.id)


def test_a_ticket_that_lacks_its_requester_is_for_later(
    client: Zendesk, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.zendesk.rest.tickets.ticket_json", lambda ticket, base: {"id": ticket.id})
    with pytest.raises(Unavailable, match="requester_id"):
        read_ticket(client, ticket.id)
