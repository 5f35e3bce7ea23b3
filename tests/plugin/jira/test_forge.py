"""Jira by way of the Forge app: what Forge tells, what its pages show, and whose token reads and writes."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import requests
from sqlalchemy import select

from connectors import accounts
from connectors.errors import Unavailable
from plugin.identity_tables import connect_events, forge_installations
from plugin.jira.forge import installed
from sandbox.zendesk.records import Ticket
from store import connections, inbox, workspaces
from store.database import reading, transaction
from tests.plugin.house import House

PANEL, SETUP, BOARD = "kithspark-demand", "kithspark-admin", "kithspark-board"


def asks(
    house: House, *, path: str = "", module: str = PANEL, user: Any = None, **wish: Any
) -> dict[str, Any]:
    """What the page of KS-1 gets for one request over the bridge."""
    asked = {"path": "/forge/ui", "method": "POST", "body": {"method": "GET", "path": path, **wish}}
    issue = house.jira.issue("KS-1") if module == PANEL else None
    answer = house.jira.forge.invoke(issue, user or house.jira.user, module, asked)
    assert answer["success"], answer
    body: dict[str, Any] = answer["payload"]["body"]
    return body


def rows(house: House) -> list[Any]:
    with reading(house.state.engine) as conn:
        return list(conn.execute(select(forge_installations)).all())


def test_installing_brings_a_token_that_is_kept_sealed_and_the_first_page_says_whose_site_it_is(
    forged: House,
) -> None:
    [row] = rows(forged)
    assert (row.site, row.workspace_id) == ("", None)
    assert not any(token in row.token for token in forged.jira.forge.system_tokens)
    assert asks(forged)["status"] == 200
    [row] = rows(forged)
    assert (row.site, row.workspace_id) == (forged.jira.url, forged.workspace.id)


def test_the_panel_is_the_one_of_the_connect_frame_and_may_be_acted_on(forged: House) -> None:
    forged.reads("KS-1")
    home = f"/jira/acme/issues/{forged.jira.issue('KS-1').id}"
    assert f"{home}/title" in asks(forged)["html"]
    said = asks(forged, path=f"{home}/title", method="POST", form="title=One%20report")
    assert "One report" in said["html"]
    with reading(forged.state.engine) as conn:
        from lineage import questions

        item = questions.item(conn, forged.workspace, "KS-1")
    assert item is not None
    assert item.public_title == "One report"


@pytest.mark.parametrize(
    "path",
    ["/jira/acme/issues/1", "/jira/other/issues/{id}", "/admin/", "/jira/acme/issues/{id}1", "//evil.example",
     "/jira/acme/issues/{id}/../../../admin", "/jira/acme/issues/{id}/%2e%2e/1", "https://x/jira/acme/issues/{id}"],
)  # fmt: skip
def test_no_other_address_is_reached_through_a_page(forged: House, path: str) -> None:
    there = path.format(id=forged.jira.issue("KS-1").id)
    assert asks(forged, path=there)["status"] == 404


def test_somebody_who_may_not_browse_the_issue_sees_nothing_of_it(forged: House) -> None:
    site, user = forged.jira.site, forged.jira.user
    site.hidden.add((user.account_id, forged.jira.issue("KS-1").id))
    answer = asks(forged)
    assert answer["status"] == 404
    assert "Customer demand" not in answer["html"]
    assert asks(forged, user=site.users[1])["status"] == 200


def test_the_board_is_that_of_the_connect_page_with_its_filters_and_its_csv(
    forged: House, ticket: Ticket
) -> None:
    forged.reads("KS-1")
    forged.reads_ticket(ticket.id)
    forged.links(ticket.id, "KS-1")
    shown = asks(forged, module=BOARD)
    assert shown["status"] == 200
    assert 'hx-get="/jira/acme/board?sort=requesters"' in shown["html"]
    assert "KS-1</a>" in shown["html"] and "PDF export of reports" not in shown["html"]
    assert "Nothing fits" in asks(forged, module=BOARD, path="/jira/acme/board?project=NONE")["html"]
    saved = asks(forged, module=BOARD, path="/jira/acme/board.csv")["html"]
    assert saved.splitlines()[0].startswith("\ufeffplace,issue") and saved.splitlines()[1].startswith(
        "1,KS-1"
    )
    german = asks(forged, module=BOARD, language="de-DE")["html"]
    assert "Rangliste filtern" in german or "Projekt" in german


@pytest.mark.parametrize(
    ("module", "path", "method"),
    [
        (BOARD, "/jira/acme/issues/{id}", "GET"), (BOARD, "/jira/other/board", "GET"),
        (BOARD, "/jira/acme/board/renew", "POST"), (BOARD, "/jira/acme/board", "POST"),
        (BOARD, "/admin/acme/board", "GET"), (BOARD, "//evil.example/jira/acme/board", "GET"),
        (BOARD, "/jira/acme/board/../../../admin/", "GET"), (PANEL, "/jira/acme/board", "GET"),
        (PANEL, "/jira/acme/board.csv", "GET"),
    ],
)  # fmt: skip
def test_a_page_reaches_its_own_screen_and_no_other(
    forged: House, module: str, path: str, method: str
) -> None:
    there = path.format(id=forged.jira.issue("KS-1").id)
    assert asks(forged, module=module, path=there, method=method)["status"] == 404


def test_only_administrators_of_jira_see_what_is_set_up(forged: House) -> None:
    paul = forged.jira.site.users[1]
    forged.jira.site.forbidden.add((paul.account_id, "ADMINISTER"))
    asks(forged)
    assert "Acme" in asks(forged, module=SETUP)["html"]
    assert asks(forged, module=SETUP, user=paul)["status"] == 403


def test_an_event_is_kept_once_for_the_workspace_of_its_site(forged: House) -> None:
    asks(forged)
    forge = forged.jira.forge
    token, body = forge.token(), {"eventType": "avi:jira:updated:issue", "issue": {"id": "10001"}}
    assert forge.call("/forge/events", body, token=token) == 200
    assert forge.call("/forge/events", body, token=token) == 401
    with reading(forged.state.engine) as conn:
        [row] = conn.execute(select(inbox.inbox).where(inbox.inbox.c.system == "forge")).all()
    assert json.loads(row.body)["eventType"] == "avi:jira:updated:issue"


def test_the_newest_token_speaks_for_a_workspace_that_chose_forge(forged: House) -> None:
    asks(forged)
    state, now = forged.state, forged.clock.now()
    with transaction(state.engine) as conn:
        here = installed.live_at(conn, state.vault, forged.jira.url)
        assert here is not None
        connections.save(
            conn, state.vault, workspace_id=forged.workspace.id, system="jira", url=forged.jira.url,
            config={"way": "forge", **installed.config_of(here)}, secrets={"system_token": here.token},
            now=now,
        )  # fmt: skip
    assert jira_of(forged).myself().name == "Kithspark (Forge)"
    forged.jira.forge.system_tokens.clear()  # they ran out
    assert forged.jira.forge.tick() == 200
    assert jira_of(forged).issue("KS-1")["key"] == "KS-1"
    forged.jira.uninstall()
    forged.jira.forge.uninstall()
    with pytest.raises(Unavailable, match="uninstalled"):
        jira_of(forged).issue("KS-1")


def jira_of(house: House) -> Any:
    with reading(house.state.engine) as conn:
        return accounts.jira(connections.load(conn, house.state.vault, house.workspace.id, "jira"))


def test_an_uninstalled_app_is_believed_nothing_and_forgotten_after_a_month(forged: House) -> None:
    late = forged.jira.forge.token()
    forged.jira.forge.lifecycle("uninstalled")
    assert forged.jira.forge.call("/forge/tick", {}, token=late) == 401
    [row] = rows(forged)
    assert (row.token, row.uninstalled_at is not None) == ("", True)
    with reading(forged.state.engine) as conn:
        assert [one.event for one in conn.execute(select(connect_events))] == ["installed", "uninstalled"]
    forged.clock.advance(31 * 24 * 3600)
    forged.jira.forge.install(forged.jira.forge.installed.folder)  # type: ignore[union-attr]
    forged.jira.forge.lifecycle("uninstalled")
    assert len(rows(forged)) == 1


def test_without_a_registered_app_nobody_is_believed(forged: House) -> None:
    from connectors.jira.connect_jwt import Unproven
    from connectors.jira.forge_token import verify_invocation

    with pytest.raises(Unproven, match="No Forge app"):
        verify_invocation(forged.jira.forge.token(), app_id=None, fetch_key=lambda _: None)  # type: ignore[arg-type,return-value]


def test_its_page_holds_no_inline_code_and_no_address_of_another_server(forged: House) -> None:
    page = requests.get(f"{forged.jira.url}/forge-cdn/index.html", timeout=5).text
    assert "./bridge.js" in page
    assert "http" not in page.replace("http-equiv", "").split("<body")[0].replace("/forge-host", "")


@pytest.mark.parametrize(("setting", "lacks", "sees"), [
    ("everyone", "", True), ("nobody", "", False), ("editors", "", True), ("editors", "EDIT_ISSUES", False),
    ("admins", "", True), ("admins", "ADMINISTER_PROJECTS", False),
])  # fmt: skip
def test_names_and_words_of_customers_are_for_whom_the_workspace_says(
    forged: House, ticket: Ticket, setting: Any, lacks: str, sees: bool
) -> None:
    forged.reads("KS-1")
    forged.reads_ticket(ticket.id)
    forged.links(ticket.id, "KS-1")
    with transaction(forged.state.engine) as conn:
        wanted = replace(forged.workspace.policy, customers_in_jira=setting)
        workspaces.set_policy(conn, forged.workspace.id, wanted)
    if lacks:
        forged.jira.site.forbidden.add((forged.jira.user.account_id, lacks))
    shown = asks(forged)["html"]
    assert "1 person" in shown
    for said in ("300 reports", "Ana", f"ticket {ticket.id}"):
        assert (said in shown) is sees, said


def test_who_does_not_see_customers_is_refused_whatever_of_the_panel_names_them(
    forged: House, ticket: Ticket
) -> None:
    """Whatever view there is: only the counts of the panel itself, and its freshness, are for everybody."""
    forged.reads("KS-1")
    forged.reads_ticket(ticket.id)
    forged.links(ticket.id, "KS-1")
    with transaction(forged.state.engine) as conn:
        wanted = replace(forged.workspace.policy, customers_in_jira="nobody")
        workspaces.set_policy(conn, forged.workspace.id, wanted)
    home = f"/jira/acme/issues/{forged.jira.issue('KS-1').id}"
    told = {}
    for rule in forged.app.url_map.iter_rules():
        if not rule.rule.startswith("/jira/<slug>/issues/<issue>/") or rule.rule.endswith("/renew"):
            continue
        below = re.sub(r"<any\('?([\w-]+).*?>", r"\1", rule.rule.removeprefix("/jira/<slug>/issues/<issue>"))
        path = home + re.sub(r"<[^>]*>", "1", below)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = asks(forged, path=path, method=method)
        told[rule.rule.rpartition("<issue>/")[2]] = answer["status"]
        for said in ("300 reports", "Ana", f"ticket {ticket.id}"):
            assert said not in answer["html"], rule.rule
    assert {path for path, status in told.items() if status != 403} == {"refresh", "fresh"}
