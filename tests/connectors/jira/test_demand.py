"""The demand property: whole values, the newest wins, never a name."""

from datetime import UTC, datetime
from typing import Any

from connectors.jira import demand
from connectors.jira.client import Jira as Client
from connectors.jira.demand_index import KEY
from lineage.terms import ItemId, Money
from sandbox.jira import Jira


def value(rev: int, **changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "score": 12.3456,
        "requesters": 3,
        "companies": 2,
        "votes": 4,
        "oldest": datetime(2026, 3, 1, 23, tzinfo=UTC),
    }
    return demand.property_value(rev=rev, **(known | changed))


def test_amounts_are_only_there_when_they_are_given() -> None:
    assert value(1) == {
        "rev": 1, "score": 12.35, "requesters": 3, "companies": 2, "votes": 4, "oldest": "2026-03-01",
        "lineage": "whole",
    }  # fmt: skip
    rich = value(1, amounts=demand.Amounts(Money(125_000, "USD"), Money(0, "USD")), oldest=None)
    assert rich["pipeline"] == {"minor": 125_000, "currency": "USD"}
    assert rich["customer"] == {"minor": 0, "currency": "USD"}
    assert rich["currency"] == "USD"
    assert rich["oldest"] is None


def test_the_newest_value_wins_in_whatever_order_they_come(jira: Jira, client: Client) -> None:
    item = ItemId(jira.add_issue("KS-1", "Export").id)
    assert demand.push(client, item, value(2))
    assert not demand.push(client, item, value(1, score=99))
    assert not demand.push(client, item, value(2, score=99))
    assert jira.property("KS-1", KEY) == value(2)
    assert demand.push(client, item, value(3, score=5))
    assert jira.property("KS-1", KEY)["score"] == 5


def test_somebody_elses_odd_value_is_overwritten(jira: Jira, client: Client) -> None:
    item = ItemId(jira.add_issue("KS-1", "Export").id)
    odd: Any
    for odd in ("text", {"rev": "high"}, {"rev": True}, [], {}):
        client.set_property(item, KEY, odd)
        assert demand.push(client, item, value(1))


def test_jql_sorts_by_what_was_pushed(jira: Jira, client: Client) -> None:
    for key, score in (("KS-1", 3), ("KS-2", 9), ("KS-3", 5)):
        item = ItemId(jira.add_issue(key, "Export").id)
        demand.push(client, item, value(1, score=score))
    body = {"jql": "kithsparkDemand > 3 ORDER BY kithsparkDemand DESC", "fields": ["key", "summary"]}
    assert [issue["key"] for issue in client._post("/search/jql", body)["issues"]] == ["KS-2", "KS-3"]
