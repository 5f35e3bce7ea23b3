"""The words of JQL: the same for every way in, each of its type, and for what was written in time."""

import json
from datetime import UTC, datetime

import pytest

from connectors.errors import Refused
from connectors.jira import demand
from connectors.jira.client import Jira as Client
from connectors.jira.demand_index import EXTRACTIONS, KEY, connect_module, forge_module
from lineage.terms import ItemId, Money
from sandbox.jira import DEMAND_ALIASES, Jira
from tests.our_files import ROOT

RICH = demand.property_value(
    rev=1, score=1, requesters=1, companies=1, votes=1, oldest=datetime(2026, 3, 1, tzinfo=UTC),
    amounts=demand.Amounts(Money(1, "USD"), Money(1, "USD")),
)  # fmt: skip


def test_the_descriptor_and_the_manifest_say_the_same() -> None:
    descriptor = json.loads((ROOT / "atlassian-connect.json").read_text())
    assert descriptor["modules"]["jiraEntityProperties"] == [connect_module()]
    values = forge_module()["values"]
    assert [(one["path"], one["type"], one["searchAlias"]) for one in values] == [
        (one.path, one.type, one.alias) for one in EXTRACTIONS
    ]
    assert {alias: (one.key, one.path, one.type) for alias, one in DEMAND_ALIASES.items()} == {
        one.alias: (KEY, one.path, one.type) for one in EXTRACTIONS
    }


def test_every_path_is_in_the_value_and_of_its_type() -> None:
    for one in EXTRACTIONS:
        found = RICH
        for part in one.path.split("."):
            found = found[part]
        assert isinstance(found, str if one.type in ("string", "date") else int | float), one


@pytest.fixture
def site(jira: Jira, client: Client) -> Jira:
    """Three issues: the first alone and long waited for, a part worth most, and one merged away."""
    rows: tuple[tuple[str, int, int, int, demand.Lineage], ...]
    rows = (("KS-1", 3, 5, 1, "whole"), ("KS-2", 9, 2, 20, "part"), ("KS-3", 0, 0, 28, "merged"))
    for key, score, people, day, lineage in rows:
        value = demand.property_value(
            rev=1, score=score, requesters=people, companies=people, votes=0, lineage=lineage,
            oldest=datetime(2026, 2, day, tzinfo=UTC),
            amounts=demand.Amounts(Money(score * 100, "EUR"), Money(0, "EUR")),
        )  # fmt: skip
        demand.push(client, ItemId(jira.add_issue(key, "Export").id), value)
    return jira


def found(client: Client, jql: str) -> str:
    body = {"jql": jql, "fields": ["key", "summary"]}
    return " ".join(issue["key"] for issue in client._post("/search/jql", body)["issues"])


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("kithsparkDemand >= 3 ORDER BY kithsparkDemand DESC", "KS-2 KS-1"),
        ("kithsparkRequesters > 0 ORDER BY kithsparkRequesters DESC", "KS-1 KS-2"),
        ("kithsparkPipeline > 500", "KS-2"),
        ("kithsparkCustomer = 0 ORDER BY kithsparkOldest", "KS-1 KS-2 KS-3"),
        ("kithsparkOldest < 2026-02-20", "KS-1"),
        ("kithsparkOldest = 2026-02-28", "KS-3"),
        ("kithsparkLineage = part", "KS-2"),
        ("kithsparkLineage in (whole, merged) ORDER BY kithsparkDemand", "KS-3 KS-1"),
        ("kithsparkCurrency != EUR", ""),
    ],
)
def test_each_word_finds_and_orders_by_its_type(site: Jira, client: Client, jql: str, keys: str) -> None:
    assert found(client, jql) == keys


@pytest.mark.parametrize(
    "jql",
    [
        "kithsparkDemand ~ 3",
        "kithsparkDemand > many",
        "kithsparkOldest > yesterday",
        "kithsparkLineage > part",
        "kithsparkNothing = 1",
    ],
)
def test_what_a_type_cannot_do_is_refused(site: Jira, client: Client, jql: str) -> None:
    with pytest.raises(Refused):
        found(client, jql)
