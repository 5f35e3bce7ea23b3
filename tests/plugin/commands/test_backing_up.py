"""`kithspark backup` and `restore`: what they say, and what they refuse."""

import json
import shutil
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from sandbox.faults import Fault
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def saved(connected: Prompt, jira: Jira, zendesk: Zendesk) -> Path:
    """A backup of a workspace in which Ana asked for KS-1."""
    jira.add_issue("KS-1", "Export to PDF")
    ticket = zendesk.open_ticket(zendesk.add_user("Ana Ruiz", "ana@acme.example"), "Export", "By hand.")
    words = ("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1", "--public-title", "PDF export")
    connected.does(*words)
    file = connected.folder / "night.backup"
    said = connected.does("backup", str(file))
    assert "read again and whole" in said
    assert "KITHSPARK_SECRET_KEYS" in said
    return file


def test_a_backup_says_what_it_holds_and_is_not_overwritten(connected: Prompt) -> None:
    file = connected.folder / "a.backup"
    said = connected.reads("backup", str(file))
    assert (said["file"], said["rows"] > 0, said["revision"]) == (str(file), True, said["revision"])
    assert "is not overwritten: name another file" in connected.fails("backup", str(file))
    assert "name another place" in connected.fails("backup", str(file / "in" / "a" / "file"))


def test_a_backup_needs_a_database(empty: Prompt) -> None:
    assert "run `kithspark migrate`" in empty.fails("backup", str(empty.folder / "a.backup"))


def test_it_comes_back_on_another_machine_with_the_keys(
    connected: Prompt, saved: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copyfile(connected.folder / "secret.keys", other / "secret.keys")
    monkeypatch.setenv("KITHSPARK_DATA_DIR", str(other))
    result = connected.type("restore", str(saved))
    assert result.exit_code == 0, result.output
    assert "Nothing goes out until everybody's tickets are read" in result.stderr
    assert "Everything told since is read back" in result.stdout
    assert connected.reads("demand", "acme")["items"][0]["requesters"] == 1
    assert connected.reads("restore", "--continue")["restored"] == [
        {"workspace": "acme", "persons": 1, "left": 0, "parked": 0, "finished": True}
    ]
    lines = {one["what"]: one for one in _checks(connected)}
    assert "read back by" in lines["acme: restored"]["words"]


def test_without_the_keys_it_is_refused_unless_they_are_lost(
    connected: Prompt, saved: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITHSPARK_DATA_DIR", str(tmp_path_factory.mktemp("other")))
    monkeypatch.setenv("KITHSPARK_SECRET_KEYS", Fernet.generate_key().decode())
    said = connected.fails("restore", str(saved))
    assert "do not open what is sealed in this backup" in said
    assert "There is no file" in connected.fails("restore", str(saved.with_name("none.backup")))


def test_what_is_there_is_replaced_only_when_it_was_said(connected: Prompt, saved: Path) -> None:
    assert "give --replace" in connected.fails("restore", str(saved))
    connected.does("workspace", "add", "later", "--name", "Later")
    assert connected.type("restore", str(saved), "--replace", said="n\n").exit_code == 1
    assert len(connected.reads("workspace", "list")["workspaces"]) == 2
    connected.does("restore", str(saved), "--replace", "--yes")
    assert [one["slug"] for one in connected.reads("workspace", "list")["workspaces"]] == ["acme"]


def test_where_somebody_cannot_be_read_it_says_what_to_do(
    connected: Prompt, saved: Path, zendesk: Zendesk
) -> None:
    zendesk.faults.order(Fault("status", status=403, path=r"/tickets/requested", times=1000))
    result = connected.type("restore", str(saved), "--replace", "--yes")
    assert result.exit_code == 1
    assert "see `kithspark failures`" in result.stderr
    zendesk.faults.clear()
    [failure] = connected.reads("failures")["failures"]
    assert failure["shelf"] == "readbacks"
    lines = {one["what"]: one for one in _checks(connected)}
    assert "1 parked" in lines["acme: restored"]["words"]
    connected.does("failures", "--retry", failure["id"])
    assert "Everything told since is read back" in connected.does("restore", "--continue")


def _checks(prompt: Prompt) -> list[dict[str, str]]:
    """The doctor's lines; nobody serves, so not all of them are well."""
    found: list[dict[str, str]] = json.loads(prompt.type("doctor", "--json").stdout)["checks"]
    return found
