"""Who may tell us something in Zendesk's name."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.zendesk.signature import PUBLIC_TEST_SECRET, verify
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.outgoing import sign

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BODY = '{\n  "id": "ü"\n}'.encode()


def stamp(ago: timedelta = timedelta()) -> str:
    return (NOW - ago).strftime("%Y-%m-%dT%H:%M:%SZ")


def proven(
    *,
    signed_with: str = "ours",
    known: tuple[str, ...] = ("ours",),
    ago: timedelta = timedelta(),
    body: bytes = BODY,
    change: str = "",
) -> bool:
    at = stamp(ago)
    signature = sign(signed_with, at, BODY) + change
    return verify(secrets=known, timestamp=at, body=body, signature=signature, now=NOW)


def test_the_right_secret_over_the_right_bytes_is_believed() -> None:
    assert proven()


def test_both_secrets_are_believed_while_one_replaces_the_other() -> None:
    assert proven(signed_with="new", known=("old", "new"))
    assert proven(signed_with="old", known=("old", "new"))


@pytest.mark.parametrize(
    ("signed_with", "known"),
    [
        ("other", ("ours",)),
        ("ours", ()),
        ("", ("",)),
        ("ours", ("",)),
        (PUBLIC_TEST_SECRET, (PUBLIC_TEST_SECRET,)),
        (PUBLIC_TEST_SECRET, ("ours", PUBLIC_TEST_SECRET)),
    ],
)
def test_wrong_missing_and_public_secrets_are_not_believed(signed_with: str, known: tuple[str, ...]) -> None:
    assert not proven(signed_with=signed_with, known=known)


def test_a_changed_body_or_signature_is_not_believed() -> None:
    assert not proven(body=BODY + b" ")
    assert not proven(change="=")
    assert not verify(secrets=["ours"], timestamp=stamp(), body=BODY, signature="", now=NOW)
    assert not verify(secrets=["ours"], timestamp=stamp(), body=BODY, signature="ü\ud800", now=NOW)


@pytest.mark.parametrize(
    ("ago", "believed"),
    [
        (timedelta(minutes=59), True),
        (timedelta(hours=1, seconds=1), False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
    ],
)
def test_only_a_recent_delivery_is_believed(ago: timedelta, believed: bool) -> None:
    assert proven(ago=ago) is believed


@pytest.mark.parametrize("timestamp", ["", "now", "1772443800", "2026-03-02T09:30:00", "2026-03-02"])
def test_a_timestamp_that_is_none_is_not_believed(timestamp: str) -> None:
    signature = sign("ours", timestamp, BODY)
    assert not verify(secrets=["ours"], timestamp=timestamp, body=BODY, signature=signature, now=NOW)


def test_what_the_vendor_really_sends_is_believed(vendor: Vendor) -> None:
    webhook = vendor.add_webhook("http://127.0.0.1:9/nobody")
    vendor.open_ticket(vendor.add_user("Ana", "ana@acme.example"), "Hi", "words")
    vendor.hooks.time_scale = 0
    assert vendor.hooks.settled()
    sent = vendor.hooks.attempts[0]
    assert verify(
        secrets=[webhook.secret],
        timestamp=sent.headers["X-Zendesk-Webhook-Signature-Timestamp"],
        body=sent.body,
        signature=sent.headers["X-Zendesk-Webhook-Signature"],
        now=datetime.now(UTC),
    )


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_at_the_edge_of_the_calendar_is_refused(edge: str) -> None:
    assert not verify(
        secrets=["ours"], timestamp=edge, body=BODY, signature=sign("ours", edge, BODY), now=NOW
    )
