"""What we make of a webhook's body."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.zendesk.events import Dirty, NotAnEventError, read
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import Ticket, User


def envelope(kind: str, *, event: dict[str, Any] | None = None, **detail: Any) -> bytes:
    said = {
        "account_id": 18525119,
        "detail": {"id": "20858", "organization_id": "0", **detail},
        "event": event or {},
        "id": "0b1c",
        "subject": "zen:ticket:20858",
        "time": "2023-09-18T23:38:13.0Z",
        "type": f"zen:event-type:{kind}",
        "zendesk_event_version": "2022-11-06",
    }
    return json.dumps(said, indent=2).encode()


AT = datetime(2023, 9, 18, 23, 38, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "dirty"),
    [
        (envelope("ticket.created"), Dirty("ticket", "20858", at=AT)),
        (envelope("ticket.status_changed", actor_id="7"), Dirty("ticket", "20858", at=AT, author="7")),
        (envelope("ticket.status_changed", actor_id="0"), Dirty("ticket", "20858", at=AT)),
        (
            envelope("ticket.comment_added", actor_id="7", event={"comment": {"author": {"id": "9"}}}),
            Dirty("ticket", "20858", at=AT, author="9"),
        ),
        (
            envelope("ticket.merged", event={"target_ticket_id": "5"}),
            Dirty("ticket", "20858", at=AT, merged_into="5"),
        ),
        (envelope("ticket.soft_deleted"), Dirty("ticket", "20858", at=AT, deleted="softly")),
        (envelope("ticket.permanently_deleted"), Dirty("ticket", "20858", at=AT, deleted="for good")),
        (envelope("user.suspended_changed"), Dirty("user", "20858", at=AT)),
        (envelope("community_post.vote_removed"), Dirty("post", "20858", at=AT)),
        (envelope("community_post.vote_changed", event={"current": {}}), Dirty("post", "20858", at=AT)),
        (b'{"id": "123"}', Dirty("ticket", "123")),
        (b'{"id": 123}', Dirty("ticket", "123")),
    ],
)
def test_an_event_makes_one_object_dirty(body: bytes, dirty: Dirty) -> None:
    assert read(body) == [dirty]


def test_a_merge_of_users_makes_both_dirty() -> None:
    body = envelope("user.merged", event={"user": {"id": "9"}})
    assert read(body) == [
        Dirty("user", "20858", at=AT, merged_with="9"),
        Dirty("user", "9", at=AT, merged_with="20858"),
    ]
    assert read(envelope("user.merged", event={})) == [Dirty("user", "20858", at=AT)]


@pytest.mark.parametrize(
    "body",
    [
        envelope("ticket.csat_requested"),
        envelope("article.published"),
        envelope("user.created"),
        b'{"type": "somebody.else", "detail": 5}',
    ],
)
def test_what_we_do_not_follow_is_nothing(body: bytes) -> None:
    assert read(body) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"id": null}',
        b'{"id": "0"}',
        b'{"id": true}',
        b'{"id": "1/2"}',
        b'{"type": 5}',
        b'{"type": "zen:event-type:ticket.created"}',
        b'{"type": "zen:event-type:ticket.created", "detail": {"id": "5"}, "event": []}',
        b'{"type": "zen:event-type:ticket.created", "detail": {"id": "x"}, "event": {}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(NotAnEventError):
        read(body)


def test_a_time_that_cannot_be_read_does_not_lose_the_event() -> None:
    body = envelope("ticket.created").replace(b"2023-09-18T23:38:13.0Z", b"yesterday")
    assert read(body) == [Dirty("ticket", "20858")]


def test_everything_that_the_vendor_sends_is_understood(
    vendor: Vendor, ticket: Ticket, ana: User, sam: User
) -> None:
    webhook = vendor.add_webhook("http://127.0.0.1:9/nobody")
    vendor.reply_as(sam, ticket, "hello")
    other = vendor.open_ticket(ana, "Two", "words")
    vendor.merge(other, ticket)
    vendor.delete(ticket)
    vendor.merge_users(ana, vendor.add_user("Ana", "a@b.example"))
    understood = [read(one.body) for one in webhook.invocations]
    assert all(understood)
    assert understood[0][0].author == str(sam.id)
    assert any(one.merged_into == str(ticket.id) for found in understood for one in found)
