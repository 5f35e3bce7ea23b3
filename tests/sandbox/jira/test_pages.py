"""The pages for people do what they say, and tell of it."""

import re
from collections.abc import Iterator

import pytest
import requests

from sandbox.jira import Jira

from .conftest import App


@pytest.fixture
def page(jira: Jira) -> Iterator[requests.Session]:
    jira.add_issue("KS-1", "Export", description="<b>for</b> auditors")
    jira.add_issue("KS-2", "Import")
    with requests.Session() as session:
        session.trust_env = False
        yield session


def do(page: requests.Session, jira: Jira, key: str, deed: str, **form: object) -> requests.Response:
    answer = page.post(f"{jira.url}/browse/{key}/do", data={"deed": deed, **form}, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_board_shows_every_issue_where_it_stands(jira: Jira, page: requests.Session) -> None:
    jira.transition("KS-2", "done")
    text = page.get(jira.url, timeout=5).text
    assert re.search(r"To Do.*KS-1.*In Progress.*Done.*KS-2", text, re.DOTALL)
    assert "sandbox Jira" in text


def test_an_engineer_splits_merges_moves_and_ships(jira: Jira, page: requests.Session, app: App) -> None:
    jira.webhook(f"{app.url}/hook", "s")
    do(page, jira, "KS-1", "split", into="One\n\n Two \n")
    do(page, jira, "KS-4", "duplicate", of="KS-2")
    do(page, jira, "KS-3", "fix versions", new="2.0")
    do(page, jira, "KS-3", "go", to="done", resolution="10000")
    (version,) = jira.site.versions.values()
    page.post(f"{jira.url}/versions/{version.id}", timeout=5)
    do(page, jira, "KS-2", "go", to="done", resolution="Won't Do")
    do(page, jira, "KS-2", "go", to="new")
    assert do(page, jira, "KS-2", "move", project="new").url == f"{jira.url}/browse/NEW-1"
    assert [one.summary for one in jira.site.issues.values()] == ["Export", "Import", "One", "Two"]
    resolutions = {
        one.key: one.resolution.name if one.resolution else None for one in jira.site.issues.values()
    }
    assert resolutions == {"KS-1": None, "NEW-1": None, "KS-3": "Done", "KS-4": "Duplicate"}
    assert version.released
    assert jira.hooks.settled(5)
    assert {call.said["webhookEvent"] for call in app.calls} == {
        "jira:issue_created",
        "issuelink_created",
        "jira:issue_updated",
        "jira:version_created",
        "jira:version_released",
        "project_created",
    }


def test_links_come_and_go(jira: Jira, page: requests.Session) -> None:
    shown = do(page, jira, "KS-1", "link", type="Relates", other="ks-2").text
    assert "relates to" in shown
    (link,) = jira.site.links
    assert "relates to</span>" not in do(page, jira, "KS-2", "unlink", link=link).text
    assert not jira.site.links


def test_a_mistake_is_said_and_changes_nothing(jira: Jira, page: requests.Session) -> None:
    assert "KS-77" in do(page, jira, "KS-1", "duplicate", of="KS-77").text
    assert "linked to itself" in do(page, jira, "KS-1", "duplicate", of="KS-1").text
    assert "type KS-1" in do(page, jira, "KS-1", "delete", sure="yes").text
    assert "letters and digits" in do(page, jira, "KS-1", "move", project="../x").text
    assert "KS-1" in {issue.key for issue in jira.site.issues.values()}
    assert jira.issue("KS-1").resolution is None


def test_what_is_deleted_is_gone_from_the_pages(jira: Jira, page: requests.Session) -> None:
    assert do(page, jira, "KS-1", "delete", sure="KS-1").url == f"{jira.url}/"
    gone = page.get(f"{jira.url}/browse/KS-1", timeout=5)
    assert gone.status_code == 404
    assert "not there" in gone.text


def test_words_of_people_are_shown_as_words(jira: Jira, page: requests.Session) -> None:
    assert "&lt;b&gt;for&lt;/b&gt;" in page.get(f"{jira.url}/browse/KS-1", timeout=5).text


def test_who_clicks_stands_in_the_history(jira: Jira, page: requests.Session) -> None:
    paul = jira.site.users[1]
    page.post(f"{jira.url}/person", data={"account": paul.account_id, "back": "/"}, timeout=5)
    do(page, jira, "KS-1", "edit", summary="Other", description="")
    assert jira.issue("KS-1").history[-1].author == paul
    assert "Paul Planner" in page.get(f"{jira.url}/browse/KS-1", timeout=5).text


def test_a_panel_is_framed_once_an_app_is_installed(jira: Jira, page: requests.Session, app: App) -> None:
    assert "No app is installed" in page.get(f"{jira.url}/browse/KS-1", timeout=5).text
    jira.install(app.url)
    text = page.get(f"{jira.url}/browse/KS-1", timeout=5).text
    assert f'<iframe id="app" src="{app.url}/panel?issueId=10001' in text
    jira.issue("KS-1").properties["kithspark.demand"] = {"score": 12.5}
    assert "&#34;score&#34;: 12.5" in page.get(f"{jira.url}/browse/KS-1", timeout=5).text


def test_jql_lists_issues_by_demand(jira: Jira, page: requests.Session) -> None:
    for key, score in (("KS-1", 2), ("KS-2", 9)):
        jira.issue(key).properties["kithspark.demand"] = {"score": score, "requesters": 1}
    text = page.get(f"{jira.url}/search", timeout=5).text
    assert text.index("KS-2") < text.index("KS-1")
    assert "Unbounded" in page.get(f"{jira.url}/search?jql=order+by+key", timeout=5).text


def test_an_issue_is_made_on_the_board(jira: Jira, page: requests.Session) -> None:
    made = page.post(f"{jira.url}/create", data={"project": "KS", "summary": "New"}, timeout=5)
    assert made.url == f"{jira.url}/browse/KS-3"
