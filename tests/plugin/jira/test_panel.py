"""Beside an issue: who may look, and what an engineer reads and decides there."""

from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests

from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from store import workspaces
from store.database import transaction
from tests.plugin.house import House, carrying
from tests.plugin.jira.conftest import Panel, open_panel


def test_an_issue_that_nobody_asked_for_says_what_to_do(installed: House) -> None:
    assert "Nobody is waiting for this yet." in open_panel(installed, "KS-1").page


def test_the_signed_address_may_be_framed_by_that_site_only(installed: House) -> None:
    page = requests.get(installed.jira.frame_url("KS-1"), timeout=5)
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors {installed.jira.url}" in policy
    assert "'unsafe-inline'" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert "X-Frame-Options" not in page.headers
    assert "Set-Cookie" not in page.headers
    assert "jwt=" not in page.text


def test_no_other_kind_of_token_opens_the_panel(installed: House) -> None:
    connect, issue, user = installed.jira.connect, installed.jira.issue("KS-1"), installed.jira.user
    made = connect.installation
    assert made is not None
    url = installed.jira.frame_url("KS-1")
    right = url.rpartition("jwt=")[2]
    claims = jwt.decode(right, options={"verify_signature": False})
    bare = url.rpartition("&jwt=")[0]
    for token in (
        "",
        "x.y.z",
        connect.context_token(issue, user),
        connect.install_token(made, bare),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "another secret of forty letters and more", algorithm="HS256"),
        jwt.encode(claims | {"exp": 1_600_000_000}, made.secret, algorithm="HS256"),
        jwt.encode(claims | {"iss": "another-tenant"}, made.secret, algorithm="HS256"),
        jwt.encode(claims | {"qsh": "context-qsh"}, made.secret, algorithm="HS256"),
        jwt.encode({k: v for k, v in claims.items() if k != "qsh"}, made.secret, algorithm="HS256"),
        jwt.encode({k: v for k, v in claims.items() if k != "context"}, made.secret, algorithm="HS256"),
    ):
        assert requests.get(f"{bare}&jwt={token}", timeout=5).status_code == 401, token
    anonymous = jwt.encode({k: v for k, v in claims.items() if k != "sub"}, made.secret, algorithm="HS256")
    assert requests.get(f"{bare}&jwt={anonymous}", timeout=5).status_code == 403


def test_a_signed_address_shows_the_issue_of_its_context_and_no_other(installed: House) -> None:
    other = installed.jira.add_issue("KS-2", "Something else")
    url = installed.jira.frame_url("KS-1")
    mine = installed.jira.issue("KS-1").id
    assert requests.get(url.replace(f"issueId={mine}", f"issueId={other.id}"), timeout=5).status_code == 401
    made = installed.jira.connect.installation
    assert made is not None
    bare = f"{installed.url}/connect/issue-context?issueId={other.id}&issueKey=KS-2"
    claims = jwt.decode(url.rpartition("jwt=")[2], options={"verify_signature": False})
    token = installed.jira.connect.host_token(made, "GET", bare, sub="u", context=claims["context"])
    assert requests.get(f"{bare}&jwt={token}", timeout=5).status_code == 401


def test_a_bearer_is_for_one_issue_of_one_workspace(split: House) -> None:
    panel = open_panel(split, "KS-1")
    other = split.jira.issue("KS-2").id
    with transaction(split.state.engine) as conn:
        workspaces.add(conn, slug="other", name="Other", now=split.clock.now())
    here = carrying(panel.bearer)
    assert panel.get().status_code == 200
    for path in (
        f"/jira/acme/issues/{other}",
        f"/jira/other/issues/{panel.issue}",
        f"/jira/nowhere/issues/{panel.issue}",
    ):
        assert split.get(path, headers=here).status_code == 404, path
    assert split.get(f"/jira/acme/issues/{panel.issue}").status_code == 401
    assert split.get("/zendesk/acme/tickets/1", headers=here).status_code == 401


def test_the_frames_own_address_and_jwt_open_no_fragment(split: House) -> None:
    url = urlsplit(split.jira.frame_url("KS-1"))
    token = url.query.rpartition("jwt=")[2]
    issue = split.jira.issue("KS-1").id
    for proof in (f"Bearer {token}", f"JWT {token}"):
        refused = split.get(f"/jira/acme/issues/{issue}", headers={"Authorization": proof})
        assert refused.status_code == 401


