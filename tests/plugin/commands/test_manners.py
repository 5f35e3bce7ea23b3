"""How every command behaves: exit codes, one sentence on failure, nothing beside a JSON document."""

import json
import subprocess
import sys
import time

import pytest

from plugin.commands import main
from tests.plugin.commands.conftest import Prompt

LISTED = [
    *("demo", "migrate", "serve", "work", "doctor", "workspace", "connect", "attach", "forge"),
    *(
        "zendesk-app",
        "operator",
        "policy",
        "map",
        "link",
        "unlink",
        "title",
        "split",
        "assign",
        "look",
        "sync",
        "demand",
        "push",
    ),
    *(
        "trace",
        "notices",
        "approve",
        "cancel",
        "dismiss",
        "pause",
        "resume",
        "tell",
        "opt-out",
        "follow",
        "wording",
    ),
    *("failures", "rebuild", "import", "export", "erase", "backup", "restore"),
]


def test_the_commands_of_the_contract_are_there_in_its_order() -> None:
    assert list(main.commands) == LISTED


@pytest.mark.parametrize("name", LISTED)
def test_every_command_says_what_it_does(empty: Prompt, name: str) -> None:
    assert "Usage:" in empty.does(name, "--help")
    assert main.commands[name].get_short_help_str(200).endswith(".")


def test_help_comes_at_once() -> None:
    """The heavy libraries are left where they are until a command needs them."""
    code = "import sys; from plugin.commands import main; print(*sys.modules)"
    started = time.monotonic()
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    print(f"{time.monotonic() - started:.2f} s")
    heavy = {"sqlalchemy", "flask", "jira", "zenpy", "hubspot", "openai", "alembic", "requests", "pydantic"}
    assert not heavy & set(loaded)


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["workspace", "add", "acme"],
        ["trace", "acme"],
        ["trace", "acme", "--ticket", "1", "--issue", "KS-1"],
        ["trace", "acme", "--ticket", "one"],
        ["link", "acme", "--issue", "KS-1"],
        ["unlink", "acme", "--ticket", "1", "--issue", "KS-1"],
        ["approve", "acme"],
        ["approve", "acme", "7"],
        ["approve", "acme", "7@abc", "--all"],
        ["demand", "acme", "--sort", "beauty"],
        ["policy", "acme", "--auto", "everything"],
        ["policy", "acme", "--hold", "-1"],
        ["map", "acme", "--link-type", "duplicate"],
        ["assign", "acme", "--ticket", "1", "--issue", "KS-1"],
        ["look", "acme"],
        ["import", "acme"],
        ["import", "acme", "--jira-links", "--csv", "findings.csv"],
        ["import", "acme", "--csv", "findings.csv", "--integration", "7"],
        ["failures", "--retry", "looks:1", "--dismiss", "looks:1"],
    ],
)  # fmt: skip
def test_wrong_usage_exits_2(prompt: Prompt, words: list[str]) -> None:
    assert "Usage:" in prompt.fails(*words, code=2)


@pytest.mark.parametrize(
    "words",
    [
        ["policy", "acme"],
        ["link", "acme", "--ticket", "1", "--issue", "KS-1"],
        ["trace", "acme", "--ticket", "1"],
        ["notices", "acme"],
        ["sync", "acme"],
        ["rebuild", "acme"],
    ],
)  # fmt: skip
def test_a_workspace_that_is_not_there_is_one_sentence(empty: Prompt, words: list[str]) -> None:
    empty.does("migrate")
    assert "There is no workspace 'acme': see `kithspark workspace list`." in empty.fails(*words)


def test_without_a_database_one_is_told_to_make_it(empty: Prompt) -> None:
    assert "run `kithspark migrate`" in empty.fails("workspace", "list")
    assert empty.does("migrate").startswith("The database is created")
    assert empty.does("migrate").startswith("The database is up to date")
    assert "There is no workspace yet" in empty.does("workspace", "list")


