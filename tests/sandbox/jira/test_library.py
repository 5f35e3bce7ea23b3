"""The unmodified jira library, with its own defaults, drives the sandbox."""

from collections.abc import Iterator

import pytest
from jira import JIRA, JIRAError

from sandbox.faults import Fault
from sandbox.jira import Jira


@pytest.fixture
def library(jira: Jira) -> Iterator[JIRA]:
    jira.add_issue("KS-1", "Export to PDF", description="for auditors")
    jira.split("KS-1", into=["One report", "Scheduled"])
    client = JIRA(server=jira.url, basic_auth=(jira.email, jira.api_token))
    yield client
    client.close()  # type: ignore[no-untyped-call]


def test_it_finds_out_that_this_is_jira_cloud(library: JIRA) -> None:
    assert library.deploymentType == "Cloud"
    assert library.myself()["displayName"] == "Kithspark Service"


def test_it_reads_an_issue_with_links_and_history(library: JIRA) -> None:
    issue = library.issue("KS-1", expand="changelog")
    assert issue.fields.summary == "Export to PDF"
    assert issue.fields.description == "for auditors"
    assert issue.fields.status.statusCategory.key == "new"
    assert [link.outwardIssue.key for link in issue.fields.issuelinks] == ["KS-2", "KS-3"]
    newest = issue.changelog.histories[0].items[0]
    assert (newest.field, newest.toString) == ("Link", "This issue split to KS-3")


def test_it_searches_through_all_pages(library: JIRA) -> None:
    found = library.search_issues("project = KS ORDER BY key", maxResults=False)
    assert [issue.key for issue in found] == ["KS-1", "KS-2", "KS-3"]
    first = library.enhanced_search_issues("project = KS ORDER BY key", maxResults=2, fields=["summary"])
    assert [issue.fields.summary for issue in first] == ["Export to PDF", "One report"]
    rest = library.enhanced_search_issues(
        "project = KS ORDER BY key", nextPageToken=first.nextPageToken, use_post=True
    )
    assert [issue.key for issue in rest] == ["KS-3"]
    assert library.approximate_issue_count("project = KS") == 3


def test_without_knowing_that_it_is_the_cloud_it_meets_the_search_that_is_gone(
    jira: Jira, library: JIRA
) -> None:
    blind = JIRA(server=jira.url, basic_auth=(jira.email, jira.api_token), get_server_info=False)
    with pytest.raises(JIRAError) as gone:
        blind.search_issues("project = KS")
    assert gone.value.status_code == 410


def test_it_links_and_unlinks(library: JIRA) -> None:
    library.create_issue_link("Duplicate", inwardIssue="KS-3", outwardIssue="KS-2")
    (_, link) = library.issue("KS-3").fields.issuelinks
    assert (link.type.outward, link.outwardIssue.key) == ("duplicates", "KS-2")
    whole = library.issue_link(link.id)
    assert (whole.inwardIssue.key, whole.outwardIssue.key) == ("KS-3", "KS-2")
    library.delete_issue_link(link.id)
    assert len(library.issue("KS-3").fields.issuelinks) == 1


def test_it_moves_an_issue_through_its_workflow(library: JIRA) -> None:
    assert [one["name"] for one in library.transitions("KS-2")] == ["To Do", "In Progress", "Done"]
    library.transition_issue("KS-2", "Done", fields={"resolution": {"name": "Won't Do"}})
    done = library.issue("KS-2")
    assert done.raw["fields"]["resolution"]["name"] == "Won't Do"
    assert done.fields.status.name == "Done"
    assert done.fields.resolutiondate == done.fields.statuscategorychangedate == done.fields.updated
    library.transition_issue("KS-2", "In Progress")
    reopened = library.issue("KS-2")
    assert (reopened.fields.resolution, reopened.fields.resolutiondate) == (None, None)


def test_it_creates_edits_and_deletes(library: JIRA) -> None:
    fields = {"project": "KS", "issuetype": {"name": "Bug"}, "summary": "Broken", "description": "plain"}
    issue = library.create_issue(fields=fields)
    issue.update(summary="Mended")
    assert library.issue(issue.key).fields.summary == "Mended"
    issue.delete()  # type: ignore[no-untyped-call]
    with pytest.raises(JIRAError) as gone:
        library.issue(issue.key)
    assert gone.value.status_code == 404
    assert "does not exist or you do not have permission" in str(gone.value.text)


def test_it_writes_and_reads_properties(jira: Jira, library: JIRA) -> None:
    library.add_issue_property("KS-1", "kithspark.demand", {"rev": 1, "score": 3})
    assert library.issue_property("KS-1", "kithspark.demand").raw["value"] == {"rev": 1, "score": 3}
    assert [one.key for one in library.issue_properties("KS-1")] == ["kithspark.demand"]
    assert library.issue("KS-1", properties="kithspark.demand").raw["properties"] == {
        "kithspark.demand": {"rev": 1, "score": 3}
    }
    library.issue_property("KS-1", "kithspark.demand").delete()
    assert jira.property("KS-1", "kithspark.demand") is None


def test_it_releases_a_version(jira: Jira, library: JIRA) -> None:
    jira.set_fix_version("KS-2", jira.add_version("KS", "2.0"))
    (version,) = library.project_versions("KS")
    library.version(version.id).update(released=True)  # type: ignore[no-untyped-call]
    assert library.version(version.id).released
    assert [one.released for one in library.issue("KS-2").fields.fixVersions] == [True]


def test_it_lists_what_the_site_offers(library: JIRA) -> None:
    assert [one.key for one in library.projects()] == ["KS"]
    assert library.project("KS").name == "KS"
    assert "Issue split" in [one.name for one in library.issue_link_types()]
    assert "Declined" in [one.name for one in library.resolutions()]
    assert [one.name for one in library.statuses()] == ["To Do", "In Progress", "Done"]


def test_a_remote_link_of_the_same_global_id_is_made_once(library: JIRA) -> None:
    for title in ("Ticket 1", "Ticket 1, solved"):
        with pytest.warns(Warning, match="applicationlinks"):
            library.add_remote_link("KS-1", {"url": "https://z.example/1", "title": title}, globalId="zd=1")
    assert library.issue("KS-1").id


def test_it_repeats_itself_where_the_answer_says_wait(jira: Jira, library: JIRA) -> None:
    """Why our own session stands in its place: this one sleeps in the caller's thread."""
    library._session.max_retry_delay = 0
    jira.faults.order(Fault("status", status=429, headers={"Retry-After": "1"}))
    assert library.myself()
    assert len(jira.faults.log) == 1
