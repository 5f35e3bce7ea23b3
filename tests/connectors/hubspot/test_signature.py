"""Only HubSpot's own calls, of now, to our own address, pass."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.hubspot.signature import verify
from sandbox.hubspot.telling import signature

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URI = "https://kithspark.example/webhooks/hubspot/acme"


def call(at: datetime = NOW, **changed: Any) -> dict[str, Any]:
    """A true call, with some of it changed after signing."""
    stamp = str(int(at.timestamp() * 1000))
    body = b'[{"objectId": 1}]'
    signed = signature(secret="s3cret", method="POST", uri=URI, body=body, stamp=stamp)
    given = {"secret": "s3cret", "method": "POST", "uri": URI, "body": body, "timestamp": stamp}
    return given | {"signature": signed, "now": NOW} | changed


def test_a_true_call_passes() -> None:
    assert verify(**call())


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "other"},
        {"secret": ""},
        {"method": "GET"},
        {"uri": URI + "?x=1"},
        {"body": b"[]"},
        {"timestamp": str(int(NOW.timestamp() * 1000) + 1)},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "9" * 40},
        {"timestamp": "99999999999999"},
        {"timestamp": "٣" * 13},
        {"signature": ""},
        {"signature": "é"},
    ],
)
def test_whatever_was_changed_it_does_not_pass(changed: dict[str, Any]) -> None:
    assert not verify(**call(**changed))


@pytest.mark.parametrize(
    ("age_s", "passes"), [(299, True), (300, True), (301, False), (-59, True), (-61, False)]
)
def test_a_call_is_five_minutes_old_at_most_and_hardly_from_the_future(age_s: int, passes: bool) -> None:
    assert verify(**call(NOW - timedelta(seconds=age_s))) is passes
