"""Demand as Jira's own data: what a workspace allows stands there, all of it once more, and JQL finds it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors import accounts
from connectors.jira.backfill import Backfill, progress
from lineage.changes import PolicyChanged, Unlinked
from lineage.counting import pushing
from lineage.counting.pushing import push_all
from lineage.terms import ItemId, Origin
from sandbox.jira import Jira
from sandbox.jira.state import Alias
from sandbox.zendesk import Zendesk
from store import connections, workspaces
from store.database import reading, transaction
from tests.plugin.work.conftest import Desk


def allow(desk: Desk, **changed: Any) -> None:
    """As `kithspark policy` does it."""
    with transaction(desk.app.engine) as conn:
        policy = workspaces.by_id(conn, desk.workspace.id).policy
        workspaces.set_policy(conn, desk.workspace.id, replace(policy, **changed))
        desk.workspace = workspaces.by_id(conn, desk.workspace.id)
    desk.record(PolicyChanged("olga", desk.clock.now()))


def write_all(desk: Desk) -> None:
    with transaction(desk.app.engine) as conn:
        push_all(conn, desk.workspace.id, now=desk.clock.now())


def how_far(desk: Desk) -> Backfill:
    with reading(desk.app.engine) as conn:
        return progress(conn, desk.workspace.id, now=desk.clock.now())


def found(desk: Desk, jql: str) -> str:
    with reading(desk.app.engine) as conn:
        client = accounts.jira(connections.load(conn, desk.app.vault, desk.workspace.id, "jira"))
    body = {"jql": jql, "fields": ["key"]}
    return " ".join(one["key"] for one in client._post("/search/jql", body)["issues"])


def asked(desk: Desk, jira: Jira, key: str, *tickets: str) -> str:
    """These tickets ask for a new issue; its id."""
    issue = jira.add_issue(key, "Export")
    desk.looks_at("jira", "issue", issue.id)
    for number in tickets:
        desk.knows_ticket(number, f"ana{number}@acme.example")
        desk.links(number, issue.id)
    return issue.id


@pytest.fixture
def two(desk: Desk, jira: Jira, zendesk: Zendesk) -> Desk:
    asked(desk, jira, "KS-1", "7")
    asked(desk, jira, "KS-2", "8", "9")
    desk.works("pushes")
    return desk


def test_jql_finds_and_orders_by_what_counts(two: Desk, jira: Jira) -> None:
    assert found(two, "kithsparkRequesters >= 1 ORDER BY kithsparkRequesters DESC") == "KS-2 KS-1"
    recent = 'kithsparkDemand > 1 AND kithsparkOldest >= "-2d" AND kithsparkLineage = whole'
    assert found(two, recent) == "KS-2"
    jira.split("KS-2", ["PDF", "CSV"])
    two.looks_at("jira", "issue", jira.issue("KS-2").id)
    two.works("pushes")
    assert found(two, "kithsparkLineage = part ORDER BY key") == "KS-3 KS-4"
    assert found(two, "kithsparkLineage = split") == "KS-2"


def test_a_change_is_in_jira_with_the_next_work_and_no_name_ever(two: Desk, jira: Jira) -> None:
    two.knows_ticket("10", "cy@globex.example")
    two.links("10", jira.issue("KS-1").id)
    assert two.works("pushes").done == 1
    value = jira.property("KS-1", "kithspark.demand")
    assert value["requesters"] == 2
    assert "Ana" not in str(value)
    assert "example" not in str(value)
    assert set(value) == {"rev", "score", "requesters", "companies", "votes", "oldest", "lineage"}


def test_tickets_are_linked_back_only_where_the_workspace_allows_it(
    two: Desk, jira: Jira, zendesk: Zendesk
) -> None:
    assert jira.issue("KS-2").remote_links == {}
    allow(two, remote_links=True)
    two.clock.advance(5)
    two.works("pushes")
    links = jira.issue("KS-2").remote_links
    assert {one["object"]["url"] for one in links.values()} == {
        f"{zendesk.url}/agent/tickets/{number}" for number in (8, 9)
    }
    assert "Ana" not in str(links)
    item, origin = ItemId(jira.issue("KS-2").id), Origin("zendesk:ticket", "9")
    two.record(Unlinked(origin, item, by="Agnes", at=two.clock.now(), keep=False))
    two.works("pushes")
    assert list(jira.issue("KS-2").remote_links) == ["kithspark:zendesk:ticket:8"]
    allow(two, remote_links=False)
    two.clock.advance(5)
    two.works("pushes")
    assert jira.issue("KS-2").remote_links == {}
    assert jira.issue("KS-1").remote_links == {}


def test_a_project_that_anybody_can_read_gets_no_link_and_no_amount(two: Desk, jira: Jira) -> None:
    jira.site.project("KS").public = True
    allow(two, remote_links=True, push_amounts=True)
    two.clock.advance(5)
    two.works("pushes")
    assert jira.issue("KS-2").remote_links == {}
    assert "customer" not in jira.property("KS-2", "kithspark.demand")


def test_amounts_are_found_by_jql_once_they_may_be_shown_and_gone_when_not(two: Desk, jira: Jira) -> None:
    assert found(two, "kithsparkCurrency = USD") == ""
    allow(two, push_amounts=True)
    two.clock.advance(5)
    two.works("pushes")
    assert found(two, "kithsparkCurrency = USD AND kithsparkCustomer >= 0 ORDER BY key") == "KS-1 KS-2"
    allow(two, push_amounts=False)
    two.clock.advance(5)
    two.works("pushes")
    assert found(two, "kithsparkCurrency = USD") == ""


def test_a_word_that_comes_with_the_app_finds_everything_once_all_is_written_again(
    two: Desk, jira: Jira
) -> None:
    jira.site.aliases["kithsparkLate"] = Alias("kithspark.demand", "score", "number", two.clock.now())
    two.clock.advance(1)
    assert found(two, "kithsparkLate > 0") == ""
    write_all(two)
    two.clock.advance(1)
    two.works("pushes")
    assert found(two, "kithsparkLate > 0 ORDER BY kithsparkLate DESC") == "KS-2 KS-1"


def test_all_of_it_goes_at_a_pace_with_progress_and_what_is_fresh_does_not_wait(
    two: Desk, jira: Jira, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(two, jira, "KS-3", "21", "22", "23")
    two.works("pushes")
    monkeypatch.setattr(pushing, "PER_S", 0.01)  # slots of a hundred seconds: the clock runs meanwhile
    begin = two.clock.now()
    write_all(two)
    before = how_far(two)
    assert (before.issues, before.left, before.written) == (3, 3, 0)
    assert before.ends_at is not None
    assert timedelta(seconds=200) <= before.ends_at - begin < timedelta(seconds=210)
    assert two.works("pushes").done == 1, "the one that counts most, now"
    assert (how_far(two).written, how_far(two).left) == (1, 2)
    two.knows_ticket("30", "cy@globex.example")
    two.links("30", jira.issue("KS-1").id)
    assert two.works("pushes").done == 1, "what changed is not behind the others"
    assert jira.property("KS-1", "kithspark.demand")["requesters"] == 2
    two.clock.advance(200)
    two.works("pushes")
    assert how_far(two) == Backfill(3, 0, 0, None)
