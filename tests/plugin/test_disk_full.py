"""Without room on the disk: vendors are told to come back, monitors what to do; then all goes on."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from plugin import create_app, health
from plugin.commands import doctor
from plugin.settings import Settings
from store import connections, inbox, writable
from store.database import reading, transaction
from store.workspaces import Workspace
from tests.full_disk import no_room, read_only

SECRET = "of the webhook"
CUTS = {"no room": (no_room, writable.FAILING), "read-only": (read_only, writable.CLOSED)}


@pytest.fixture
def app(database: Engine, database_url: str, tmp_path: Path, workspace: Workspace) -> Iterator[Flask]:
    keys = (Fernet.generate_key().decode(),)
    app = create_app(
        Settings(data_dir=tmp_path, database_url=database_url, secret_keys=keys), engine=database
    )
    state = app.extensions["kithspark"]
    with transaction(database) as conn:
        connections.save(
            conn, state.vault, workspace_id=workspace.id, system="jira", url="https://acme.example",
            config={}, secrets={"webhook_secret": SECRET}, now=state.clock(),
        )  # fmt: skip
    yield app
    health._writing._last = None


def send(client: FlaskClient, number: int) -> TestResponse:
    stamp = int(datetime.now(UTC).timestamp() * 1000)
    about = {"issue": {"id": "1", "key": "A-1"}, "user": {"displayName": "x" * 20_000}}
    body = json.dumps({"timestamp": stamp, "webhookEvent": "jira:issue_updated", **about}).encode()
    signed = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature": signed, "X-Atlassian-Webhook-Identifier": f"{number}"}
    return client.post("/webhooks/jira/acme", data=body, headers=headers, content_type="application/json")


def kept(database: Engine) -> int:
    with reading(database) as conn:
        return conn.scalar(select(func.count()).select_from(inbox.inbox)) or 0


@pytest.mark.parametrize("cut", CUTS)
def test_vendors_are_asked_to_come_back_and_everybody_is_told_why(
    app: Flask, database: Engine, cut: str
) -> None:
    client, (how, words) = app.test_client(), CUTS[cut]
    assert send(client, 1).status_code == 202
    with how(database):
        refused = send(client, 2)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        assert kept(database) == 1
        ready = client.get("/readyz")
        assert (ready.status_code, ready.text) == (503, f"{words}\n")
        assert client.get("/healthz").status_code == 200
        assert ("database", False, words) in list(doctor._checks(app.extensions["kithspark"]))
    health._writing._last = None  # five seconds later
    assert client.get("/readyz").status_code == 200
    assert send(client, 2).status_code == 202
    assert kept(database) == 2


def test_a_monitor_that_asks_often_makes_no_write_of_it(
    app: Flask, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Engine] = []

    def why_not(engine: Engine) -> str:
        asked.append(engine)
        return ""

    monkeypatch.setattr(writable, "why_not", why_not)
    client = app.test_client()
    assert {client.get("/readyz").status_code for _ in range(5)} == {200}
    assert asked == [database]


def test_a_disk_that_is_nearly_full_is_told_before(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_MB", 10**12)
    [line] = list(doctor._room(app.extensions["kithspark"]))
    assert (line[0], line[1], "free some room" in line[2]) == ("disk", False, True)
