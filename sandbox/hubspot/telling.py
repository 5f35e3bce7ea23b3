"""HubSpot's webhooks: arrays of events, signed by version 3, tried ten times over a day."""

import base64
import hashlib
import hmac
import itertools
import json
import random

from sandbox.clock import Clock
from sandbox.hooks import Hooks, RetryOn

MOST_EVENTS = 100
TRIES = 10
DAY_S = 86_400
FINAL = frozenset({400, 401, 403, 404, 405})
"""Answers after which HubSpot does not ask again."""


def signature(*, secret: str, method: str, uri: str, body: bytes, stamp: str) -> str:
    """Version 3: base64 of HMAC-SHA256 over method, full URI, raw body and the timestamp."""
    told = method.encode() + uri.encode() + body + stamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


class Teller:
    """Sends what happens in the portal to the one address that was set up; to nobody before that."""

    def __init__(self, hooks: Hooks, *, clock: Clock, portal_id: int, seed: int) -> None:
        self.hooks, self.clock, self.portal_id = hooks, clock, portal_id
        self.url = self.secret = ""
        self._rng = random.Random(seed)
        self._ids = itertools.count(100 + seed)

    def tell(self, events: list[dict[str, object]]) -> None:
        if not self.url:
            return
        for start in range(0, len(events), MOST_EVENTS):
            self._post([self._envelope(event) for event in events[start : start + MOST_EVENTS]])

    def _envelope(self, event: dict[str, object]) -> dict[str, object]:
        return {
            "eventId": next(self._ids),
            "subscriptionId": 7,
            "portalId": self.portal_id,
            "appId": 11,
            "occurredAt": self._now_ms(),
            "attemptNumber": 0,
            "changeSource": "CRM_UI",
            "sourceId": "userId:1",
            **event,
        }

    def _post(self, events: list[dict[str, object]]) -> None:
        body = json.dumps(events).encode()
        stamp = str(self._now_ms())
        signed = signature(secret=self.secret, method="POST", uri=self.url, body=body, stamp=stamp)
        headers = {
            "Content-Type": "application/json",
            "X-HubSpot-Request-Timestamp": stamp,
            "X-HubSpot-Signature-v3": signed,
            "X-HubSpot-Signature": hashlib.sha256(self.secret.encode() + body).hexdigest(),
            "X-HubSpot-Signature-Version": "v1",
            "User-Agent": "HubSpot Connect 2.0 (sandbox)",
        }
        self.hooks.send(self.url, body, headers, retry_on=self._rule())

    def _rule(self) -> RetryOn:
        left = itertools.count(1)

        def wait_s(status: int | None) -> float | None:
            answered = status is not None and (status < 300 or status in FINAL)
            if answered or next(left) > TRIES:
                return None
            return self._rng.uniform(10, 2 * DAY_S / TRIES)

        return wait_s

    def _now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)
