"""Whether a webhook comes from Zendesk: HMAC-SHA256 over timestamp and raw body."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

PUBLIC_TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105
"""What Zendesk signs test calls of unsaved webhooks with; everybody knows it."""

OLDEST = timedelta(hours=1)
"""Zendesk's retries fit inside."""

NEWEST = timedelta(minutes=5)
"""How far ahead of ours Zendesk's clock may be."""


def verify(*, secrets: Sequence[str], timestamp: str, body: bytes, signature: str, now: datetime) -> bool:
    """Whether one of our secrets signed these very bytes at this time, not long ago.

    Several secrets are valid while one is being replaced by the next.
    Source: developer.zendesk.com/documentation/webhooks/verifying
    """
    usable = [secret for secret in secrets if secret and secret != PUBLIC_TEST_SECRET]
    at = when(timestamp)
    if at is None or not now - OLDEST <= at <= now + NEWEST:
        return False
    given = signature.encode("utf-8", "replace")
    matches = [hmac.compare_digest(expected(secret, timestamp, body), given) for secret in usable]
    return any(matches)


def expected(secret: str, timestamp: str, body: bytes) -> bytes:
    digest = hmac.new(secret.encode(), timestamp.encode("utf-8", "replace") + body, hashlib.sha256).digest()
    return base64.b64encode(digest)


def when(timestamp: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(timestamp)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):  # the second for the first and the last day that there is
        return None
