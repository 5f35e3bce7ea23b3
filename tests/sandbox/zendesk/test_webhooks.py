"""What the vendor tells by webhook, and how."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from sandbox.server import Server
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User


class Ear:
    """Somebody who hears webhooks, and answers as a test wants."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 202
        app = Flask("ear")
        app.add_url_rule("/hear", methods=["POST"], view_func=self.hear)
        self.server = Server(app)

    def hear(self) -> ResponseReturnValue:
        self.heard.append((dict(request.headers), request.get_data()))
        return "", self.status

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.heard]

    def kinds(self) -> list[str]:
        return [event["type"].removeprefix("zen:event-type:") for event in self.events()]


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    with ear.server:
        yield ear


def test_a_delivery_is_signed_over_timestamp_and_raw_body(zendesk: Zendesk, ear: Ear, ana: User) -> None:
    webhook = zendesk.add_webhook(f"{ear.server.url}/hear")
    zendesk.open_ticket(ana, "Ünïcode", "words")
    assert zendesk.hooks.settled()
    [(headers, body)] = ear.heard
    at = headers["X-Zendesk-Webhook-Signature-Timestamp"]
    digest = hmac.new(webhook.secret.encode(), at.encode() + body, hashlib.sha256).digest()
    assert headers["X-Zendesk-Webhook-Signature"] == base64.b64encode(digest).decode()
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["X-Zendesk-Webhook-Id"] == webhook.id
    assert b'\n  "account_id": ' in body


def test_ids_are_text_and_a_missing_one_is_zero_and_the_status_is_shouted(
    zendesk: Zendesk, ear: Ear, ana: User
) -> None:
    ana.organization_id = None
    zendesk.add_webhook(f"{ear.server.url}/hear")
    ticket = zendesk.open_ticket(ana, "Hi", "words")
    zendesk.hooks.settled()
    detail = ear.events()[0]["detail"]
    assert (detail["id"], detail["organization_id"], detail["status"]) == (str(ticket.id), "0", "NEW")
    assert isinstance(ear.events()[0]["account_id"], int)


def test_everything_that_happens_to_a_ticket_is_told(
    zendesk: Zendesk, ear: Ear, ticket: Ticket, ana: User, sam: User
) -> None:
    zendesk.add_webhook(f"{ear.server.url}/hear")
    other = zendesk.open_ticket(ana, "Two", "words")
    zendesk.reply_as(sam, ticket, "hello")
    zendesk.merge(other, ticket)
    zendesk.solve(ticket)
    zendesk.delete(ticket)
    zendesk.restore(ticket)
    zendesk.delete(ticket)
    zendesk.erase(ticket)
    zendesk.merge_users(ana, zendesk.add_user("Ana too", "a@b.example"))
    assert zendesk.hooks.settled()
    assert ear.kinds() == [
        "ticket.created",
        "ticket.comment_added",
        "ticket.comment_added",
        "ticket.comment_added",
        "ticket.tags_changed",
        "ticket.status_changed",
        "ticket.merged",
        "ticket.status_changed",
        "ticket.status_changed",
        "ticket.soft_deleted",
        "ticket.undeleted",
        "ticket.soft_deleted",
        "ticket.permanently_deleted",
        "user.merged",
    ]
    merged = next(one for one in ear.events() if one["type"].endswith("ticket.merged"))
    assert merged["event"]["target_ticket_id"] == str(ticket.id)


def test_only_what_was_subscribed_is_told(zendesk: Zendesk, ear: Ear, ana: User) -> None:
    zendesk.add_webhook(f"{ear.server.url}/hear", ["zen:event-type:ticket.status_changed"])
    ticket = zendesk.open_ticket(ana, "Hi", "words")
    zendesk.set_status(ticket, "open")
    zendesk.hooks.settled()
    assert ear.kinds() == ["ticket.status_changed"]


def test_a_trigger_webhook_carries_only_the_id(zendesk: Zendesk, ear: Ear, ana: User) -> None:
    zendesk.add_webhook(f"{ear.server.url}/hear", ["conditional_ticket_events"])
    ticket = zendesk.open_ticket(ana, "Hi", "words")
    zendesk.hooks.settled()
    assert ear.events() == [{"id": str(ticket.id)}]


@pytest.mark.parametrize(("status", "deliveries"), [(202, 1), (409, 4), (503, 6), (500, 1), (403, 1)])
def test_only_some_answers_make_it_try_again(
    zendesk: Zendesk, ear: Ear, ana: User, status: int, deliveries: int
) -> None:
    zendesk.hooks.time_scale, ear.status = 0.0001, status
    webhook = zendesk.add_webhook(f"{ear.server.url}/hear")
    zendesk.open_ticket(ana, "Hi", "words")
    assert zendesk.hooks.settled()
    assert len(ear.heard) == deliveries
    assert len({body for _, body in ear.heard}) == 1
    assert zendesk.outgoing.statuses(webhook.invocations[0]) == [status] * deliveries