def test_all_bad_settings_are_told_at_once(empty: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITHSPARK_LISTEN", "here")
    monkeypatch.setenv("KITHSPARK_PUBLIC_URL", "there")
    said = empty.fails("workspace", "list")
    assert "KITHSPARK_LISTEN" in said
    assert "KITHSPARK_PUBLIC_URL" in said


def test_workspaces_are_added_listed_and_forgotten(prompt: Prompt) -> None:
    assert "choose another short name" in prompt.fails("workspace", "add", "acme", "--name", "Again")
    assert "cannot be a workspace's short name" in prompt.fails("workspace", "add", "A b", "--name", "Odd")
    assert prompt.reads("workspace", "list") == {
        "workspaces": [{"slug": "acme", "name": "Acme", "connected": []}]
    }
    assert prompt.type("workspace", "remove", "acme", said="n\n").exit_code == 1
    assert len(prompt.reads("workspace", "list")["workspaces"]) == 1
    prompt.does("workspace", "remove", "acme", "--yes")
    assert prompt.reads("workspace", "list") == {"workspaces": []}


def test_an_operator_gets_a_link_that_is_good_for_one_sign_in(prompt: Prompt) -> None:
    link = prompt.does("operator", "add", "olga@acme.example").strip()
    assert link.startswith("http://127.0.0.1:8080/admin/sign-in/")
    assert "no e-mail address" in prompt.fails("operator", "add", "olga")


def test_a_site_is_attached(prompt: Prompt) -> None:
    prompt.does("attach", "acme", "--site", "https://acme.atlassian.net")
    assert "is no address of a site" in prompt.fails("attach", "acme", "--site", "acme")


def test_the_policy_is_shown_and_changed(prompt: Prompt) -> None:
    assert prompt.reads("policy", "acme") == {
        "hold_s": 900, "deliver": "done", "currency": "USD", "push_amounts": False, "paused": False,
        "auto": ["part_delivered", "delivered"], "deliver_in": {}, "remote_links": False,
        "customers_in_jira": "everyone", "notes_in": "en", "voter_tickets": False,
    }  # fmt: skip
    changed = prompt.reads(
        *("policy", "acme", "--auto", "delivered,linked", "--hold", "60", "--deliver", "release"),
        *("--currency", "EUR", "--push-amounts", "yes"),
    )
    assert changed == prompt.reads("policy", "acme")
    assert (changed["auto"], changed["hold_s"], changed["currency"]) == (["linked", "delivered"], 60, "EUR")
    assert prompt.reads("policy", "acme", "--auto", "none")["auto"] == []
    assert "is no currency code" in prompt.fails("policy", "acme", "--currency", "euro")
    assert prompt.reads("policy", "acme", "--notes-in", "fr")["notes_in"] == "fr"
    assert prompt.reads("policy", "acme", "--voter-tickets", "yes")["voter_tickets"] is True
    assert "EUR" in prompt.does("policy", "acme")


def test_an_empty_workspace_answers_every_question(prompt: Prompt) -> None:
    assert prompt.reads("demand", "acme")["items"] == []
    nothing: dict[str, object] = {"ticket": "5", "requester": None, "asks": [], "history": []}
    assert prompt.reads("trace", "acme", "--ticket", "5") == nothing
    assert prompt.reads("trace", "acme", "--person", "a@b.example")["asks"] == []
    assert prompt.reads("notices", "acme") == {"notices": []}
    assert prompt.reads("failures") == {"failures": []}
    assert prompt.reads("rebuild", "acme", "--check") == {"checked": 0, "differences": []}
    assert "Nothing is known of issue KS-1" in prompt.fails("trace", "acme", "--issue", "KS-1", "--json")
    for words in (["demand", "acme"], ["notices", "acme"], ["failures"], ["trace", "acme", "--ticket", "5"]):
        assert prompt.does(*words).strip()
    assert "Done 0" in prompt.does("work", "--burst")


def test_the_log_is_not_on_standard_output(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITHSPARK_LISTN", "127.0.0.1:1")
    result = prompt.type("notices", "acme", "--json")
    assert json.loads(result.stdout) == {"notices": []}
    assert "Did you mean KITHSPARK_LISTEN?" in result.stderr
