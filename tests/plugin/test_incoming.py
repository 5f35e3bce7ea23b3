"""What every answer says of itself, who is taken for the caller, and what never reaches a view."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Engine

from plugin import create_app
from plugin.pages import caller
from plugin.settings import Settings
from store.workspaces import Workspace

KEY = Fernet.generate_key().decode()


@pytest.fixture
def app(database: Engine, tmp_path: Path) -> Flask:
    settings = Settings(data_dir=tmp_path, secret_keys=(KEY,), public_url="https://kithspark.example")
    return create_app(settings, engine=database)


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/metrics", "/atlassian-connect.json", "/static/frame.js", "/f/acme/", "/admin/", "/x"],
)
def test_every_answer_may_be_framed_by_nobody_and_is_what_it_says(
    app: Flask, workspace: Workspace, path: str
) -> None:
    answer = app.test_client().get(path)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_host_that_a_caller_names_is_never_where_we_send_anybody(
    app: Flask, workspace: Workspace
) -> None:
    answer = app.test_client().get("/f/acme?q=a", headers={"Host": "evil.example"})
    assert answer.status_code == 308
    assert answer.location == "/f/acme/?q=a"


@pytest.mark.parametrize(
    ("socket", "forwarded", "taken"),
    [
        ("8.8.8.8", None, "8.8.8.8"),
        ("8.8.8.8", "198.51.100.1", "8.8.8.8"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("[::1]", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "nobody", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
    ],
)
def test_behind_a_proxy_each_caller_has_limits_of_their_own(
    app: Flask, socket: str, forwarded: str | None, taken: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with app.test_request_context(environ_base={"REMOTE_ADDR": socket}, headers=headers):
        assert caller() == taken


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "%D9%A3", "-1", "1%00"])
def test_a_number_that_no_row_can_have_is_a_page_that_is_not_there(
    app: Flask, workspace: Workspace, number: str
) -> None:
    assert app.test_client().get(f"/f/acme/posts/{number}").status_code == 404


def test_text_that_no_database_keeps_is_refused(app: Flask, workspace: Workspace) -> None:
    assert app.test_client().get("/f/ac%00me/").status_code == 404
    assert app.test_client().get("/f/acme/?q=a%00").status_code == 400
    assert app.test_client().post("/f/acme/sign-in", data={"email": "a\x00@b.example"}).status_code == 400
