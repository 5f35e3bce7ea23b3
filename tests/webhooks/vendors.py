"""The three vendors, as far as a test must sign in their name. The sandbox signs as the real ones do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.hubspot import telling
from sandbox.jira import webhooks as jira_webhooks
from sandbox.zendesk import outgoing

PUBLIC_URL = "https://kithspark.example"
SECRET = "sandbox-webhook-secret"
DEEP = b"[" * 200_000 + b"]" * 200_000


@dataclass(frozen=True)
class Vendor:
    """`sign(body, secret, at, slug)`: the headers of a call; `body(at)`: an ordinary one of that moment."""

    name: str
    sign: Callable[[bytes, str, datetime, str], dict[str, str]]
    body: Callable[[datetime], bytes]
    lasts: timedelta
    proof: str


def _jira(body: bytes, secret: str, _at: datetime, _slug: str) -> dict[str, str]:
    return {
        "X-Hub-Signature": jira_webhooks.signature(secret, body),
        jira_webhooks.IDENTIFIER: "delivery-1",
    }


def _jira_body(at: datetime) -> bytes:
    return jira_event("jira:issue_updated", at, issue={"id": "10001", "key": "KS-1"})


def jira_event(name: str, at: datetime, **about: object) -> bytes:
    stamp = int(at.timestamp() * 1000)
    return json.dumps({"timestamp": stamp, "webhookEvent": name, **about}).encode()


def _zendesk(body: bytes, secret: str, at: datetime, _slug: str) -> dict[str, str]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "X-Zendesk-Webhook-Signature": outgoing.sign(secret, stamp, body),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Invocation-Id": "01INVOCATION",
    }


def _zendesk_body(at: datetime) -> bytes:
    return zendesk_event("ticket.status_changed", at, "35", event_id="event-1")


def zendesk_event(
    kind: str, at: datetime, ticket: str, *, event_id: str, event: Mapping[str, object] | None = None
) -> bytes:
    said = {
        "id": event_id,
        "type": f"zen:event-type:{kind}",
        "time": at.isoformat().replace("+00:00", "Z"),
        "detail": {"id": ticket, "actor_id": "7"},
        "event": dict(event or {}),
    }
    return json.dumps(said, indent=2).encode()


def _hubspot(body: bytes, secret: str, at: datetime, slug: str) -> dict[str, str]:
    uri, stamp = f"{PUBLIC_URL}/webhooks/hubspot/{slug}", str(int(at.timestamp() * 1000))
    return {
        "X-HubSpot-Signature-v3": telling.signature(
            secret=secret, method="POST", uri=uri, body=body, stamp=stamp
        ),
        "X-HubSpot-Request-Timestamp": stamp,
    }


def _hubspot_body(_at: datetime) -> bytes:
    return json.dumps([{"subscriptionType": "company.propertyChange", "objectId": 501}]).encode()


VENDORS = [
    Vendor("jira", _jira, _jira_body, timedelta(hours=24), "X-Hub-Signature"),
    Vendor("zendesk", _zendesk, _zendesk_body, timedelta(hours=1), "X-Zendesk-Webhook-Signature"),
    Vendor("hubspot", _hubspot, _hubspot_body, timedelta(minutes=5), "X-HubSpot-Signature-v3"),
]
