"""Connecting: the credentials are tried first, and nothing is kept that does not work."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from connectors.accounts import webhook_secrets
from plugin.app_state import Kithspark
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.faults import Fault
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.openai import OpenAI, vendor
from sandbox.zendesk import Zendesk
from store import connections, workspaces
from store.connections import Connection
from store.database import reading
from store.looks import looks
from tests.plugin.commands.conftest import Prompt


def kept(system: str) -> Connection:
    """What the prompt's installation has by now."""
    app = opened()
    with reading(app.engine) as conn:
        return connections.load(conn, app.vault, workspaces.by_slug(conn, "acme").id, system)


def opened() -> Kithspark:
    return open_installation(Settings.load())


def test_jira_is_connected_and_its_words_are_guessed_by_name(prompt: Prompt, jira: Jira) -> None:
    said = prompt.does(
        *("connect", "jira", "acme", "--url", f"{jira.url}/", "--email", jira.email),
        *("--api-token", "-", "--webhook-secret", "-"),
        said=f"{jira.api_token}\nhook-secret\n",
    )
    assert "http://127.0.0.1:8080/webhooks/jira/acme" in said
    assert "http://127.0.0.1:8080/admin/acme/jira" in said
    assert jira.api_token not in said
    account = kept("jira")
    assert (account.url, account.secrets["webhook_secret"]) == (jira.url, "hook-secret")
    assert account.config["account_id"]
    mapping = prompt.reads("map", "acme")
    assert {"split", "merge"} <= set(mapping["link_types"].values())
    assert "delivered" in mapping["resolutions"].values()
    assert "Duplicate" in prompt.does("map", "acme")


def test_wrong_credentials_are_refused_and_nothing_is_kept(prompt: Prompt, jira: Jira) -> None:
    said = prompt.fails(
        "connect", "jira", "acme", "--url", jira.url, "--email", jira.email, "--api-token", "wrong"
    )
    assert "Check the e-mail address, the API token" in said
    assert prompt.reads("workspace", "list")["workspaces"][0]["connected"] == []


def test_an_address_where_nobody_is_says_so(prompt: Prompt) -> None:
    words = ("connect", "hubspot", "acme", "--token", "t", "--url")
    assert "no answer" in prompt.fails(*words, "http://127.0.0.1:9")
    assert "is not an http:// or https:// address" in prompt.fails(*words, "acme")