def test_who_is_waiting_is_said_in_their_words_with_the_way_and_what_closing_would_do(
    split: House, ticket: Ticket
) -> None:
    panel = open_panel(split, "KS-1")
    assert "<span>1 person</span> · <span>1 company</span>" in panel.page
    assert "We export 300 reports a month by hand." in panel.page
    assert f"{split.zendesk.url}/agent/tickets/{ticket.id}" in panel.page
    for words in ("asked for", "split into", "keeps for itself", "1/3"):
        assert words in panel.page
    assert "Was this the rest of the work, or a container?" in panel.page
    second = open_panel(split, "KS-2")
    assert "If you finish KS-2 now" in second.page
    assert "See the words" in second.page


@pytest.mark.parametrize(("keeps", "carriers"), [("yes", ["KS-1", "KS-2", "KS-3"]), ("no", ["KS-2", "KS-3"])])
def test_an_engineer_says_whether_a_split_issue_keeps_a_part(
    split: House, ticket: Ticket, keeps: str, carriers: list[str]
) -> None:
    panel = open_panel(split, "KS-1")
    page = panel.post("/keeps-part", keeps=keeps).text
    assert "Was this the rest of the work" not in page
    assert [carrier.item.key for carrier in split.asks(ticket.id)[0].carriers] == carriers


def test_an_engineer_says_that_sub_tasks_are_parts_and_takes_it_back(split: House, ticket: Ticket) -> None:
    task = split.jira.add_issue("KS-4", "Margins", type="Sub-task", parent="KS-2")
    split.jira.transition(task, "done")
    split.reads("KS-2")
    panel = open_panel(split, "KS-2")
    assert "1 of 1 children done" in panel.page and "move no credit" in panel.page
    assert "Its children are its parts." in panel.post("/children", parts="yes").text
    keys = [carrier.item.key for carrier in split.asks(ticket.id)[0].carriers]
    assert keys == ["KS-1", "KS-2", "KS-4", "KS-3"]
    assert "only show how far" in panel.post("/children", parts="no").text
    assert len(split.asks(ticket.id)[0].carriers) == 3


def test_whoever_may_not_edit_the_issue_in_jira_decides_nothing_of_it(split: House, ticket: Ticket) -> None:
    me, [ask] = split.jira.user.account_id, split.asks(ticket.id)
    decisions: list[tuple[str, dict[str, Any]]] = [
        ("/keeps-part", {"keeps": "no"}), ("/children", {"parts": "yes"}), ("/title", {"title": "Export"}),
        ("/parts", {"ask": str(ask.ask_id), "part": split.item_id("KS-3")}),
    ]  # fmt: skip
    every = [*decisions, *((f"/preview{path}", form) for path, form in decisions if path != "/title")]
    split.jira.site.forbidden.add((me, "EDIT_ISSUES"))
    panel, before = open_panel(split, "KS-1"), split.changes()
    for words in ("Only a container", "Which parts?", 'name="title"'):
        assert words not in panel.page
    assert "Jira does not let you edit this issue" in panel.page
    for path, form in every:
        answer = panel.post(path, **form)
        assert answer.status_code == 403 and "Jira does not let you edit this issue" in answer.text, path
    assert split.changes() == before
    split.jira.site.forbidden.clear()
    split.clock.advance(60)
    panel.bearer = panel.renew().json()["bearer"]
    assert "Only a container" in panel.get().text
    assert {panel.post(path, **form).status_code for path, form in every} == {200}
    assert split.changes() > before
    split.jira.site.forbidden.add((me, "EDIT_ISSUES"))
    split.clock.advance(60)
    panel.bearer = panel.renew().json()["bearer"]
    assert "Jira does not let you edit this issue" in panel.get("/undo").text


def test_links_that_mean_nothing_here_are_named(split: House) -> None:
    split.jira.link("Blocks", "KS-1", "KS-2")
    split.reads("KS-1")
    assert "Links of these kinds move no credit: Blocks." in open_panel(split, "KS-1").page


