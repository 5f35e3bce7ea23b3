"""Our webhook in a Zendesk account: made once, found again, mended, tried.

A webhook is ours where it calls our address for events. One that triggers call stays as it is: its kind
cannot be changed, and its secret is another.
"""

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple
from urllib.parse import quote

from connectors.errors import Unavailable
from connectors.zendesk.answers import Json
from connectors.zendesk.client import Zendesk
from connectors.zendesk.events import POST_EVENTS, PREFIX, TICKET_EVENTS, USER_EVENTS

NAME = "Kithspark"
BY_TRIGGER = "conditional_ticket_events"
EVENTS = tuple(
    sorted(f"{PREFIX}ticket.{what}" for what in TICKET_EVENTS)
    + sorted(f"{PREFIX}user.{what}" for what in USER_EVENTS)
)
"""What we hear; see `events.py`."""
OF_POSTS = tuple(sorted(f"{PREFIX}community_post.{what}" for what in POST_EVENTS))
"""What we hear besides where a post of the community is placed; many accounts have no community."""
TEST = f"{PREFIX}kithspark.test"
"""The event of a call that is made to try the webhook. It is about nothing."""


class Hook(NamedTuple):
    """`others`: so many further webhooks call our address. Their calls bear other signatures."""

    id: str
    secret: str
    deed: Literal["made", "found", "mended"]
    others: int


def ensure(client: Zendesk, address: str, events: Sequence[str] = EVENTS) -> Hook:
    """Our webhook for these events: as it is, mended, or made. Done again, or twice at once, it still is one.

    Raises Unavailable, Refused and Unauthorized: it takes an administrator.
    """
    deed: Literal["made", "found", "mended"] = "found"
    ours = _ours(client, address)
    if not ours:
        body = {"name": NAME, "endpoint": address, "http_method": "POST", "request_format": "json"}
        answer = client.call(
            "POST", "webhooks", {"webhook": {**body, "status": "active", "subscriptions": list(events)}}
        )
        deed, made = "made", _id(answer.get("webhook"))
        ours = _ours(client, address)
        if ours and _id(ours[0]) != made:  # somebody made one at the same moment: the older one stays
            client.call("DELETE", _path(made))
            deed, ours = "found", _ours(client, address)
    elif wanted := _mend(ours[0], events):
        client.call("PATCH", _path(_id(ours[0])), {"webhook": wanted})
        deed, ours = "mended", _ours(client, address)
    if not ours or _mend(ours[0], events):
        raise Unavailable("Zendesk does not show the webhook as it was made. Try again in a minute.")
    return Hook(_id(ours[0]), _secret(client, _id(ours[0])), deed, len(_all_of(client, address)) - 1)


def fire(client: Zendesk, hook: str, event: str) -> tuple[int, str]:
    """Has Zendesk call us now with an event of this id: what was answered, as HTTP counts and in words.

    0 where it got no answer. Raises Unavailable, Refused and Unauthorized.
    """
    payload = json.dumps({"type": TEST, "id": event, "detail": {}, "event": {}})
    answer = client.call("POST", f"webhooks/test?webhook_id={quote(hook, safe='')}",
                         {"request": {"payload": payload}})  # fmt: skip
    told = answer.get("response")
    status = told.get("status") if isinstance(told, dict) else None
    words = told.get("payload") if isinstance(told, dict) else None
    return status if isinstance(status, int) else 0, str(words or "")[:300]


def calls(webhook: Json, address: str) -> bool:
    """Whether it calls this very address, whatever stands behind a question mark."""
    return str(webhook.get("endpoint") or "").partition("?")[0].rstrip("/") == address


def _all_of(client: Zendesk, address: str) -> list[Json]:
    """Every webhook that calls us, the oldest first."""
    found = [one for one in client.every("webhooks", "webhooks") if calls(one, address)]
    return sorted(found, key=lambda one: (str(one.get("created_at") or ""), _id(one)))


def _ours(client: Zendesk, address: str) -> list[Json]:
    return [one for one in _all_of(client, address) if BY_TRIGGER not in _subscribed(one)]


def _mend(webhook: Json, events: Sequence[str]) -> Json:
    """What must be another there; nothing where it is well. What somebody added is left."""
    wanted: Json = {}
    if lacking := set(events) - _subscribed(webhook):
        wanted["subscriptions"] = sorted(_subscribed(webhook) | lacking)
    as_it_must_be = {"status": "active", "http_method": "POST", "request_format": "json"}
    return wanted | {name: value for name, value in as_it_must_be.items() if webhook.get(name) != value}


def _subscribed(webhook: Json) -> set[str]:
    told = webhook.get("subscriptions")
    return {str(one) for one in told} if isinstance(told, list) else set()


def _secret(client: Zendesk, hook: str) -> str:
    told = client.call("GET", f"{_path(hook)}/signing_secret").get("signing_secret")
    secret = told.get("secret") if isinstance(told, dict) else None
    if not isinstance(secret, str) or not secret:
        raise Unavailable("Zendesk does not tell the webhook's signing secret. Try again in a minute.")
    return secret


def _id(webhook: object) -> str:
    ident = webhook.get("id") if isinstance(webhook, dict) else None
    if not ident:
        raise Unavailable("Zendesk answered a webhook without its id. Try again in a minute.")
    return str(ident)


def _path(hook: str) -> str:
    return f"webhooks/{quote(hook, safe='')}"
