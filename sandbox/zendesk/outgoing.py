"""Webhooks: who subscribed to what, and the signed calls that tell them."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.hooks import Hooks
from sandbox.zendesk.account import Account
from sandbox.zendesk.problems import bad_request
from sandbox.zendesk.records import Json
from sandbox.zendesk.shapes import iso
from sandbox.zendesk.subscriptions import BY_TRIGGER, checked

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

REQUIRED = ("name", "endpoint", "http_method", "request_format", "status")

CONFLICT_TRIES, SILENCE_TRIES = 3, 5


@dataclass
class Webhook:
    """One webhook: `shown` is what the API tells of it."""

    id: str
    secret: str
    shown: Json
    invocations: list["Invocation"] = field(default_factory=list)


@dataclass
class Invocation:
    """One delivery. What became of it stands in the attempts that the sender logged."""

    id: str
    event: str
    body: bytes
    at: datetime


class Outgoing:
    """All webhooks of the account, and the sender."""

    def __init__(self, account: Account, hooks: Hooks) -> None:
        self.account, self.hooks = account, hooks
        self.webhooks: dict[str, Webhook] = {}
        account.tell = self.tell

    def ulid(self) -> str:
        return "01" + "".join(self.account.rng.choices(CROCKFORD, k=24))

    def new_secret(self) -> str:
        return base64.b64encode(self.account.rng.randbytes(24)).decode()

    def tell(self, kind: str, subject: str, detail: Json, event: Json) -> None:
        """Deliver one event to each webhook that wants it."""
        full = f"zen:event-type:{kind}"
        for webhook in self.webhooks.values():
            wanted = webhook.shown["subscriptions"]
            if webhook.shown["status"] != "active":
                continue
            if full in wanted:
                self.deliver(webhook, kind, self.envelope(full, subject, detail, event))
            elif BY_TRIGGER in wanted and subject.startswith("zen:ticket:"):
                self.deliver(webhook, kind, {"id": detail["id"]})

    def envelope(self, kind: str, subject: str, detail: Json, event: Json) -> Json:
        sequence = {"sequence": {"id": self.ulid(), "position": 1}}
        return {
            "account_id": self.account.number,
            "detail": detail,
            "event": {**event, "meta": sequence},
            "id": str(uuid.UUID(int=self.account.rng.getrandbits(128), version=4)),
            "subject": subject,
            "time": self.account.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "type": kind,
            "zendesk_event_version": "2022-11-06",
        }

    def deliver(self, webhook: Webhook, kind: str, payload: Json) -> None:
        """Signed over the timestamp and the very bytes, which are pretty-printed."""
        body = json.dumps(payload, indent=2, ensure_ascii=False).encode()
        invocation = Invocation(self.ulid(), kind, body, self.account.clock.now())
        webhook.invocations.append(invocation)
        headers = self.signed(webhook.secret, body, webhook.id, invocation.id)
        self.hooks.send(webhook.shown["endpoint"], body, headers, retry_on=retries())

    def signed(self, secret: str, body: bytes, webhook: str, invocation: str = "") -> dict[str, str]:
        """What goes with a call."""
        timestamp = iso(self.account.clock.now())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Zendesk Webhook",
            "X-Zendesk-Account-Id": str(self.account.number),
            "X-Zendesk-Webhook-Id": webhook,
            "X-Zendesk-Webhook-Invocation-Id": invocation or self.ulid(),
            "X-Zendesk-Webhook-Signature": sign(secret, timestamp, body),
            "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
        }

    def statuses(self, invocation: Invocation) -> list[int | None]:
        """How its attempts were answered, in order."""
        key = "X-Zendesk-Webhook-Invocation-Id"
        return [one.status for one in list(self.hooks.attempts) if one.headers.get(key) == invocation.id]


def create_webhook(outgoing: Outgoing, wanted: Json, *, by: int) -> Webhook:
    """A new webhook. Raises Problem 400."""
    if lacking := [name for name in REQUIRED if not wanted.get(name)]:
        raise bad_request("InvalidWebhook", f"missing: {', '.join(lacking)}")
    now, ident = iso(outgoing.account.clock.now()), outgoing.ulid()
    about = {
        "id": ident,
        **{name: wanted[name] for name in REQUIRED},
        "subscriptions": checked(wanted),
        "custom_headers": None,
        "created_at": now,
        "created_by": str(by),
        "updated_at": now,
        "updated_by": str(by),
    }
    webhook = outgoing.webhooks[ident] = Webhook(ident, outgoing.new_secret(), about)
    return webhook


def sign(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def retries() -> Callable[[int | None], float | None]:
    """This vendor's rule for one delivery: 409 up to three times, silence up to five, 429 and 503 when asked.

    Every other answer is final: what it told is lost. The sender does not show us the Retry-After header,
    so 429 and 503 count as having asked for 30 seconds.
    """
    left = {"conflict": CONFLICT_TRIES, "silence": SILENCE_TRIES, "busy": SILENCE_TRIES}

    def rule(status: int | None) -> float | None:
        why = {None: "silence", 409: "conflict", 429: "busy", 503: "busy"}.get(status)
        if why is None or left[why] == 0:
            return None
        left[why] -= 1
        return 30.0 if why == "busy" else 5.0

    return rule
