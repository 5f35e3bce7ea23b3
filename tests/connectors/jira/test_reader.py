"""Jira's issue JSON, as documented, and everything that can be odd about it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Unavailable
from connectors.jira import reader
from connectors.jira.mapping import LinkMapping
from lineage.changes import VersionSeen
from lineage.seen import EdgeSeen
from lineage.terms import EdgeKind, ItemId

MAPPING = LinkMapping(
    links={"10000": "none", "10001": "none", "10002": "merge", "10004": "split"},
    resolutions={"10000": "delivered", "10002": "closed"},
)


def payload(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / "payloads" / f"{name}.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def test_an_open_issue_needs_no_more_than_its_plain_fields() -> None:
    seen = reader.read(payload("issue_open"), mapping=MAPPING)
    assert (seen.item, seen.key, seen.summary) == ("10001", "KS-1", "Export to PDF")
    assert (seen.project, seen.issue_type) == ("KS", "Story")
    assert (seen.status, seen.category) == ("Zu erledigen", "new")
    assert (seen.resolution_id, seen.resolution, seen.meaning) == (None, None, None)
    assert seen.created == seen.state_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert seen.updated == datetime(2026, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)
    assert (seen.edges, seen.versions, seen.children, seen.parent) == ((), (), (), None)
    assert seen.url == "https://kites.atlassian.net/browse/KS-1"


def test_links_are_read_in_our_direction_in_order_of_their_ids() -> None:
    seen = reader.read(payload("issue_whole"), mapping=MAPPING)
    split_at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    merged_at = datetime(2026, 3, 6, 9, tzinfo=UTC)
    whole = ItemId("10001")
    assert seen.edges == (
        EdgeSeen("10500", EdgeKind.SPLIT, whole, ItemId("10002"), "KS-2", split_at, "10004"),
        EdgeSeen("10501", EdgeKind.MERGED, ItemId("10009"), whole, "KS-1", None, "10002"),
        EdgeSeen("10502", EdgeKind.MERGED, whole, ItemId("10004"), "KS-4", merged_at, "10002"),
    )
    assert seen.unmapped_links == ("Blocks", "Cloners")


def test_a_done_issue_is_read_with_reason_versions_and_children() -> None:
    seen = reader.read(payload("issue_whole"), mapping=MAPPING, site="https://issues.kites.example/")
    assert (seen.resolution_id, seen.resolution, seen.meaning) == ("10002", "Duplicate", "closed")
    assert seen.state_at == datetime(2026, 3, 5, 10, 0, 1, tzinfo=UTC)
    assert seen.versions == (VersionSeen("10300", "2.0", True), VersionSeen("10301", "2.1", False))
    assert [child.done for child in seen.children] == [True, False]
    assert seen.url == "https://issues.kites.example/browse/KS-1"


def test_an_unmapped_reason_has_no_meaning() -> None:
    assert reader.read(payload("issue_whole"), mapping=LinkMapping()).meaning is None


def test_a_link_type_that_is_the_other_way_round_is_turned() -> None:
    turned = LinkMapping(links={"10004": "split"}, backwards=frozenset({"10004"}))
    (edge,) = reader.read(payload("issue_whole"), mapping=turned).edges
    assert (edge.src, edge.dst, edge.dst_key) == ("10002", "10001", "KS-1")


def test_a_reopened_issue_is_dated_by_its_category_not_by_an_old_resolution() -> None:
    issue = payload("issue_whole")
    issue["fields"]["status"]["statusCategory"]["key"] = "indeterminate"
    issue["fields"]["statuscategorychangedate"] = "2026-03-07T10:00:00.000+0000"
    assert reader.read(issue, mapping=MAPPING).state_at == datetime(2026, 3, 7, 10, tzinfo=UTC)


def test_without_any_date_of_its_state_an_issue_is_dated_by_its_last_update() -> None:
    issue = payload("issue_open")
    del issue["fields"]["statuscategorychangedate"]
    seen = reader.read(issue, mapping=MAPPING)
    assert seen.state_at == seen.updated


def test_a_broken_workflows_undefined_category_is_not_started() -> None:
    issue = payload("issue_open")
    issue["fields"]["status"]["statusCategory"]["key"] = "undefined"
    assert reader.read(issue, mapping=MAPPING).category == "new"


def test_a_translated_changelog_still_dates_a_link_by_its_key() -> None:
    issue = payload("issue_whole")
    for entry in issue["changelog"]["histories"]:
        for item in entry["items"]:
            item["toString"] = "Dieser Vorgang …"
    first = reader.read(issue, mapping=MAPPING).edges[0]
    assert first.at == datetime(2026, 3, 4, 12, tzinfo=UTC)


Spoil = Callable[[dict[str, Any]], object]
SPOILT: dict[str, Spoil] = {
    "no id": lambda i: i.pop("id"),
    "an id that is no number": lambda i: i.update(id="KS-1"),
    "an id that is true": lambda i: i.update(id=True),
    "no key": lambda i: i.pop("key"),
    "no self": lambda i: i.pop("self"),
    "no fields": lambda i: i.pop("fields"),
    "fields that are a list": lambda i: i.update(fields=[]),
    "no summary": lambda i: i["fields"].pop("summary"),
    "a summary that is null": lambda i: i["fields"].update(summary=None),
    "no status": lambda i: i["fields"].pop("status"),
    "no status category": lambda i: i["fields"]["status"].pop("statusCategory"),
    "no project": lambda i: i["fields"].update(project=None),
    "no issue type": lambda i: i["fields"].pop("issuetype"),
    "no time": lambda i: i["fields"].pop("updated"),
    "a time that is none": lambda i: i["fields"].update(updated="yesterday"),
    "a time that is a number": lambda i: i["fields"].update(updated=1),
    "a time without a zone": lambda i: i["fields"].update(updated="2026-03-01T09:00:00.000"),
    "links that are no list": lambda i: i["fields"].update(issuelinks={}),
    "a link that is null": lambda i: i["fields"].update(issuelinks=[None]),
    "a link without a type": lambda i: i["fields"]["issuelinks"][0].pop("type"),
    "a link without an end": lambda i: i["fields"]["issuelinks"][0].pop("outwardIssue"),
    "a link without an id": lambda i: i["fields"]["issuelinks"][0].pop("id"),
    "a version without a name": lambda i: i["fields"]["fixVersions"][0].pop("name"),
    "a resolution without an id": lambda i: i["fields"]["resolution"].pop("id"),
    "a child without a status": lambda i: i["fields"]["subtasks"][0]["fields"].pop("status"),
    "a history without a time": lambda i: i["changelog"]["histories"][0].pop("created"),
    "a changelog that is a list": lambda i: i.update(changelog=[1]),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_garbled_issue_is_asked_for_again_never_guessed(spoil: Spoil) -> None:
    issue = payload("issue_whole")
    spoil(issue)
    with pytest.raises(Unavailable, match=r"^Jira: garbled answer, .*\.$"):
        reader.read(issue, mapping=MAPPING)


@pytest.mark.parametrize("nothing", [None, [], "issue", 7])
def test_what_is_no_object_is_no_issue(nothing: Any) -> None:
    with pytest.raises(Unavailable, match="garbled"):
        reader.read(nothing, mapping=MAPPING)
