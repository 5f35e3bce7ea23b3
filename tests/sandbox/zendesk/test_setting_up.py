"""What a set-up asks of the vendor: scopes, webhooks that are made and tried, installed apps, requesters."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from zenpy import Zenpy
from zenpy.lib.api_objects import Webhook

from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import User
from sandbox.zendesk.subscriptions import PUBLIC_SECRET
from tests.sandbox.zendesk.test_webhooks import Ear

EVENT = "zen:event-type:ticket.created"


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    with ear.server:
        yield ear


def bearer(zendesk: Zendesk, scope: str) -> dict[str, str]:
    asked = {
        "grant_type": "client_credentials", "client_id": zendesk.client_id,
        "client_secret": zendesk.client_secret, "scope": scope,
    }  # fmt: skip
    granted = requests.post(f"{zendesk.url}/oauth/tokens", json=asked, timeout=5).json()
    assert granted["scope"] == scope
    return {"Authorization": f"Bearer {granted['access_token']}"}


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read write", "GET", "users/me", 200), ("read", "GET", "users/me", 200),
        ("users:read", "GET", "users/me", 200), ("write", "GET", "users/me", 403),
        ("tickets:read", "GET", "users/me", 403), ("read", "POST", "tickets", 403),
        ("tickets:write", "POST", "tickets", 422),
    ],
)  # fmt: skip
def test_a_token_does_what_its_scopes_say(
    zendesk: Zendesk, scope: str, method: str, path: str, status: int
) -> None:
    headers = bearer(zendesk, scope)
    answer = requests.request(
        method, f"{zendesk.url}/api/v2/{path}", json={"ticket": {}}, headers=headers, timeout=5
    )
    assert answer.status_code == status
    if status == 403:
        assert "missing the following required scopes" in answer.json()["description"]


def test_webhooks_and_apps_are_for_administrators(zendesk: Zendesk) -> None:
    headers = bearer(zendesk, "read write")
    zendesk.service.role = "agent"
    for path in ("webhooks", "apps/installations.json", "apps/1/public_key.pem"):
        assert requests.get(f"{zendesk.url}/api/v2/{path}", headers=headers, timeout=5).status_code == 403


def wanted(**more: Any) -> dict[str, Any]:
    whole = {"name": "ours", "endpoint": "https://x.example/h", "http_method": "POST", "status": "active"}
    return {"webhook": {**whole, "request_format": "json", "subscriptions": [EVENT], **more}}


@pytest.mark.parametrize(
    "more",
    [
        {"subscriptions": ["zen:event-type:ticket.nonsense"]},
        {"subscriptions": [EVENT, "conditional_ticket_events"]},
        {"http_method": "PUT"}, {"request_format": "xml"}, {"endpoint": ""},
    ],
)  # fmt: skip
def test_a_webhook_that_cannot_be_is_refused(zendesk: Zendesk, more: dict[str, Any]) -> None:
    url, headers = f"{zendesk.url}/api/v2/webhooks", bearer(zendesk, "read write")
    assert requests.post(url, json=wanted(**more), headers=headers, timeout=5).status_code == 400
    assert zendesk.outgoing.webhooks == {}


def test_patch_changes_a_part_put_needs_all_and_the_kind_stays(zendesk: Zendesk) -> None:
    url, headers = f"{zendesk.url}/api/v2/webhooks", bearer(zendesk, "read write")
    made = requests.post(url, json=wanted(), headers=headers, timeout=5).json()["webhook"]
    one = f"{url}/{made['id']}"
    part = {"webhook": {"status": "inactive"}}
    assert requests.patch(one, json=part, headers=headers, timeout=5).status_code == 204
    assert requests.put(one, json=part, headers=headers, timeout=5).status_code == 400
    by_trigger = {"webhook": {"subscriptions": ["conditional_ticket_events"]}}
    assert requests.patch(one, json=by_trigger, headers=headers, timeout=5).status_code == 400
    shown = requests.get(one, headers=headers, timeout=5).json()["webhook"]
    assert (shown["status"], shown["subscriptions"], shown["name"]) == ("inactive", [EVENT], "ours")


def test_a_saved_webhook_is_tried_with_its_own_secret(zendesk: Zendesk, zenpy: Zenpy, ear: Ear) -> None:
    """By zenpy, as anybody installs it."""
    hook = zendesk.add_webhook(f"{ear.server.url}/hear", [EVENT])
    zenpy.webhooks.test(hook.id, request={"payload": '{"a": 1}'})
    [(headers, body)] = ear.heard
    assert body == b'{"a": 1}'
    at = headers["X-Zendesk-Webhook-Signature-Timestamp"]
    assert headers["X-Zendesk-Webhook-Signature"] == signature(hook.secret, at, body)


def test_one_that_is_not_saved_is_tried_with_the_secret_that_everybody_knows(
    zendesk: Zendesk, ear: Ear
) -> None:
    ear.status = 418
    asked = {"request": {"endpoint": f"{ear.server.url}/hear", "http_method": "POST"}}
    url, headers = f"{zendesk.url}/api/v2/webhooks/test", bearer(zendesk, "read write")
    answer = requests.post(url, json=asked, headers=headers, timeout=5).json()["response"]
    assert answer["status"] == 418
    [(heard, body)] = ear.heard
    at = heard["X-Zendesk-Webhook-Signature-Timestamp"]
    assert heard["X-Zendesk-Webhook-Signature"] == signature(PUBLIC_SECRET, at, body)


def test_where_nobody_answers_the_try_says_so(zendesk: Zendesk) -> None:
    hook = zendesk.add_webhook("http://127.0.0.1:9/hear", [EVENT])
    url = f"{zendesk.url}/api/v2/webhooks/test?webhook_id={hook.id}"
    headers = bearer(zendesk, "read write")
    answer = requests.post(url, json={"request": {}}, headers=headers, timeout=20).json()["response"]
    assert answer["status"] == 0
    strange = f"{zendesk.url}/api/v2/webhooks/test?webhook_id=nobody"
    assert requests.post(strange, json={"request": {}}, headers=headers, timeout=5).status_code == 404


def test_zenpy_patches_a_webhook(zendesk: Zendesk, zenpy: Zenpy) -> None:
    hook = zendesk.add_webhook("https://x.example/h", [EVENT])
    zenpy.webhooks.patch(Webhook(id=hook.id, name="renamed"))
    assert (hook.shown["name"], hook.shown["subscriptions"]) == ("renamed", [EVENT])


def test_an_installed_app_stands_in_the_list_with_its_settings_and_its_key(zendesk: Zendesk) -> None:
    url, headers = f"{zendesk.url}/api/v2/apps", bearer(zendesk, "read")
    assert requests.get(f"{url}/installations.json", headers=headers, timeout=5).json() == {
        "installations": []
    }
    zendesk.install("https://k.example/zendesk/sidebar/acme")
    [one] = requests.get(f"{url}/installations.json", headers=headers, timeout=5).json()["installations"]
    assert zendesk.app_audience.endswith(f"/{one['id']}.json") and one["app_id"] != one["id"]
    key = requests.get(f"{url}/{one['app_id']}/public_key.pem", headers=headers, timeout=5)
    assert key.text == zendesk.public_key_pem
    assert requests.get(f"{url}/{one['id']}/public_key.pem", headers=headers, timeout=5).status_code == 404


def test_a_requester_is_named_by_address_and_made_once(zendesk: Zendesk, ana: User) -> None:
    url, headers = f"{zendesk.url}/api/v2/tickets", bearer(zendesk, "read write")

    def asked(email: str) -> requests.Response:
        ticket = {"subject": "s", "comment": {"body": "b"}, "requester": {"name": "N", "email": email}}
        return requests.post(url, json={"ticket": ticket}, headers=headers, timeout=5)

    assert asked("ANA@acme.example").json()["ticket"]["requester_id"] == ana.id
    fresh = {asked("new@acme.example").json()["ticket"]["requester_id"] for _ in range(2)}
    assert len(fresh) == 1 and fresh != {ana.id}
    assert asked("nobody").status_code == 422


def signature(secret: str, at: str, body: bytes) -> str:

    digest = hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
