"""What an operator reads and decides: the send plan, what is stuck, the forum's queue and its posts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lineage.changes import Linked
from lineage.terms import Origin
from plugin.forum import members, moderation, publishing
from plugin.forum.publishing import Draft
from store import looks
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House
from tests.plugin.owed import owed as owed  # noqa: PLC0414 - the fixture of both queues


def test_a_post_of_zendesks_community_is_placed_by_its_number(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "PDF export of reports")
    post = house.zendesk.add_post(house.zendesk.add_user("Ana", "ana@acme.example"), "Export <b>please</b>")
    page = olga.get("/admin/acme/posts").text
    assert "Number of the post" in page
    path = "/admin/acme/posts/community"
    for number in ("99", "x", "../7"):
        assert "Zendesk shows no such post" in olga.post(path, post=number, issue="KS-1").text
    assert "Jira knows no such issue" in olga.post(path, post=str(post.id), issue="KS-99").text
    done = olga.post(path, post=f"00{post.id}", issue="KS-1", click="one").text
    with reading(house.state.engine) as conn:
        asked_for = list(conn.scalars(select(looks.looks.c.object_id).where(looks.looks.c.kind == "post")))
    assert asked_for == [str(post.id)], "its votes are read under the number that it has"
    assert "Placed on KS-1" in done
    assert "Export &lt;b&gt;please&lt;/b&gt;" in done
    assert f"in the community, post {post.id}" in done
    assert f"{house.zendesk.url}/hc/community/posts/{post.id}" in done
    item = house.item_id("KS-1")
    taken = olga.post(f"/admin/acme/posts/community:{post.id}/remove", issue=item, click="two").text
    assert "Taken off" in taken


def shown_digests(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="notice" value="([^"]+)"', page)))


def test_the_plan_shows_who_hears_what_where_and_the_exact_words(owed: House, olga: Browser) -> None:
    page = olga.get("/admin/acme/plan").text
    assert "<b>2</b> wait for your yes" in page
    for words in ("Ana", "Bo", "in ticket", "Export to PDF", "waits for approval"):
        assert words in page
    for notice in owed.plan():
        assert notice.text.splitlines()[0] in page


def test_all_that_was_shown_is_approved_and_nothing_else(owed: House, olga: Browser) -> None:
    page = olga.get("/admin/acme/plan").text
    done = olga.post("/admin/acme/plan/approve", notice=shown_digests(page))
    assert "2 approved" in done.text
    assert {(one.state, one.approved_by) for one in owed.plan()} == {("queued", "olga@example.com")}


def test_while_messages_go_out_the_plan_says_how_far_it_is_and_until_when(owed: House, olga: Browser) -> None:
    assert "a minute" not in olga.get("/admin/acme/plan").text
    olga.post("/admin/acme/plan/approve", notice=shown_digests(olga.get("/admin/acme/plan").text))
    assert "0 of 2 sent · 60 a minute · done about " in olga.get("/admin/acme/plan").text


def test_an_approval_of_other_words_is_refused_and_the_rest_goes(owed: House, olga: Browser) -> None:
    first, second = owed.plan()
    stale = [f"{first.id}@0123456789abcdef", f"{second.id}@{second.digest}"]
    done = olga.post("/admin/acme/plan/approve", notice=stale)
    assert "1 approved" in done.text
    assert "says something else by now" in done.text
    assert {one.id: one.state for one in owed.plan()} == {first.id: "awaiting_approval", second.id: "queued"}


def test_a_notice_is_cancelled(owed: House, olga: Browser) -> None:
    first = owed.plan()[0]
    assert "will not be sent" in olga.post(f"/admin/acme/plan/{first.id}/cancel").text
    assert [one.state for one in owed.plan() if one.id == first.id] == ["cancelled"]
    assert "cannot be cancelled" in olga.post(f"/admin/acme/plan/{first.id}/cancel").text


def test_a_notice_of_another_workspace_is_not_there(owed: House, olga: Browser) -> None:
    from store import workspaces

    with transaction(owed.state.engine) as conn:
        workspaces.add(conn, slug="other", name="Other", now=owed.clock.now())
    first = owed.plan()[0]
    olga.post(f"/admin/other/plan/{first.id}/cancel")
    olga.post("/admin/other/plan/approve", notice=f"{first.id}@{first.digest}")
    assert {one.state for one in owed.plan()} == {"awaiting_approval"}


def test_the_overview_tells_of_vendors_and_what_is_parked_and_retries_it(house: House, olga: Browser) -> None:
    now = house.clock.now()
    with transaction(house.state.engine) as conn:
        looks.ask(conn, workspace_id=house.workspace.id, system="jira", kind="issue", object_id="1", now=now)
        [claimed] = looks.SHELF.claim(conn, now=now + timedelta(seconds=1), lease_s=20, limit=1)
        looks.SHELF.park(conn, claimed, reason="Jira: this issue is hidden from us.", now=now)
    page = olga.get("/admin/acme/").text
    assert house.jira.url in page
    assert "Jira: this issue is hidden from us." in page
    assert "tried again" in olga.post(f"/admin/acme/parked/looks/{claimed.id}/retry").text
    with reading(house.state.engine) as conn:
        assert looks.SHELF.parked(conn, workspace_id=house.workspace.id) == []
    assert "settled that already" in olga.post(f"/admin/acme/parked/looks/{claimed.id}/dismiss").text
    assert olga.post(f"/admin/acme/parked/elsewhere/{claimed.id}/retry").status_code == 404


def test_what_waits_for_a_yes_is_not_shown_as_given_up_and_no_button_sends_it(
    owed: House, olga: Browser
) -> None:
    assert "waits for a person&#39;s approval" not in olga.get("/admin/acme/").text
    first = owed.plan()[0]
    assert "nothing to try again" in olga.post(f"/admin/acme/parked/notices/{first.id}/retry").text
    assert "nothing to try again" in olga.post(f"/admin/acme/plan/{first.id}/retry").text
    assert {one.state for one in owed.plan()} == {"awaiting_approval"}


def test_a_parked_reply_that_is_dismissed_is_cancelled_and_not_just_hidden(
    owed: House, olga: Browser
) -> None:
    first = owed.plan()[0]
    assert "what was told stands" in olga.post(f"/admin/acme/parked/notices/{first.id}/dismiss").text
    assert [one.state for one in owed.plan() if one.id == first.id] == ["cancelled"]


@pytest.fixture
def post(house: House) -> int:
    """A post that waits for a person."""
    with transaction(house.state.engine) as conn:
        author = members.welcome(
            conn, house.workspace.id, "cy@corp.example", name="Cy", language="en", now=house.clock.now()
        )
        draft = Draft("Export reports to PDF", "By hand is <slow>.", "form-1")
        return publishing.submit(conn, house.workspace, author.id, draft, now=house.clock.now())


def test_a_post_is_published_or_refused_with_a_reason(house: House, olga: Browser, post: int) -> None:
    page = olga.get("/admin/acme/moderation").text
    assert "By hand is &lt;slow&gt;." in page
    assert "Say why" in olga.post(f"/admin/acme/moderation/{post}", verdict="refuse", reason=" ").text
    done = olga.post(f"/admin/acme/moderation/{post}", verdict="publish")
    assert "Published" in done.text
    assert "Nothing waits" in done.text
    with reading(house.state.engine) as conn:
        assert moderation.queue(conn, house.workspace) == []


def test_a_post_is_placed_on_an_issue_and_taken_off_again(house: House, olga: Browser, post: int) -> None:
    house.jira.add_issue("KS-1", "PDF export of reports")
    olga.post(f"/admin/acme/moderation/{post}", verdict="publish")
    assert "Jira knows no such issue" in olga.post(f"/admin/acme/posts/{post}/place", issue="KS-99").text
    done = olga.post(f"/admin/acme/posts/{post}/place", issue="KS-1", click="one")
    assert "Placed on KS-1" in done.text
    assert "without a public title" in done.text
    item = house.item_id("KS-1")
    assert "Taken off" in olga.post(f"/admin/acme/posts/{post}/remove", issue=item, click="two").text


def test_a_post_may_be_about_an_issue_that_others_asked_for(owed: House, olga: Browser, post: int) -> None:
    olga.post(f"/admin/acme/moderation/{post}", verdict="publish")
    page = olga.get("/admin/acme/posts").text
    assert "Place on KS-1" in page
    assert "same words" in page


def test_a_post_placed_before_is_shown_where_it_is(owed: House, olga: Browser, post: int) -> None:
    olga.post(f"/admin/acme/moderation/{post}", verdict="publish")
    at = owed.clock.now()
    change = Linked(Origin("forum:post", str(post)), owed.item_id("KS-1"), by="olga", at=at)
    owed.record(change, "placed")
    assert "On <a" in olga.get("/admin/acme/posts").text
