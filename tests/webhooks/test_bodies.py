"""Every kind of body has its answer, and leaves the right number of rows."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse, create_environ, run_wsgi_app

from store import database as store_database
from store.database import open_database
from store.secrets import Vault
from store.workspaces import Workspace
from tests.webhooks.vendors import DEEP, PUBLIC_URL, SECRET, VENDORS, Vendor
from webhooks.receiving import LARGEST_BYTES, Receiver, routes

Call = Callable[..., TestResponse]
Rows = Callable[[], int]
AGELESS = (b"null", b"{}", b"[]", b'{"timestamp": 1e999}', b'{"type": "x", "id": "\\ud800"}')


def test_more_than_a_mebibyte_is_refused(call: Call, rows: Rows) -> None:
    assert call(b" " * (LARGEST_BYTES + 1)).status_code == 413
    assert rows() == 0


def test_a_length_that_is_told_is_refused_before_a_byte_is_read(client: FlaskClient, vendor: Vendor) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    environ = create_environ(f"/webhooks/{vendor.name}/acme", method="POST", content_type="application/json")
    environ |= {"wsgi.input": Unread(), "CONTENT_LENGTH": str(LARGEST_BYTES + 1)}
    _, status, _ = run_wsgi_app(client.application, environ)
    assert status.startswith("413")


def test_a_body_of_untold_length_is_read_up_to_the_limit(client: FlaskClient, vendor: Vendor) -> None:
    answer = client.post(
        f"/webhooks/{vendor.name}/acme",
        input_stream=io.BytesIO(b" " * (LARGEST_BYTES + 1)),
        environ_overrides={"wsgi.input_terminated": True},
        headers={"Transfer-Encoding": "chunked"},
        content_type="application/json",
    )
    assert answer.status_code == 413


def test_a_mebibyte_is_taken(call: Call, rows: Rows, vendor: Vendor, now: datetime) -> None:
    assert call(vendor.body(now).ljust(LARGEST_BYTES)).status_code == 202
    assert rows() == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_what_does_not_say_that_it_is_json_is_refused(call: Call, rows: Rows, kind: str) -> None:
    assert call(content_type=kind).status_code == 415
    assert rows() == 0


def test_json_with_a_charset_is_json(call: Call) -> None:
    assert call(content_type="application/json; charset=UTF-8").status_code == 202


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"\xff\xfe", DEEP, *AGELESS, b'{"timestamp": 1' + b"0" * 400 + b"}"],
)
def test_an_odd_body_is_judged_by_its_signature_and_never_breaks_us(
    call: Call, rows: Rows, body: bytes, vendor: Vendor
) -> None:
    """What is signed but tells no age is refused where the age is in the body (Jira)."""
    ageless = vendor.name == "jira" and body in AGELESS
    assert call(body).status_code == (401 if ageless else 202)
    assert call(body, secret="wrong").status_code == 401
    assert rows() == (0 if ageless else 1)


def test_zendesk_may_send_nothing_at_all(client: FlaskClient, rows: Rows, now: datetime) -> None:
    headers = VENDORS[1].sign(b"", SECRET, now, "acme")
    assert client.post("/webhooks/zendesk/acme", headers=headers).status_code == 202
    assert (
        client.post("/webhooks/jira/acme", headers=VENDORS[0].sign(b"", SECRET, now, "acme")).status_code
        == 415
    )
    assert rows() == 1


def test_a_trigger_of_zendesk_is_told_apart_by_its_invocation_and_not_by_the_ticket_in_it(
    client: FlaskClient, rows: Rows, now: datetime
) -> None:
    body = b'{"id": "35"}'
    for invocation in ("A", "A", "B"):
        headers = VENDORS[1].sign(body, SECRET, now, "acme") | {"X-Zendesk-Webhook-Invocation-Id": invocation}
        answer = client.post(
            "/webhooks/zendesk/acme", data=body, headers=headers, content_type="application/json"
        )
        assert answer.status_code == 202
    assert rows() == 2


@pytest.fixture
def quick(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The same database, by somebody who waits for it a short while only."""
    monkeypatch.setattr(store_database, "BUSY_S", 0.2)
    return open_database(database_url)


def _ask(engine: Engine, vault: Vault, now: datetime, vendor: Vendor) -> TestResponse:
    app = Flask("webhooks")
    app.register_blueprint(routes(Receiver(engine, vault, PUBLIC_URL, lambda: None, lambda: now)))
    body = vendor.body(now)
    return app.test_client().post(
        f"/webhooks/{vendor.name}/acme",
        data=body,
        headers=vendor.sign(body, SECRET, now, "acme"),
        content_type="application/json",
    )


def test_while_somebody_else_holds_the_database_the_vendor_is_asked_to_come_back(
    quick: Engine,
    database: Engine,
    vault: Vault,
    connected: Workspace,
    rows: Rows,
    now: datetime,
    vendor: Vendor,
) -> None:
    with database.connect() as holder, holder.begin():
        answer = _ask(quick, vault, now, vendor)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert rows() == 0
    assert _ask(quick, vault, now, vendor).status_code == 202
    assert rows() == 1


def test_where_the_database_is_not_to_be_had_the_vendor_is_asked_to_come_back(
    tmp_path: Path, vault: Vault, now: datetime, vendor: Vendor
) -> None:
    answer = _ask(open_database(f"sqlite:///{tmp_path}/empty.db"), vault, now, vendor)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_with_a_lost_key_the_vendor_is_asked_to_come_back(
    database: Engine, connected: Workspace, rows: Rows, now: datetime, vendor: Vendor
) -> None:
    from cryptography.fernet import Fernet

    answer = _ask(database, Vault([Fernet.generate_key().decode()]), now, vendor)
    assert (answer.status_code, rows()) == (503, 0)