def test_public_titles_are_set_for_the_issue_and_its_own_part(split: House, ticket: Ticket) -> None:
    panel = open_panel(split, "KS-1")
    assert "Customers read “Export to PDF”." in panel.post("/title", title="Export to PDF").text
    panel.post("/title", title="The rest of it", own="yes")
    item = split.asks(ticket.id)[0].item
    assert (item.public_title, item.own_title) == ("Export to PDF", "The rest of it")
    assert "needs words" in panel.post("/title", title="  ").text


def test_an_engineer_assigns_parts_to_a_requester(split: House, ticket: Ticket) -> None:
    panel, third = open_panel(split, "KS-1"), split.item_id("KS-3")
    [ask] = split.asks(ticket.id)
    assert "only the ticked parts" in panel.post("/parts", ask=str(ask.ask_id), part=[third]).text
    assert [carrier.item.key for carrier in split.asks(ticket.id)[0].carriers] == ["KS-3"]
    panel.post("/parts", ask=str(ask.ask_id), all="yes")
    assert len(split.asks(ticket.id)[0].carriers) == 3
    assert panel.post("/parts", ask="4711", all="yes").status_code == 404


def test_an_open_panel_renews_its_bearer(split: House) -> None:
    panel = open_panel(split, "KS-1")
    split.clock.advance(8 * 60)
    panel.bearer = panel.renew().json()["bearer"]
    split.clock.advance(8 * 60)
    assert panel.get().status_code == 200
    split.clock.advance(21 * 60)
    assert panel.get().status_code == 401


def test_a_refresh_asks_for_looks_at_the_issue_and_its_parts(split: House) -> None:
    panel: Panel = open_panel(split, "KS-1")
    assert "Reading from Jira" in panel.post("/refresh").text
    assert split.woken


def test_set_aside_links_and_lost_issues_are_said_with_the_way_out(split: House) -> None:
    split.jira.link("Duplicate", "KS-2", "KS-3")
    split.jira.link("Duplicate", "KS-3", "KS-2")
    split.reads("KS-2", "KS-3")
    assert "is set aside" in open_panel(split, "KS-2").page + open_panel(split, "KS-3").page


def test_the_picture_says_nothing_of_an_issue_that_its_reader_may_not_browse(split: House) -> None:
    assert "Scheduled exports" in open_panel(split, "KS-1").get("/lineage").text
    split.jira.site.hidden.add((split.jira.user.account_id, split.jira.issue("KS-3").id))
    split.clock.advance(60)
    page = open_panel(split, "KS-1").get("/lineage").text
    assert "an issue you may not see" in page
    assert "Export one report" in page
    for said in ("Scheduled exports", "KS-3"):
        assert said not in page, said


def test_for_the_picture_jira_is_asked_once_a_minute_at_most(split: House) -> None:
    panel = open_panel(split, "KS-1")
    split.jira.faults.order(Fault("status", path=r"permissions/check", times=9, status=403))
    assert "Scheduled exports" in panel.get("/lineage").text
    split.clock.advance(60)
    assert "an issue you may not see" in panel.get("/lineage").text


def test_where_jira_does_not_say_the_picture_shows_the_open_issue_alone(split: House) -> None:
    split.jira.site.no_admin = True
    page = open_panel(split, "KS-1").get("/lineage").text
    assert "an issue you may not see" in page
    assert "Scheduled exports" not in page


def silent(house: House) -> None:
    house.jira.faults.order(Fault("status", path=r"^/rest/", times=50, status=503))


def test_while_jira_is_silent_its_last_word_on_this_reader_holds_for_a_working_day(split: House) -> None:
    open_panel(split, "KS-1")
    silent(split)
    for hours, status in ((0, 200), (9, 200), (2, 502)):
        split.clock.advance(hours * 3600)
        answer = requests.get(split.jira.frame_url("KS-1"), timeout=5)
        assert (answer.status_code, "Customer demand" in answer.text) == (status, status == 200), hours


def test_whom_jira_shut_out_or_never_named_sees_nothing_while_it_is_silent(split: House) -> None:
    split.jira.site.hidden.add((split.jira.user.account_id, split.jira.issue("KS-1").id))
    assert requests.get(split.jira.frame_url("KS-1"), timeout=5).status_code == 404
    silent(split)
    for key, status in (("KS-1", 404), ("KS-2", 502)):
        answer = requests.get(split.jira.frame_url(key), timeout=5)
        assert answer.status_code == status
        assert "Customer demand" not in answer.text