def test_a_secret_may_come_from_the_environment(
    prompt: Prompt, hubspot: HubSpot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--token" in prompt.fails("connect", "hubspot", "acme", "--url", hubspot.url, code=2)
    monkeypatch.setenv("HUBSPOT_TOKEN", hubspot.token)
    assert "home currency USD" in prompt.does("connect", "hubspot", "acme", "--url", hubspot.url)


def test_standard_input_that_ends_too_soon_is_wrong_usage(prompt: Prompt, hubspot: HubSpot) -> None:
    words = ("connect", "hubspot", "acme", "--url", hubspot.url, "--token", "-", "--client-secret", "-")
    assert "standard input ended" in prompt.fails(*words, code=2, said=f"{hubspot.token}\n")


def test_a_new_webhook_secret_lets_the_one_before_count_for_a_day(prompt: Prompt, hubspot: HubSpot) -> None:
    words = ("connect", "hubspot", "acme", "--url", hubspot.url, "--token", hubspot.token)
    assert "No webhook secret was given yet" in prompt.does(*words)
    prompt.does(*words, "--client-secret", "old")
    prompt.does(*words, "--client-secret", "new")
    prompt.does(*words)  # without one, what was given stays
    now = opened().clock()
    account = kept("hubspot")
    assert webhook_secrets(account, now=now)[0] == "new"
    prompt.does(*words, "--client-secret", "old")
    assert webhook_secrets(kept("hubspot"), now=now) == ["old", "new"]


def test_zendesk_by_oauth_knows_who_we_are_and_the_key_of_the_sidebar(
    prompt: Prompt, zendesk: Zendesk, tmp_path: Path
) -> None:
    pem = tmp_path / "app.pem"
    pem.write_text(zendesk.public_key_pem)
    words = [*("connect", "zendesk", "acme", "--url", zendesk.url, "--client-id", zendesk.client_id)]
    words += ["--client-secret", zendesk.client_secret]
    prompt.does(*words, "--app-public-key", str(pem), "--app-audience", zendesk.app_audience)
    prompt.does(*words)  # again, without naming the app
    account = kept("zendesk")
    assert account.config["own_user_id"] == str(zendesk.service.id)
    assert account.config["app_public_keys"] == [zendesk.public_key_pem]
    assert account.config["app_audience"] == zendesk.app_audience


def test_the_webhook_is_made_there_once_and_its_secret_is_kept(prompt: Prompt, zendesk: Zendesk) -> None:
    words = [*("connect", "zendesk", "acme", "--url", zendesk.url, "--client-id", zendesk.client_id)]
    words += ["--client-secret", zendesk.client_secret]
    said = prompt.does(*words, "--make-webhook")
    [hook] = zendesk.outgoing.webhooks.values()
    assert f"The webhook {hook.id} is made; its secret is kept." in said and hook.secret not in said
    assert hook.shown["endpoint"] == "http://127.0.0.1:8080/webhooks/zendesk/acme"
    assert "is found" in prompt.does(*words, "--make-webhook")
    assert len(zendesk.outgoing.webhooks) == 1
    prompt.does(*words)  # and it stays
    assert webhook_secrets(kept("zendesk"), now=opened().clock()) == [hook.secret]
    assert "brings its own" in prompt.fails(*words, "--make-webhook", "--webhook-secret", "s", code=2)


def test_zendesk_by_api_token_is_told_when_that_ends(prompt: Prompt, zendesk: Zendesk) -> None:
    words = ("connect", "zendesk", "acme", "--url", zendesk.url)
    said = prompt.does(*words, "--email", str(zendesk.service.email), "--api-token", zendesk.api_token)
    assert "30 April 2027" in said
    assert "Give --client-id with --client-secret" in prompt.fails(*words, "--client-id", "alone")


def test_a_model_is_tried_before_it_is_kept(prompt: Prompt) -> None:
    model = OpenAI(seed=1).start()
    try:
        words = ("connect", "openai", "acme", "--url", f"{model.url}/v1", "--api-key")
        assert "Connected: answered by" in prompt.does(*words, model.api_key)
        assert "key does not do" in prompt.fails(*words, "wrong")
    finally:
        model.stop()


def test_what_is_connected_is_reconciled_from_then_on(connected: Prompt) -> None:
    with reading(opened().engine) as conn:
        rows = conn.execute(select(looks.c.system, looks.c.kind).order_by(looks.c.system)).all()
    assert [tuple(row) for row in rows] == [("jira", "sync"), ("zendesk", "sync")]
    assert connected.does("sync", "acme") == "In step with jira, zendesk.\n"
    assert kept("jira").last_sync_at is not None


def test_with_nothing_connected_there_is_nothing_to_be_in_step_with(prompt: Prompt) -> None:
    assert "Nothing is connected yet" in prompt.fails("sync", "acme")


def test_a_sync_that_is_not_let_in_says_why(connected: Prompt, jira: Jira) -> None:
    jira.backend.tokens.clear()
    assert "Check the e-mail address, the API token" in connected.fails("sync", "acme")


def test_words_of_jira_are_mapped_by_id(connected: Prompt) -> None:
    before = connected.reads("map", "acme")
    [merge] = [ident for ident, word in before["link_types"].items() if word == "merge"]
    after = connected.reads("map", "acme", "--link-type", f"{merge}=none")
    assert after["link_types"][merge] == "none"
    assert connected.reads("map", "acme") == after
    assert "means split, merge or none" in connected.fails("map", "acme", "--link-type", f"{merge}=same")


def test_the_doctor_looks_at_everything(connected: Prompt, jira: Jira) -> None:
    said = connected.type("doctor")
    assert said.exit_code == 1  # nobody serves here
    assert "does not lead here" in said.stdout
    for well in ("database", "acme jira: permissions", "acme zendesk: credentials"):
        assert any(line.startswith(well) and " ok " in line for line in said.stdout.splitlines()), said.stdout
    jira.backend.tokens.clear()
    assert "acme jira: reach" in connected.type("doctor").stdout
    assert len(connected.does("doctor", "--token").strip()) == 64


def test_the_doctor_says_since_when_no_reconciliation_came_through(connected: Prompt) -> None:
    assert "acme jira: reconciliation" in connected.type("doctor").stdout
    with sqlite3.connect(connected.folder / "kithspark.db") as file:
        file.execute("UPDATE connections SET last_sync_at = 0 WHERE system = 'jira'")
    lines = connected.type("doctor").stdout.splitlines()
    [late] = [line for line in lines if line.startswith("acme jira: reconciliation")]
    assert "NOT OK" in late
    assert "kithspark work" in late


def test_a_chat_model_is_tried_before_it_is_kept(prompt: Prompt) -> None:
    server = OpenAI().start()
    words = ("connect", "openai", "acme", "--url", server.url, "--api-key", server.api_key, "--chat-model")
    assert "by the same words" in prompt.fails(*words, "nobody")
    assert prompt.reads("workspace", "list")["workspaces"][0]["connected"] == []
    assert "answered by sandbox-chat" in prompt.does(*words, "sandbox-chat")
    assert kept("openai").config["chat_model"] == "sandbox-chat"
    prompt.does(*words[:-1])
    assert "chat_model" not in kept("openai").config
    server.stop()


def test_an_embedding_model_is_tried_before_it_is_kept(prompt: Prompt) -> None:
    server = OpenAI().start()
    words = ("connect", "openai", "acme", "--url", server.url, "--api-key", server.api_key)
    named = (*words, "--embedding-model")
    assert "words and meanings alone" in prompt.fails(*named, "nobody")
    assert prompt.reads("workspace", "list")["workspaces"][0]["connected"] == []
    assert "512 numbers a text" in prompt.does(*named, "text-embedding-3-small")
    assert kept("openai").config["embedding_model"] == "text-embedding-3-small"
    said = prompt.type("doctor").stdout
    assert "acme openai: embeddings" in said
    assert "0 of 0 changes of issues are read, 0 tickets wait" in said
    with sqlite3.connect(prompt.folder / "kithspark.db") as file:
        file.execute("UPDATE embedding_rounds SET due_at = NULL, parked_at = 1, reason = 'It is shut.'")
    [line] = [one for one in prompt.type("doctor").stdout.splitlines() if "texts compared" in one]
    assert "NOT OK" in line and "given up: It is shut. See `kithspark failures`." in line
    prompt.does(*words)
    assert "embedding_model" not in kept("openai").config
    server.stop()


def test_a_server_that_moderates_nothing_may_embed(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "MODERATION_MODELS", {})
    server = OpenAI().start()
    words = ("connect", "openai", "acme", "--url", server.url, "--api-key", server.api_key)
    assert "Without it every post waits for a person" in prompt.fails(*words)
    said = prompt.does(*words, "--embedding-model", "text-embedding-3-small")
    assert "this server moderates nothing: every post waits for a person" in said
    assert "512 numbers a text" in said and kept("openai").config["moderates"] is False
    [line] = [one for one in prompt.type("doctor").stdout.splitlines() if "openai: moderation" in one]
    assert " ok " in line and "every post waits for a person" in line
    server.stop()


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_server_that_is_in_trouble_is_not_one_that_moderates_nothing(prompt: Prompt, status: int) -> None:
    server = OpenAI().start()
    words = ("connect", "openai", "acme", "--url", server.url, "--api-key", server.api_key)
    for _ in range(2):
        server.faults.order(Fault("status", status=status, path="/v1/moderations"))
    assert "OpenAI: " in prompt.fails(*words, "--embedding-model", "text-embedding-3-small")
    assert prompt.reads("workspace", "list")["workspaces"][0]["connected"] == []
    server.stop()
