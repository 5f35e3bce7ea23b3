"""What we told one person since a backup: found wherever Zendesk keeps it, and never guessed."""

from datetime import timedelta

import pytest

from connectors.errors import Unavailable
from connectors.zendesk.client import Zendesk as Client
from connectors.zendesk.read_back import messages_to
from lineage.recalling import Message
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User


def says(client: Client, ticket: Ticket, *words: str) -> None:
    """A reply of ours with these words in its mark."""
    comment = {"comment": {"body": "It is out.", "public": True}, "metadata": {"kithspark": list(words)}}
    client.put_ticket(ticket.id, {"ticket": comment})


def read(client: Client, vendor: Zendesk, ana: User, *tickets: Ticket, ago_s: float = 3600) -> list[Message]:
    since = vendor.clock.now() - timedelta(seconds=ago_s)
    return messages_to(
        client, readers={str(ana.id)}, tickets={str(one.id) for one in tickets}, since=since
    )  # fmt: skip


def test_a_reply_is_found_with_its_place_and_whether_it_was_mailed(
    client: Client, vendor: Zendesk, ana: User
) -> None:
    ticket = vendor.open_ticket(ana, "Export", "We need PDF.")
    says(client, ticket, "a", "b")
    [message] = read(client, vendor, ana)
    assert message.words == {"a", "b"}
    assert message.receipt.place == f"zendesk:ticket:{ticket.id}"
    assert message.receipt.mailed
    assert message.receipt.audit_id


def test_what_is_not_ours_or_older_is_not_read(client: Client, vendor: Zendesk, ana: User) -> None:
    old = vendor.open_ticket(ana, "Old", "Long ago.")
    says(client, old, "old")
    vendor.clock.advance(7200)
    new = vendor.open_ticket(ana, "New", "Now.")
    vendor.reply_as(ana, new, "And?")
    assert read(client, vendor, ana) == []
    vendor.reply_as(ana, old, "Still here.")
    assert read(client, vendor, ana) == [], "the ticket changed, our message is older"


def test_more_than_a_hundred_changes_later_it_is_still_found(
    client: Client, vendor: Zendesk, ana: User
) -> None:
    ticket = vendor.open_ticket(ana, "Export", "We need PDF.")
    says(client, ticket, "a")
    for number in range(210):
        vendor.reply_as(ana, ticket, f"And? {number}")
    [message] = read(client, vendor, ana)
    assert message.words == {"a"}


def test_more_than_a_page_of_tickets_is_read(client: Client, vendor: Zendesk, ana: User) -> None:
    tickets = [vendor.open_ticket(ana, f"Export {n}", "We need PDF.") for n in range(103)]
    vendor.clock.advance(7200)
    for ticket in (tickets[0], tickets[-1]):
        says(client, ticket, f"w{ticket.id}")
    found = {message.receipt.ticket for message in read(client, vendor, ana)}
    assert found == {str(tickets[0].id), str(tickets[-1].id)}


def test_a_ticket_that_is_somebody_elses_now_is_read_where_it_is_known(
    client: Client, vendor: Zendesk, ana: User
) -> None:
    bo, ticket = vendor.add_user("Bo", "bo@acme.example"), vendor.open_ticket(ana, "Export", "PDF.")
    says(client, ticket, "a")
    vendor.change_requester(ticket, bo)
    assert read(client, vendor, ana) == []
    assert [message.words for message in read(client, vendor, ana, ticket)] == [{"a"}]


def test_tickets_and_users_that_are_gone_hold_up_nothing(client: Client, vendor: Zendesk, ana: User) -> None:
    ticket, gone = vendor.open_ticket(ana, "Export", "PDF."), vendor.open_ticket(ana, "Gone", "PDF.")
    says(client, ticket, "a")
    vendor.erase(gone)
    since = vendor.clock.now() - timedelta(hours=1)
    found = messages_to(client, readers={str(ana.id), "999"}, tickets={str(gone.id)}, since=since)
    assert [message.words for message in found] == [{"a"}]


def test_a_list_of_changes_that_lags_is_not_believed(client: Client, vendor: Zendesk, ana: User) -> None:
    ticket = vendor.open_ticket(ana, "Export", "PDF.")
    vendor.clock.advance(30)
    vendor.knobs.audit_lag_s = 20
    says(client, ticket, "a")
    with pytest.raises(Unavailable, match="lags behind"):
        read(client, vendor, ana)
    vendor.clock.advance(25)
    assert [message.words for message in read(client, vendor, ana)] == [{"a"}]


def test_a_follow_up_of_ours_is_named_by_the_ticket_that_it_answers(
    client: Client, vendor: Zendesk, ana: User
) -> None:
    closed = vendor.open_ticket(ana, "Export", "PDF.")
    vendor.close(closed)
    body = (
        f'{{"ticket": {{"via_followup_source_id": {closed.id}, "requester_id": {ana.id}, "subject": "Re",'
        '"comment": {"body": "It is out."}, "metadata": {"kithspark": ["a"]}}}'
    )
    made = client.create_ticket(body.encode(), idempotency_key="k")["ticket"]["id"]
    vendor.clock.advance(5)
    says(client, vendor.ticket(made), "b")
    first, second = sorted(read(client, vendor, ana), key=lambda message: message.at)
    assert (first.receipt.place, first.receipt.ticket) == (f"zendesk:followup:{closed.id}", str(made))
    assert (second.receipt.place, second.receipt.ticket) == (f"zendesk:ticket:{made}", str(made))


@pytest.mark.parametrize("kind", ["garbage", "html", "drop_before", "reset"])
@pytest.mark.parametrize("path", [r"/requested", r"/audits"])
def test_an_answer_that_is_none_is_asked_for_again(
    client: Client, vendor: Zendesk, ana: User, kind: str, path: str
) -> None:
    says(client, vendor.open_ticket(ana, "Export", "PDF."), "a")
    vendor.faults.order(Fault(kind, path=path))
    with pytest.raises(Unavailable):
        read(client, vendor, ana)
    assert len(read(client, vendor, ana)) == 1
