"""The app that is put together: how it is, and that everything of it is there."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from plugin import create_app, health
from plugin.settings import Settings
from store import connections, inbox, tally
from store.database import open_database, transaction
from store.workspaces import Workspace

KEY = Fernet.generate_key().decode()


@pytest.fixture
def app(database: Engine, tmp_path: Path) -> Flask:
    return create_app(Settings(data_dir=tmp_path, secret_keys=(KEY,)), engine=database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_every_face_of_the_contract_is_there(app: Flask) -> None:
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    assert {
        "/healthz", "/readyz", "/metrics", "/webhooks/jira/<slug>", "/webhooks/zendesk/<slug>",
        "/webhooks/hubspot/<slug>", "/atlassian-connect.json", "/connect/installed",
        "/zendesk/sidebar/<slug>", "/f/<slug>/", "/admin/",
    } <= paths  # fmt: skip


def test_it_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200


def test_with_a_database_of_another_version_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/empty.db")
    client = create_app(Settings(data_dir=tmp_path), engine=engine).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, "kithspark migrate" in answer.text) == (503, True)


def test_figures_tell_how_the_work_stands(
    client: FlaskClient, app: Flask, database: Engine, workspace: Workspace
) -> None:
    state = app.extensions["kithspark"]
    with transaction(database) as conn:
        for number in range(3):
            inbox.keep(
                conn, workspace_id=workspace.id, system="jira", delivery_id=str(number), headers={},
                body=b"{}", now=state.clock(),
            )  # fmt: skip
        connections.save(conn, state.vault, workspace_id=workspace.id, system="jira",
                         url="https://acme.example", config={}, secrets={}, now=state.clock())  # fmt: skip
        connections.touch_event(conn, workspace.id, "jira", now=state.clock())
    said = client.get("/metrics").text
    assert 'kithspark_rows{shelf="inbox",state="due"} 3.0' in said
    assert 'kithspark_rows{shelf="notices",state="parked"} 0.0' in said
    assert 'kithspark_vendor_age_seconds{system="jira",what="event",workspace="acme"}' in said


def test_figures_hold_what_every_process_counted(client: FlaskClient, database: Engine) -> None:
    for outcome in ("ok", "ok", "limited"):
        tally.count("vendor_calls", system="zendesk", outcome=outcome)
    tally.write(database)  # as another process does
    tally.count("vendor_calls", system="zendesk", outcome="ok")
    said = client.get("/metrics").text
    assert 'kithspark_vendor_calls_total{outcome="ok",system="zendesk"} 3.0' in said
    assert 'kithspark_vendor_calls_total{outcome="limited",system="zendesk"} 1.0' in said
    assert 'kithspark_notices{state="held"} 0.0' in said
    assert 'kithspark_told_after_seconds_bucket{le="+Inf"} 0.0' in said
    assert "kithspark_look_lag_seconds 0.0" in said


def test_figures_are_for_this_machine_or_for_who_has_the_token(client: FlaskClient, app: Flask) -> None:
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}}
    through_a_proxy = {"headers": {"X-Forwarded-For": "203.0.113.7"}}
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    assert client.get("/metrics", **elsewhere).status_code == 401
    assert client.get("/metrics", **through_a_proxy).status_code == 401
    token = health.token(app.extensions["kithspark"])
    with_token = {"Authorization": f"Bearer {token}"}
    assert client.get("/metrics", headers=with_token, **elsewhere).status_code == 200
    wrong = {"Authorization": "Bearer wrong"}
    assert client.get("/metrics", headers=wrong, **elsewhere).status_code == 401


def test_a_body_that_is_too_large_is_refused_everywhere(client: FlaskClient) -> None:
    answer = client.post("/connect/installed", data=b"x" * (1024 * 1024 + 1), content_type="application/json")
    assert answer.status_code == 413


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = create_app(Settings(data_dir=tmp_path / "new")).config["SECRET_KEY"]
    assert create_app(Settings(data_dir=tmp_path / "new")).config["SECRET_KEY"] == first
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
