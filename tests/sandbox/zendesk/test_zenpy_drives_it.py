"""The vendor as zenpy sees it: nobody told zenpy that this is a sandbox."""

from datetime import UTC, datetime, timedelta

import pytest
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment
from zenpy.lib.api_objects import Ticket as ZenpyTicket
from zenpy.lib.api_objects import User as ZenpyUser
from zenpy.lib.api_objects import Webhook as ZenpyWebhook
from zenpy.lib.exception import APIException, RecordNotFoundException

from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User


def test_it_reads_a_ticket(zenpy: Zenpy, ticket: Ticket, ana: User) -> None:
    read = zenpy.tickets(id=ticket.id)
    assert (read.subject, read.status, read.requester_id) == ("Export to PDF", "new", ana.id)
    assert read.requester.name == "Ana Ruiz"
    assert read.organization.name == "Acme"
    assert read.created.tzinfo is not None


def test_it_lists_tickets_by_ids_and_by_external_id(zenpy: Zenpy, zendesk: Zendesk, ana: User) -> None:
    first = zendesk.open_ticket(ana, "One", "1", external_id="ours:1")
    second = zendesk.open_ticket(ana, "Two", "2")
    assert {one.id for one in zenpy.tickets(ids=[first.id, second.id, 99_999])} == {first.id, second.id}
    assert [one.id for one in zenpy.tickets(external_id="ours:1")] == [first.id]


def test_it_pages_through_all_tickets_by_cursor(zenpy: Zenpy, zendesk: Zendesk, ana: User) -> None:
    made = {zendesk.open_ticket(ana, f"Number {n}", "words").id for n in range(7)}
    assert {one.id for one in zenpy.tickets(cursor_pagination=3)} == made


def test_it_creates_and_answers(zenpy: Zenpy, zendesk: Zendesk, ana: User, sam: User) -> None:
    asked = ZenpyTicket(subject="Hi", requester_id=ana.id, comment=Comment(body="We looked at it."))
    created = zenpy.tickets.create(asked)
    assert created.ticket.status == "new"
    answer = created.ticket
    answer.comment = Comment(html_body="<p>It is <b>out</b></p>", public=True)
    answer.status = "pending"
    audit = zenpy.tickets.update(answer).audit
    assert [event["type"] for event in audit.events] == ["Change", "Comment", "Notification"]
    assert audit.metadata.custom == {}
    assert zendesk.ticket(created.ticket.id).status == "pending"
    assert [mail.body for mail in zendesk.mails("ana@acme.example")] == ["We looked at it.", "It is out"]
    assert {one.author_id for one in zenpy.tickets.comments(created.ticket.id)} == {sam.id}


def test_it_reads_the_audits(zenpy: Zenpy, zendesk: Zendesk, ticket: Ticket, sam: User) -> None:
    zendesk.reply_as(sam, ticket, "Looking into it.", public=False)
    zendesk.solve(ticket, by=sam)
    audits = list(zenpy.tickets.audits(ticket=ticket.id))
    assert [one.author_id for one in audits] == [ticket.requester_id, sam.id, sam.id]
    changed = {event["field_name"]: event["value"] for event in audits[-1].events}
    assert (changed["assignee_id"], changed["status"]) == (str(sam.id), "solved")


def test_it_merges_two_tickets(zenpy: Zenpy, zendesk: Zendesk, ticket: Ticket, ana: User) -> None:
    other = zendesk.open_ticket(ana, "PDF please", "Once more: PDF")
    job = zenpy.tickets.merge(target=ticket.id, source=[other.id])
    assert job.status == "queued"
    assert zenpy.job_status(id=job.id).status == "completed"
    merged = zenpy.tickets(id=other.id)
    assert merged.status == "closed"
    assert "closed_by_merge" in merged.tags
    last = list(zenpy.tickets.audits(ticket=other.id))[-1]
    assert last.via.source.rel == "merge"


def test_it_deletes_and_restores(zenpy: Zenpy, ticket: Ticket) -> None:
    zenpy.tickets.delete(zenpy.tickets(id=ticket.id))
    with pytest.raises(RecordNotFoundException):
        zenpy.tickets(id=ticket.id)
    assert [one.id for one in zenpy.tickets.deleted()] == [ticket.id]
    zenpy.tickets.restore(ticket.id)
    zenpy.disable_caching()
    assert zenpy.tickets(id=ticket.id).status == "new"


def test_it_finds_and_merges_users(zenpy: Zenpy, zendesk: Zendesk, ticket: Ticket, ana: User) -> None:
    survivor = zendesk.add_user("Ana R.", "ana@home.example")
    assert [one.id for one in zenpy.users.search("ana@acme.example")] == [ana.id]
    assert zenpy.users.me().role == "admin"
    zenpy.users.merge(ana.id, survivor.id)
    assert zenpy.tickets(id=ticket.id).requester_id == survivor.id
    assert [one.value for one in zenpy.users.identities(id=survivor.id)] == [
        "ana@home.example",
        "ana@acme.example",
    ]


def test_it_creates_a_user_and_changes_it(zenpy: Zenpy, zendesk: Zendesk) -> None:
    made = zenpy.users.create(ZenpyUser(name="Bo", email="bo@acme.example", locale="da"))
    assert made.organization.name == "Acme"
    made.suspended = True
    assert zenpy.users.update(made).suspended is True
    assert zendesk.account.user(made.id).suspended


def test_it_reads_the_incremental_export(zenpy: Zenpy, zendesk: Zendesk, ticket: Ticket, ana: User) -> None:
    zendesk.open_ticket(ana, "Gone", "words")
    zendesk.delete(zendesk.tickets()[-1])
    zendesk.clock.advance(61)
    zendesk.open_ticket(ana, "Too young to be exported", "words")
    start = datetime.now(UTC) - timedelta(hours=1)
    read = [(one.id, one.status) for one in zenpy.tickets.incremental(start_time=start, per_page=1)]
    assert read == [(ticket.id, "new"), (ticket.id + 1, "deleted")]


def test_it_manages_webhooks(zenpy: Zenpy, zendesk: Zendesk) -> None:
    asked = ZenpyWebhook(
        name="ours",
        endpoint="http://127.0.0.1:9/hear",
        http_method="POST",
        request_format="json",
        status="active",
        subscriptions=["zen:event-type:ticket.created"],
    )
    made = zenpy.webhooks.create(asked)
    assert [one.name for one in zenpy.webhooks.list()] == ["ours"]
    secret = zenpy.webhooks.show_secret(made).secret
    assert secret == zendesk.outgoing.webhooks[made.id].secret
    assert zenpy.webhooks.reset_secret(made).secret != secret
    assert list(zenpy.webhooks.invocations(made)) == []
    zenpy.webhooks.delete(made)
    assert zendesk.outgoing.webhooks == {}


def test_wrong_credentials_are_turned_away(zenpy: Zenpy, ticket: Ticket) -> None:
    zenpy.tickets.session.auth = ("sam@helpdesk.example/token", "wrong")
    with pytest.raises(APIException, match="authenticate"):
        zenpy.tickets(id=ticket.id)
