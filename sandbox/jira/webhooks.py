"""Sends what Jira tells: admin webhooks with a secret, and those of an installed Connect app."""

import hashlib
import hmac
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import requests

from sandbox import hooks
from sandbox.jira.telling import EVENTS, Event

IDENTIFIER = "X-Atlassian-Webhook-Identifier"
RETRIED = frozenset({408, 409, 425, 429})
TRIES = 5
RETRY_S = 300.0


class Hooks(hooks.Hooks):
    """Outgoing webhooks that say of a second try that it is one."""

    def __init__(self, *, time_scale: float) -> None:
        super().__init__(time_scale=time_scale)
        self._tries: Counter[str] = Counter()

    def _post(self, session: requests.Session, delivery: hooks.Delivery) -> int | None:
        identifier = delivery.headers.get(IDENTIFIER, "")
        if before := self._tries[identifier]:
            delivery = replace(
                delivery, headers={**delivery.headers, "X-Atlassian-Webhook-Retry": str(before)}
            )
        self._tries[identifier] += 1
        return super()._post(session, delivery)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where some events go. Admin ones are signed with `secret`, Connect ones by `authorize`."""

    url: str
    events: frozenset[str]
    secret: str = ""
    authorize: Callable[[str], str] | None = None


def signature(secret: str, body: bytes) -> str:
    """The X-Hub-Signature of these raw bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Sender:
    """Turns events into signed calls."""

    def __init__(self, outgoing: Hooks) -> None:
        self.outgoing = outgoing
        self.subscriptions: list[Subscription] = []
        self._numbers = itertools.count(1)

    def subscribe(self, url: str, secret: str, events: frozenset[str] | None = None) -> None:
        """An admin webhook. `events` None: all that there are."""
        self.subscriptions.append(Subscription(url, events or frozenset(EVENTS), secret))

    def tell(self, event: Event) -> None:
        body = event.body()
        for to in self.subscriptions:
            if event.name in to.events:
                self.outgoing.send(to.url, body, self._headers(to, event, body), retry_on=retries())

    def _headers(self, to: Subscription, event: Event, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            IDENTIFIER: f"{next(self._numbers):032x}",
            "X-Atlassian-Webhook-Flow": event.flow,
        }
        if to.secret:
            headers["X-Hub-Signature"] = signature(to.secret, body)
        if to.authorize is not None:
            headers["Authorization"] = to.authorize(to.url)
        return headers


def retries() -> hooks.RetryOn:
    """Jira's rule for one delivery: 408, 409, 425, 429, 5xx and no answer, five tries in all."""
    left = itertools.count(TRIES - 1, -1)

    def wait_s(status: int | None) -> float | None:
        again = status is None or status in RETRIED or status >= 500
        return RETRY_S if again and next(left) > 0 else None

    return wait_s
