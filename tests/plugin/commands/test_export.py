"""`kithspark export`: everything of a workspace, nothing secret, in a shape that is documented."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from lineage.tables import companies
from plugin import exporting
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from store.database import metadata, transaction
from tests.our_files import text_of
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def written(connected: Prompt, jira: Jira, zendesk: Zendesk) -> list[dict[str, Any]]:
    jira.add_issue("KS-1", "Export to PDF")
    acme = zendesk.add_organization("Acme", ["acme.example"])
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example", organization=acme)
    ticket = zendesk.open_ticket(ana, "Export", "We export 300 reports a month by hand.")
    words = ("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1", "--public-title", "PDF export")
    connected.does(*words)
    connected.does("workspace", "add", "other", "--name", "Other")
    engine = open_installation(Settings.load()).engine
    with transaction(engine) as conn:
        conn.execute(update(companies).values(customer_minor=125000))
    engine.dispose()
    file = connected.folder / "acme.jsonl"
    said = connected.reads("export", "acme", str(file))
    lines = file.read_bytes().splitlines()
    assert said == {"file": str(file), "lines": len(lines)}
    assert file.stat().st_mode & 0o777 == 0o600
    return [json.loads(line) for line in lines]


def of(kind: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["kind"] == kind]


def test_it_says_what_it_is_first_and_how_much_last(written: list[dict[str, Any]]) -> None:
    assert {name: written[0][name] for name in ("kind", "version", "workspace")} == {
        "kind": "export", "version": 1, "workspace": "acme",
    }  # fmt: skip
    assert written[-1] == {"kind": "end", "lines": len(written) - 2}


def test_it_holds_what_was_asked_in_the_order_of_the_kinds(written: list[dict[str, Any]]) -> None:
    [person], [request], [ask] = of("person", written), of("request", written), of("ask", written)
    assert (person["name"], request["person_id"], ask["request_id"]) == (
        "Ana Ruiz",
        person["id"],
        request["id"],
    )
    assert "300 reports" in request["words"]
    assert request["asked_at"].endswith("Z")
    [workspace] = of("workspace", written)
    assert (workspace["slug"], workspace["auto_kinds"]) == ("acme", ["part_delivered", "delivered"])
    order = [kind.name for kind in exporting.KINDS]
    places = [order.index(line["kind"]) for line in written[1:-1]]
    assert places == sorted(places)


def test_amounts_are_whole_minor_units_with_their_currency(written: list[dict[str, Any]]) -> None:
    [company] = of("company", written)
    assert company["customer"] == {"minor": 125000, "currency": "USD"}
    assert "customer_minor" not in company
    assert of("demand", written)[0]["pipeline"] == {"minor": 0, "currency": "USD"}
    assert not any(isinstance(value, float) for line in written for value in line.values())


def test_no_secret_and_nothing_of_another_workspace_is_in_it(
    connected: Prompt, written: list[dict[str, Any]], zendesk: Zendesk, jira: Jira
) -> None:
    text = (connected.folder / "acme.jsonl").read_text()
    for secret in (zendesk.client_secret, jira.api_token, "gAAAA"):
        assert secret not in text
    assert [line["slug"] for line in of("workspace", written)] == ["acme"]
    assert of("connection", written)[0].keys() == {
        "kind", "system", "url", "last_event_at", "last_sync_at", "created_at",
    }  # fmt: skip


def test_what_cannot_be_written_is_one_sentence(connected: Prompt) -> None:
    file = connected.folder / "a.jsonl"
    file.write_text("mine")
    assert "is not overwritten" in connected.fails("export", "acme", str(file))
    assert file.read_text() == "mine"
    assert "name another place" in connected.fails("export", "acme", str(file / "below"))
    assert "There is no workspace" in connected.fails("export", "none", str(connected.folder / "b"))
    assert sorted(one.name for one in connected.folder.glob(".*")) == []


def test_every_table_of_a_workspace_is_exported_or_left_out_for_a_reason() -> None:
    exported = {kind.table.name for kind in exporting.KINDS}
    of_workspaces = {table.name for table in metadata.tables.values() if "workspace_id" in table.c}
    missing = of_workspaces - exported - exporting.NOT_EXPORTED.keys()
    assert not missing, f"Say in plugin/exporting.py whether they are exported: {sorted(missing)}"
    assert not exporting.NOT_EXPORTED.keys() - of_workspaces, "tables that are not there"


def test_every_kind_and_every_field_of_it_is_documented() -> None:
    page = text_of(Path("docs/export.md"))
    documented = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", page, re.MULTILINE))
    for kind in exporting.KINDS:
        fields = set(re.findall(r"`(\w+)`", documented.get(kind.name, "")))
        there = {exporting.named(column) for column in kind.columns}
        if kind.name == "demand_day":
            there.discard("currency")
        assert fields == there, f"{kind.name} in docs/export.md: {sorted(fields ^ there)}"
