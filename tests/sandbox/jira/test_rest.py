"""Where the sandbox is as particular as Jira Cloud."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.jira import Jira


class Rest:
    """Plain HTTP against one site."""

    def __init__(self, jira: Jira) -> None:
        self.jira = jira
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (jira.email, jira.api_token)

    def __call__(self, method: str, path: str, json: Any = None, **kwargs: Any) -> requests.Response:
        url = f"{self.jira.url}/rest/api/3{path}"
        return self.session.request(method, url, json=json, timeout=5, **kwargs)


@pytest.fixture
def rest(jira: Jira) -> Iterator[Rest]:
    jira.add_issue("KS-1", "Export")
    rest = Rest(jira)
    yield rest
    rest.session.close()


@pytest.mark.parametrize("auth", [None, ("a", "b"), ("service@kites.example", "wrong")])
def test_strangers_are_sent_away(jira: Jira, rest: Rest, auth: Any) -> None:
    rest.session.auth = auth
    assert rest("GET", "/myself").status_code == 401
    expected = 404 if auth is None else 401
    assert rest("GET", "/issue/KS-1").status_code == expected
    rest.session.auth = None
    assert rest("GET", "/myself", headers={"Authorization": "Bearer x"}).status_code == 401
    assert rest("GET", "/myself", headers={"Authorization": "JWT a.b.c"}).status_code == 401
    jira.add_issue("OPEN-1", "Public")
    jira.site.project("OPEN").public = True
    assert rest("GET", "/issue/OPEN-1").status_code == 200


def test_what_is_gone_and_what_was_never_there_look_the_same(jira: Jira, rest: Rest) -> None:
    jira.delete("KS-1")
    gone, never = rest("GET", "/issue/KS-1"), rest("GET", "/issue/99999")
    assert gone.json() == never.json()
    assert gone.status_code == never.status_code == 404
    assert set(gone.json()) == {"errorMessages", "errors"}


def test_version_three_has_documents_where_version_two_has_text(jira: Jira, rest: Rest) -> None:
    jira.add_issue("KS-2", "Export", description="one\ntwo")
    three = rest("GET", "/issue/KS-2?fields=description").json()["fields"]
    assert three["description"]["type"] == "doc"
    assert set(three) == {"description"}
    two = rest.session.get(f"{jira.url}/rest/api/2/issue/KS-2").json()["fields"]
    assert two["description"] == "one\ntwo"
    plain = {"project": {"key": "KS"}, "issuetype": {"name": "Story"}, "summary": "x", "description": "plain"}
    refused = rest("POST", "/issue", {"fields": plain})
    assert refused.json()["errors"]["description"] == "Operation value must be an Atlassian Document"


def test_a_bulk_fetch_leaves_out_what_it_cannot_find(jira: Jira, rest: Rest) -> None:
    other = jira.add_issue("KS-2", "Import")
    asked = {"issueIdsOrKeys": ["99", other.id, "ks-1", "KS-1"], "fields": ["summary"]}
    answer = rest("POST", "/issue/bulkfetch", asked).json()
    assert [issue["key"] for issue in answer["issues"]] == ["KS-1", "KS-2"]
    assert answer["issueErrors"] == []
    assert rest("POST", "/issue/bulkfetch", {"issueIdsOrKeys": []}).status_code == 400
    assert rest("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["1"] * 101}).status_code == 400


def test_a_search_gives_ids_unless_asked_and_wants_bounds(rest: Rest) -> None:
    assert rest("POST", "/search/jql", {"jql": "project = KS"}).json() == {
        "issues": [{"id": "10001"}], "isLast": True,
    }  # fmt: skip
    unbounded = rest("POST", "/search/jql", {"jql": "ORDER BY key"})
    assert unbounded.status_code == 400
    assert "Unbounded" in unbounded.json()["errorMessages"][0]
    stale = {"jql": "project = KS", "nextPageToken": "WzIsICJvdGhlciJd"}
    assert rest("POST", "/search/jql", stale).status_code == 400


def test_the_index_is_late_unless_asked_to_be_exact(jira: Jira, rest: Rest) -> None:
    jira.site.index_lag_s = 60
    new = jira.add_issue("KS-2", "New")
    jira.edit("KS-1", summary="Renamed")

    def found(**more: Any) -> list[Any]:
        asked = {"jql": "project = KS ORDER BY key", "fields": ["summary"]} | more
        return [one["fields"]["summary"] for one in rest("POST", "/search/jql", asked).json()["issues"]]

    assert found() == ["Export"]
    assert found(reconcileIssues=[int(new.id)]) == ["Export", "New"]
    assert rest("GET", "/issue/KS-2").status_code == 200
    jira.site.clock.advance(61)
    assert found() == ["Renamed", "New"]


def test_a_property_has_its_limits(rest: Rest) -> None:
    path = "/issue/KS-1/properties/kithspark.demand"
    assert rest("GET", path).status_code == 404
    assert rest("PUT", path, {"rev": 1}).status_code == 201
    assert rest("PUT", path, {"rev": 2}).status_code == 200
    assert rest("GET", path).json() == {"key": "kithspark.demand", "value": {"rev": 2}}
    assert rest("PUT", path, "x" * 32_767).status_code == 400
    assert rest("PUT", path, data="no json").status_code == 400
    assert rest("PUT", "/issue/KS-1/properties/" + "k" * 256, {}).status_code == 400


def test_a_property_and_a_release_touch_no_stamp(jira: Jira, rest: Rest) -> None:
    version = jira.add_version("KS", "2.0")
    jira.set_fix_version("KS-1", version)
    before = jira.issue("KS-1").updated
    rest("PUT", "/issue/KS-1/properties/a", 1)
    rest("PUT", f"/version/{version.id}", {"released": True})
    assert version.released
    assert jira.issue("KS-1").updated == before


def test_a_moved_issue_keeps_id_links_and_properties(jira: Jira, rest: Rest) -> None:
    (part,) = jira.split("KS-1", into=["Part"])
    rest("PUT", "/issue/KS-1/properties/a", 1)
    jira.move("KS-1", "NEW")
    moved = rest("GET", "/issue/KS-1?expand=changelog&properties=a").json()
    assert (moved["key"], moved["id"]) == ("NEW-1", "10001")
    assert [item["field"] for item in moved["changelog"]["histories"][0]["items"]] == ["project", "Key"]
    assert moved["properties"] == {"a": 1}
    assert moved["fields"]["issuelinks"][0]["outwardIssue"]["key"] == part.key


def test_a_history_shows_its_latest_forty(jira: Jira, rest: Rest) -> None:
    for n in range(45):
        jira.edit("KS-1", summary=f"Name {n}")
    log = rest("GET", "/issue/KS-1?expand=changelog").json()["changelog"]
    assert (len(log["histories"]), log["total"]) == (40, 45)
    assert log["histories"][0]["items"][0]["toString"] == "Name 44"


def test_a_link_that_is_there_is_not_made_twice(jira: Jira, rest: Rest) -> None:
    jira.add_issue("KS-2", "Import")
    made = {"type": {"id": "10002"}, "inwardIssue": {"key": "KS-1"}, "outwardIssue": {"id": "10002"}}
    assert [rest("POST", "/issueLink", made).status_code for _ in range(2)] == [201, 201]
    assert len(jira.site.links) == 1
    assert rest("POST", "/issueLink", made | {"outwardIssue": {"key": "KS-1"}}).status_code == 400
    assert rest("POST", "/issueLink", made | {"outwardIssue": {"key": "KS-9"}}).status_code == 404
    assert rest("POST", "/issueLink", made | {"type": {"name": "Nope"}}).status_code == 404
    assert rest("DELETE", "/issueLink/99").status_code == 404


def test_stamps_are_in_the_readers_time_zone(jira: Jira, rest: Rest) -> None:
    jira.site.utc_offset = "-0330"
    assert rest("GET", "/issue/KS-1").json()["fields"]["updated"].endswith("-0330")


def test_projects_come_in_pages(jira: Jira, rest: Rest) -> None:
    for key in ("A", "B"):
        jira.add_project(key)
    page = rest("GET", "/project/search?maxResults=2&startAt=2").json()
    assert ([one["key"] for one in page["values"]], page["isLast"], page["total"]) == (["B"], True, 3)
    assert rest("GET", "/project/NOPE").status_code == 404
