"""Links from issues back to tickets: made once, taken away, never with a name."""

import json

import pytest
from sqlalchemy import Engine, select

from connectors.errors import Unavailable
from connectors.jira import backlinks
from connectors.jira.client import Jira as Client
from lineage.outcomes import remote_links
from lineage.terms import ItemId
from sandbox.faults import Fault
from sandbox.jira import Jira
from store.database import reading
from store.workspaces import Workspace

TWO = {f"zendesk:ticket:{n}": f"https://desk.example/agent/tickets/{n}" for n in (7, 8)}


@pytest.fixture
def item(jira: Jira) -> ItemId:
    return ItemId(jira.add_issue("KS-1", "Export").id)


def bring(
    database: Engine, client: Client, workspace: Workspace, item: ItemId, wanted: dict[str, str]
) -> None:
    backlinks.bring_up_to_date(database, client, workspace_id=workspace.id, item=item, wanted=wanted)


def noted(database: Engine) -> list[str]:
    with reading(database) as conn:
        return sorted(conn.scalars(select(remote_links.c.origin)))


def test_exactly_the_wanted_links_stand_however_often(
    jira: Jira, client: Client, database: Engine, workspace: Workspace, item: ItemId
) -> None:
    for _ in range(2):
        bring(database, client, workspace, item, TWO)
    there = jira.issue("KS-1").remote_links
    assert {one["object"]["title"] for one in there.values()} == {"Zendesk ticket 7", "Zendesk ticket 8"}
    assert {one["object"]["url"] for one in there.values()} == set(TWO.values())
    assert noted(database) == sorted(TWO)
    bring(database, client, workspace, item, {"zendesk:ticket:8": TWO["zendesk:ticket:8"]})
    assert list(there) == ["kithspark:zendesk:ticket:8"]
    bring(database, client, workspace, item, {})
    assert there == {}
    assert noted(database) == []


def test_a_link_whose_answer_was_lost_is_taken_away_all_the_same(
    jira: Jira, client: Client, database: Engine, workspace: Workspace, item: ItemId
) -> None:
    jira.faults.order(Fault("drop_after", method="POST", path="/remotelink"))
    with pytest.raises(Unavailable):
        bring(database, client, workspace, item, {"zendesk:ticket:7": TWO["zendesk:ticket:7"]})
    assert jira.issue("KS-1").remote_links
    bring(database, client, workspace, item, {})
    assert jira.issue("KS-1").remote_links == {}


@pytest.mark.parametrize("lost", ["drop_before", "drop_after"])
def test_links_that_were_not_made_are_made_the_next_time(
    jira: Jira, client: Client, database: Engine, workspace: Workspace, item: ItemId, lost: str
) -> None:
    jira.faults.order(Fault(lost, method="POST", path="/remotelink"))
    with pytest.raises(Unavailable):
        bring(database, client, workspace, item, TWO)
    bring(database, client, workspace, item, TWO)
    assert set(jira.issue("KS-1").remote_links) == {backlinks.global_id(one) for one in TWO}


def test_what_somebody_else_took_away_or_made_is_left_alone(
    jira: Jira, client: Client, database: Engine, workspace: Workspace, item: ItemId
) -> None:
    theirs = {"object": {"url": "https://wiki.example/", "title": "Wiki"}, "globalId": "wiki"}
    client.session.post(f"{jira.url}/rest/api/3/issue/{item}/remotelink", data=json.dumps(theirs))
    bring(database, client, workspace, item, TWO)
    jira.issue("KS-1").remote_links.pop("kithspark:zendesk:ticket:7")
    bring(database, client, workspace, item, {})
    assert list(jira.issue("KS-1").remote_links) == ["wiki"]
    assert noted(database) == []
