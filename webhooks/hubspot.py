"""HubSpot's webhooks: signature version 3 over our address, the raw body and the time."""

from collections.abc import Sequence

from sqlalchemy import Connection

from connectors.hubspot import events, signature
from store.connections import Connection as Account
from webhooks.call import Call, digest
from webhooks.wishes import Heard, Wish

STAMP = "X-HubSpot-Request-Timestamp"


def proven(call: Call, secrets: Sequence[str]) -> bool:
    """By `X-HubSpot-Signature-v3`; older than five minutes is refused."""
    fits = [
        signature.verify(
            secret=secret,
            method="POST",
            uri=call.url,
            body=call.body,
            timestamp=call.header(STAMP),
            signature=call.header("X-HubSpot-Signature-v3"),
            now=call.now,
        )
        for secret in secrets
    ]
    return any(fits)


def delivery_id(call: Call) -> str:
    """A batch of events has no number of its own."""
    return digest(call.header(STAMP).encode(), call.body)


def heard(_conn: Connection, _account: Account, body: bytes) -> Heard:
    """Looks at what is named; whether it concerns us shows when it is read. Raises ValueError."""
    return Heard([Wish(one.object_type, one.id, one.at) for one in events.read(body)])
