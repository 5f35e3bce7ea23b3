"""Undoing what somebody else decided last, wherever they did: it names them, asks Jira, and is remembered."""

import html
from typing import Any

import pytest
import requests

from lineage import questions
from lineage.changes import PartsChosen
from plugin.jira import undoable
from sandbox.jira.words import User
from sandbox.zendesk.records import Ticket
from store.database import reading, transaction
from tests.plugin.house import House, bearer_of
from tests.plugin.jira.conftest import Panel, open_panel, works
from tests.plugin.jira.test_split import SPLIT, confirmed, hidden, parts_in_jira
from tests.plugin.jira.test_split import waits as waits  # noqa: PLC0414 - Ana and Bo ask for KS-1
from tests.plugin.zendesk.conftest import Sidebar, first_load


def paul(house: House) -> User:
    return house.jira.site.users[1]


def panel_of(house: House, user: User, key: str = "KS-1") -> Panel:
    page = requests.get(house.jira.frame_url(key, user=user), timeout=10)
    return Panel(house, house.jira.issue(key).id, bearer_of(page), page.text)


def undo(panel: Panel) -> str:
    return html.unescape(panel.post("/undo", **hidden(panel.get("/undo").text)).text)


def today(house: House) -> str:
    return house.clock.now().date().isoformat()


def history(house: House, key: str = "KS-1") -> list[tuple[str, str]]:
    with reading(house.state.engine) as conn:
        entries = questions.history_of(conn, house.workspace, item_id=house.item_id(key))
    return [(one.who, one.what) for one in entries]


@pytest.fixture
def narrowed(split: House, ticket: Ticket) -> House:
    """Agnes said in the sidebar that Ana only wants KS-3."""
    agnes = split.zendesk.add_agent("Agnes", "agnes@helpdesk.example")
    page = first_load(split, split.zendesk.sidebar.token(split.zendesk.url, agnes))
    sidebar, ask = Sidebar(split, agnes, bearer_of(page)), split.asks(ticket.id)[0]
    where: dict[str, Any] = {"ask": str(ask.ask_id), "issue": split.item_id("KS-1"), "click": "one"}
    answer = sidebar.post(f"/tickets/{ticket.id}/parts", **where, part=[split.item_id("KS-3")])
    assert "Ana wants KS-3 of KS-1." in answer.text
    return split


def test_what_an_agent_chose_is_undone_exactly_by_an_engineer(narrowed: House, ticket: Ticket) -> None:
    assert narrowed.asks(ticket.id)[0].choices
    panel = open_panel(narrowed, "KS-1")
    assert 'title="Agnes, ' in panel.page
    page = html.unescape(panel.get("/undo").text)
    assert "Agnes said who wants which part" in page and "<b>Agnes</b> did this on " in page
    assert "Undo what Agnes did" in page
    assert "Undone." in undo(panel)
    assert not narrowed.asks(ticket.id)[0].choices
    me = f"Jira account {narrowed.jira.user.account_id}"
    assert (me, f"what Agnes did to KS-1 on {today(narrowed)} was undone") in history(narrowed)
    assert "nothing left to undo" in panel.get("/undo").text


def test_who_may_not_edit_the_issue_undoes_nothing_of_others(narrowed: House, ticket: Ticket) -> None:
    panel, site, me = open_panel(narrowed, "KS-1"), narrowed.jira.site, narrowed.jira.user.account_id
    form = hidden(panel.get("/undo").text)
    site.forbidden.add((me, "EDIT_ISSUES"))
    for answer in (panel.get("/undo"), panel.post("/undo", **form)):
        assert "Agnes did this, and Jira does not let you edit this issue" in html.unescape(answer.text)
    site.forbidden.clear()
    site.no_admin = True
    site_of_token = "Jira does not tell us what you may do, so nothing was done."
    assert site_of_token in html.unescape(panel.post("/undo", **form).text)
    assert narrowed.asks(ticket.id)[0].choices


def test_ones_own_decision_takes_no_more_than_it_took(split: House, ticket: Ticket) -> None:
    panel = open_panel(split, "KS-1")
    panel.post("/keeps-part", keeps="no")
    split.jira.site.forbidden.add((split.jira.user.account_id, "EDIT_ISSUES"))
    page = panel.get("/undo").text
    assert "not you" not in page and "Undo it" in page
    assert "Undone." in undo(panel)


def test_another_engineer_undoes_a_split_and_its_links_in_jira(waits: House, ticket: Ticket) -> None:
    first = open_panel(waits, "KS-1")
    confirmed(first, SPLIT)
    assert works(waits) == ["done"]
    second = panel_of(waits, paul(waits))
    page = html.unescape(second.get("/undo").text)
    me = f"Jira account {waits.jira.user.account_id}"
    assert f"{me} split it" in page and f"Undo what {me} did" in page
    second.post("/undo", **hidden(page))
    assert works(waits) == ["done"]
    assert parts_in_jira(waits.jira) == {}
    he = f"Jira account {paul(waits).account_id}"
    assert (he, f"what {me} did to KS-1 on {today(waits)} was undone") in history(waits)


def test_only_the_very_thing_that_was_confirmed_is_undone(narrowed: House, ticket: Ticket) -> None:
    panel = open_panel(narrowed, "KS-1")
    form = hidden(panel.get("/undo").text)
    panel_of(narrowed, paul(narrowed)).post("/keeps-part", keeps="no")
    assert "something else was done here meanwhile" in panel.post("/undo", **form).text
    assert narrowed.asks(ticket.id)[0].choices
    again = panel.get("/undo").text
    assert f"Jira account {paul(narrowed).account_id}" in again
    form = hidden(again)
    assert "Undone." in panel.post("/undo", **form).text
    assert narrowed.asks(ticket.id)[0].item.keeps_part is None
    panel.post("/undo", **form)  # sent twice
    assert narrowed.asks(ticket.id)[0].choices
    assert "Agnes" in panel.get("/undo").text


def test_what_the_command_line_said_can_be_undone_too(split: House, ticket: Ticket) -> None:
    ask, now = split.asks(ticket.id)[0], split.clock.now()
    whole, part = split.item_id("KS-1"), split.item_id("KS-2")
    change = PartsChosen(ask.person_id, whole, (part,), "command line", now)
    first, again = undoable.Told("cli:1", "cli:1"), undoable.Told("cli:2", "cli:2")
    with transaction(split.state.engine) as conn:
        assert undoable.decide(conn, split.workspace, change, first, now=now)
        assert not undoable.decide(conn, split.workspace, change, again, now=now), "it says nothing new"
    panel = open_panel(split, "KS-1")
    assert "Undo what command line did" in panel.get("/undo").text
    assert "Undone." in undo(panel)
    assert split.asks(ticket.id)[0].choices == ask.choices
