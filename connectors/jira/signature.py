"""Proof that an admin webhook came from the Jira that knows our secret."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

OLDEST_MS = 24 * 3600 * 1000
"""Jira's own retries end well within a day."""


def verify(*, secrets: Sequence[str], body: bytes, header: str | None) -> bool:
    """Whether `X-Hub-Signature` is the HMAC-SHA256 of these raw bytes under one of the secrets.

    An empty secret proves nothing, so it never fits.
    """
    given = (header or "").encode()
    fits = False
    for secret in secrets:
        wanted = b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
        fits |= hmac.compare_digest(wanted, given) and bool(secret)
    return fits


def too_old(body_timestamp_ms: int | None, now: datetime) -> bool:
    """Whether a body, however well signed, is older than a day, or does not say how old it is."""
    return body_timestamp_ms is None or int(now.timestamp() * 1000) - body_timestamp_ms > OLDEST_MS
