"""Whether a webhook call is HubSpot's: signature version 3.

Source: HubSpot, "Validating requests", v3. The older `X-HubSpot-Signature` header is no alternative: it
covers neither address nor time.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

OLDEST = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)


def verify(
    *, secret: str, method: str, uri: str, body: bytes, timestamp: str, signature: str, now: datetime
) -> bool:
    """Whether `signature` (base64) stands for this call, and `timestamp` (milliseconds) is of now.

    `uri` is the full address that HubSpot was given, built from our configured public address and never
    from what the caller says it called. `body` is the raw bytes.
    """
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 14):
        return False
    at = datetime.fromtimestamp(int(timestamp) / 1000, UTC)
    if not -AHEAD <= now - at <= OLDEST:
        return False
    told = method.upper().encode() + uri.encode() + body + timestamp.encode()
    ours = base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest())
    return hmac.compare_digest(ours, signature.encode("utf-8", "replace"))
