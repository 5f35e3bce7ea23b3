"""What we ask of a Jira, and what a working Jira answers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Response

from connectors.errors import NotFound, Refused, Unavailable
from connectors.jira import making, reader
from connectors.jira.client import Jira as Client
from connectors.jira.documents import text_of
from connectors.jira.making import Wanted
from connectors.jira.mapping import LinkMapping
from lineage.changes import VersionSeen
from lineage.terms import EdgeKind, ItemId
from sandbox.faults import Fault
from sandbox.jira import Jira


def test_an_issue_is_read_with_its_links_and_when_they_were_made(
    jira: Jira, client: Client, meanings: LinkMapping
) -> None:
    whole = jira.add_issue("KS-1", "Export to PDF")
    one, two = jira.split("KS-1", into=["One report", "Scheduled"])
    jira.duplicate("KS-1", of=one)
    jira.link("Relates", whole, two)
    seen = reader.read(client.issue("KS-1"), mapping=meanings)
    assert [(edge.kind, edge.src, edge.dst, edge.dst_key) for edge in seen.edges] == [
        (EdgeKind.SPLIT, whole.id, one.id, one.key),
        (EdgeKind.SPLIT, whole.id, two.id, two.key),
        (EdgeKind.MERGED, whole.id, one.id, one.key),
    ]
    made = [entry.at for entry in whole.history if entry.items[0]["field"] == "Link"]
    assert [edge.at for edge in seen.edges] == made[:3]
    assert seen.unmapped_links == ("Relates",)
    assert (seen.category, seen.resolution, seen.meaning) == ("done", "Duplicate", "closed")
    assert seen.state_at == whole.resolved_at
    assert seen.url == f"{jira.url}/browse/KS-1"


def test_both_ends_of_a_link_say_the_same(jira: Jira, client: Client, meanings: LinkMapping) -> None:
    jira.add_issue("KS-1", "A")
    jira.add_issue("KS-2", "B")
    jira.duplicate("KS-1", of="KS-2")
    ends = [reader.read(client.issue(key), mapping=meanings).edges for key in ("KS-1", "KS-2")]
    assert [(edge.link_id, edge.src, edge.dst, edge.dst_key) for edge in ends[0]] == [
        (edge.link_id, edge.src, edge.dst, edge.dst_key) for edge in ends[1]
    ]
    assert all(edge.at is not None for edges in ends for edge in edges)


def test_a_moved_issue_is_found_by_its_old_key_and_by_its_id(jira: Jira, client: Client) -> None:
    issue = jira.add_issue("KS-1", "Export")
    jira.move(issue, "NEW")
    assert client.issue("KS-1")["key"] == client.issue(issue.id)["key"] == "NEW-1"


def test_a_deleted_issue_is_not_found(jira: Jira, client: Client) -> None:
    jira.add_issue("KS-1", "Export")
    jira.delete("KS-1")
    with pytest.raises(NotFound, match=r"^Jira: GET /rest/api/3/issue/KS-1 answered 404"):
        client.issue("KS-1")


@pytest.mark.parametrize("name", ["", "../myself", "KS-1?x=1", "KS 1", "1/properties", "-1", "KS-"])
def test_what_names_no_issue_is_never_asked_for(client: Client, name: str) -> None:
    with pytest.raises(NotFound, match="names no issue"):
        client.issue(name)


def test_many_issues_are_fetched_a_hundred_at_a_time(jira: Jira, client: Client) -> None:
    ids = [ItemId(jira.add_issue("KS", f"Number {n}").id) for n in range(205)]
    jira.delete(ids[7])
    fetched = client.issues([*ids, ids[0]])
    assert [issue["id"] for issue in fetched.issues] == [one for one in ids if one != ids[7]]
    assert (fetched.missing, fetched.failed) == ((ids[7],), ())
    assert client.issues([]).issues == ()


def test_changes_are_found_with_an_overlap_and_whatever_the_profiles_time_zone(
    jira: Jira, client: Client
) -> None:
    old = jira.add_issue("KS-1", "Old")
    jira.site.clock.advance(3600)
    new = jira.add_issue("KS-2", "New")
    now = jira.site.clock.now()
    for offset in ("+0000", "-0800", "+0545"):
        jira.site.utc_offset = offset
        assert client.changed_since(now - timedelta(minutes=5), now=now).ids == (new.id,)
        assert client.changed_since(now - timedelta(minutes=59), now=now).ids == (old.id, new.id)


def test_a_search_goes_through_all_pages(jira: Jira, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.jira.client.PAGE", 2)
    ids = tuple(jira.add_issue("KS", f"Number {n}").id for n in range(5))
    now = datetime.now(UTC)
    searched = client.changed_since(now - timedelta(hours=1), now=now)
    assert (searched.ids, searched.complete) == (ids, True)


@pytest.mark.parametrize(("quirk", "complete"), [("repeats token", False), ("never last", True)])
def test_paging_that_never_ends_is_ended(
    jira: Jira, client: Client, monkeypatch: pytest.MonkeyPatch, quirk: str, complete: bool
) -> None:
    monkeypatch.setattr("connectors.jira.client.PAGE", 2)
    for n in range(3):
        jira.add_issue("KS", f"Number {n}")
    jira.site.search_quirk = quirk
    now = datetime.now(UTC)
    assert client.changed_since(now - timedelta(hours=1), now=now).complete is complete


def test_the_issues_of_a_version_are_found(jira: Jira, client: Client, meanings: LinkMapping) -> None:
    issue = jira.add_issue("KS-1", "Export")
    jira.add_issue("KS-2", "Import")
    version = jira.add_version("KS", "2.0")
    jira.set_fix_version(issue, version)
    assert client.issues_of_version(version.id).ids == (issue.id,)
    assert client.version(version.id) == VersionSeen(version.id, "2.0", released=False)
    jira.release(version)
    assert client.version(version.id).released
    seen = reader.read(client.issue("KS-1"), mapping=meanings)
    assert seen.versions == (VersionSeen(version.id, "2.0", released=True),)
    with pytest.raises(NotFound):
        client.version("99999")
    with pytest.raises(NotFound):
        client.version("1 OR 1=1")


def test_people_find_issues_by_key_by_address_and_by_words(jira: Jira, client: Client) -> None:
    jira.add_issue("KS-1", 'Export to "PDF"', description="for auditors")
    jira.add_issue("KS-2", "Import")
    by = {
        "ks-1": ["KS-1"],
        f"{jira.url}/browse/KS-1?focus=1": ["KS-1"],
        f"{jira.url}/jira/software/projects/KS/boards/1?selectedIssue=KS-2": ["KS-2"],
        "https://elsewhere.example/browse/KS-1": [],
        "exp pdf": [],
        "export pd": ["KS-1"],
        "auditors": ["KS-1"],
        'to "PDF" \\ ) OR key = KS-2': [],
        "KS-77": [],
        "!!": [],
        "": [],
    }
    assert {query: [hit.key for hit in client.search_text(query)] for query in by} == by
    hit = client.search_text("KS-1")[0]
    assert (hit.summary, hit.category, hit.project) == ('Export to "PDF"', "new", "KS")


def test_an_issue_is_created_with_a_description_that_people_can_read(jira: Jira, client: Client) -> None:
    jira.add_project("KS")
    story = making.kind_named(client, "KS", "Story").id
    made = making.make(client, Wanted("KS", story, "Export to PDF", "Ana asks.\nTicket 123.", mark="1"))
    assert jira.issue(made.item).key == made.key
    assert text_of(client._library.issue(made.key).raw["fields"]["description"]) == "Ana asks.\nTicket 123."
    with pytest.raises(Refused, match="newline"):
        making.make(client, Wanted("KS", story, "a\nb", "", mark="2"))


def test_a_property_is_written_whole_and_read_back(jira: Jira, client: Client) -> None:
    issue = ItemId(jira.add_issue("KS-1", "Export").id)
    assert client.property(issue, "kithspark.demand") is None
    client.set_property(issue, "kithspark.demand", {"rev": 1, "why": "größer"})
    assert client.property(issue, "kithspark.demand") == {"rev": 1, "why": "größer"}
    with pytest.raises(ValueError, match="32768"):
        client.set_property(issue, "kithspark.demand", "x" * 32_767)
    with pytest.raises(NotFound):
        client.set_property(ItemId("99"), "kithspark.demand", {})


def test_what_the_site_offers_is_listed(jira: Jira, client: Client) -> None:
    jira.add_project("KS", "Kites")
    assert [kind.name for kind in client.link_types()][-1] == "Issue split"
    assert [one.name for one in client.resolutions()][:2] == ["Done", "Won't Do"]
    assert [(one.key, one.name) for one in client.projects()] == [("KS", "Kites")]
    assert client.myself().name == "Kithspark Service"


def test_a_project_that_anyone_can_read_is_known(jira: Jira, client: Client) -> None:
    jira.add_project("KS")
    jira.add_project("OPEN", public=True)
    assert client.readable_by_anyone("OPEN")
    assert not client.readable_by_anyone("KS")


@pytest.mark.parametrize(
    ("status", "headers"), [(302, {"Location": "https://id.example/login"}), (401, {}), (403, {}), (404, {})]
)
def test_a_stranger_who_is_sent_to_sign_in_may_not_read(
    jira: Jira, client: Client, status: int, headers: dict[str, str]
) -> None:
    jira.add_project("OPEN", public=True)
    jira.faults.order(Fault("status", path="/project/OPEN", status=status, headers=headers))
    assert not client.readable_by_anyone("OPEN")


@pytest.mark.parametrize("status", [400, 429, 503])
def test_what_a_stranger_is_told_is_never_held_against_the_account(
    jira: Jira, client: Client, status: int
) -> None:
    jira.add_project("OPEN", public=True)
    jira.faults.order(Fault("status", path="/project/OPEN", status=status))
    with pytest.raises(Refused if status == 400 else Unavailable) as trouble:
        client.readable_by_anyone("OPEN")
    assert not getattr(trouble.value, "whole_account")  # noqa: B009 - both have it, and no base of theirs


def test_no_cookie_is_kept(jira: Jira, client: Client) -> None:
    @jira.app.after_request
    def set_cookie(answer: Response) -> Response:
        answer.set_cookie("JSESSIONID", "stale")
        return answer

    client.myself()
    assert len(client.session.cookies) == 0
