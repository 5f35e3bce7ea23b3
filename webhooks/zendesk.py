"""Zendesk's event and trigger webhooks: the signature over time and raw body, and what changed."""

import json
import re
from collections.abc import Sequence

from sqlalchemy import Connection

from connectors import known
from connectors.zendesk import events, signature
from connectors.zendesk.events import Dirty
from store.connections import Connection as Account
from webhooks.call import Call, digest
from webhooks.wishes import Heard, Wish

EVENT_ID = re.compile(r"[!-~]{1,100}")


def proven(call: Call, secrets: Sequence[str]) -> bool:
    """By `X-Zendesk-Webhook-Signature`; older than an hour is refused."""
    return signature.verify(
        secrets=secrets,
        timestamp=call.header("X-Zendesk-Webhook-Signature-Timestamp"),
        body=call.body,
        signature=call.header("X-Zendesk-Webhook-Signature"),
        now=call.now,
    )


def delivery_id(call: Call) -> str:
    """The event's id; what a trigger sends has none, there it is the invocation's."""
    stamp = call.header("X-Zendesk-Webhook-Signature-Timestamp").encode()
    invocation = call.header("X-Zendesk-Webhook-Invocation-Id")
    return _event_id(call.body) or invocation or digest(stamp, call.body)


def heard(conn: Connection, account: Account, body: bytes) -> Heard:
    """Looks at the tickets, users and posts that we know. Raises ValueError for what no Zendesk sends.

    What we did there ourselves comes back as an event too, and is nothing new.
    """
    if not body.strip():
        return Heard()
    told = [one for one in events.read(body) if not _our_own(one, account)]
    named = {kind: {one.id for one in told if one.kind == kind} for kind in ("ticket", "user", "post")}
    ours = {
        "ticket": known.tickets_among(conn, account.workspace_id, named["ticket"]),
        "user": known.zendesk_users_among(conn, account.workspace_id, named["user"]),
        "post": known.community_posts_among(conn, account.workspace_id, named["post"]),
    }
    return Heard([_wish(one) for one in told if one.id in ours[one.kind]])


def _our_own(event: Dirty, account: Account) -> bool:
    ours = account.config.get("own_user_id")
    return event.author is not None and event.author == ours and not event.deleted and not event.merged_into


def _wish(event: Dirty) -> Wish:
    """Of a ticket the time is its own stamp, as the event moved it: that tells a stale answer."""
    return Wish(event.kind, event.id, event.stamp if event.kind == "ticket" else event.at, event.hint)


def _event_id(body: bytes) -> str:
    """Of an event's envelope. In a trigger's body, `id` is the ticket."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict) or "type" not in said:
        return ""
    ident = said.get("id")
    return ident if isinstance(ident, str) and EVENT_ID.fullmatch(ident) else ""
