"""Beside a ticket: what an agent reads there, links, narrows, takes back, approves."""

import re

import pytest

from lineage.terms import Standing
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar


@pytest.fixture
def known(house: House) -> House:
    """KS-1 is known, because somebody else asked for it before."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    bo = house.zendesk.add_user("Bo", "bo@bolt.example")
    other = house.zendesk.open_ticket(bo, "pdf please", "Can I have a pdf?")
    house.reads_ticket(other.id)
    house.links(other.id, "KS-1")
    return house


@pytest.fixture
def split(known: House, ticket: Ticket) -> House:
    """KS-1, to which the ticket is linked, was split into KS-2 and KS-3 and is a container."""
    from lineage.changes import KeepsPart

    known.reads_ticket(ticket.id)
    known.links(ticket.id, "KS-1")
    known.jira.split("KS-1", ["Export one report", "Scheduled exports"])
    known.reads("KS-1", "KS-2", "KS-3")
    item = known.item_id("KS-1")
    known.record(KeepsPart(item, keeps=False, by="eng", at=known.clock.now()), "container")
    return known


def test_the_first_opening_reads_the_ticket_from_zendesk_and_asks_what_it_is(
    known: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    page = sidebar.get(f"/tickets/{ticket.id}")
    assert page.status_code == 200
    assert "Is it one of these?" in page.text
    assert "KS-1" in page.text
    assert "same words: exporting, " in page.text


def test_a_ticket_of_nobody_is_not_there(house: House, sidebar: Sidebar) -> None:
    assert sidebar.get("/tickets/999999").status_code == 404


def test_a_silent_zendesk_is_said_and_leaves_nothing_behind(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    house.zendesk.faults.order(Fault("status", path=r"/api/v2/tickets/", status=503, times=9))
    page = sidebar.get(f"/tickets/{ticket.id}")
    assert page.status_code == 502
    assert "Zendesk answered 503" in page.text
    assert house.changes() == 0


def test_linking_says_what_it_did_and_can_be_undone(known: House, sidebar: Sidebar, ticket: Ticket) -> None:
    sidebar.get(f"/tickets/{ticket.id}")
    item = known.item_id("KS-1")
    linked = sidebar.post(f"/tickets/{ticket.id}/link", issue=item, click="one")
    assert "Linked to KS-1" in linked.text
    assert "Undo" in linked.text
    assert "Waiting, not begun" in linked.text
    assert "1 more person waits for this" in linked.text
    assert known.asks(ticket.id)[0].linked_by == "Agnes"

    undone = sidebar.post(f"/tickets/{ticket.id}/unlink", issue=item, keep="no", click="one-undo")
    assert "Is it one of these?" in undone.text
    assert [ask.standing for ask in known.asks(ticket.id)] in ([], [Standing.WITHDRAWN])


def test_a_click_that_is_sent_twice_links_once(known: House, sidebar: Sidebar, ticket: Ticket) -> None:
    sidebar.get(f"/tickets/{ticket.id}")
    before = known.changes()
    for _ in range(2):
        sidebar.post(f"/tickets/{ticket.id}/link", issue=known.item_id("KS-1"), click="same")
    assert known.changes() == before + 1


def test_unlinking_may_keep_the_person_counted_and_can_be_undone(
    known: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    sidebar.get(f"/tickets/{ticket.id}")
    item = known.item_id("KS-1")
    sidebar.post(f"/tickets/{ticket.id}/link", issue=item, click="one")
    kept = sidebar.post(f"/tickets/{ticket.id}/unlink", issue=item, keep="yes", click="two")
    assert "Unlinked, still counted" in kept.text
    assert [ask.detached for ask in known.asks(ticket.id)] == [True]
    again = sidebar.post(f"/tickets/{ticket.id}/link", issue=item, click="two-undo")
    assert "Unlinked, still counted" not in again.text
    assert [ask.detached for ask in known.asks(ticket.id)] == [False]


def test_a_request_that_came_with_a_merged_ticket_is_unlinked_where_it_is_shown(
    known: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    ana = known.zendesk.account.users[ticket.requester_id]
    later = known.zendesk.open_ticket(ana, "And again", "Any news?")
    known.reads_ticket(ticket.id)
    known.links(ticket.id, "KS-1")
    known.zendesk.merge(ticket, later)
    known.reads_ticket(ticket.id)
    known.reads_ticket(later.id)
    [ask] = known.asks(later.id)
    form = {"ask": str(ask.ask_id), "issue": ask.item.id, "keep": "no"}
    assert "Unlinked from KS-1" in sidebar.post(f"/tickets/{later.id}/unlink", **form).text
    assert [one.standing for one in known.asks(later.id)] in ([], [Standing.WITHDRAWN])


def test_an_issue_that_we_have_never_seen_is_found_in_jira_and_linked_in_two_clicks(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    issue = house.jira.add_issue("KS-7", "Print to paper")
    sidebar.get(f"/tickets/{ticket.id}")
    found = sidebar.get(f"/tickets/{ticket.id}/search", params={"q": "print"})
    assert "KS-7" in found.text
    assert f'value="{issue.id}"' in found.text
    linked = sidebar.post(f"/tickets/{ticket.id}/link", issue=issue.id, click="one")
    assert "Linked to KS-7" in linked.text


def test_a_search_says_when_jira_does_not_answer_and_shows_what_is_known(
    known: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    sidebar.get(f"/tickets/{ticket.id}")
    known.jira.faults.order(Fault("status", path=r"/rest/api/3/", status=503, times=9))
    found = sidebar.get(f"/tickets/{ticket.id}/search", params={"q": "pdf"})
    assert found.status_code == 200
    assert "Jira" in found.text
    assert "503" in found.text
    assert "KS-1" in found.text


def test_an_issue_that_is_not_in_jira_cannot_be_linked(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    sidebar.get(f"/tickets/{ticket.id}")
    assert sidebar.post(f"/tickets/{ticket.id}/link", issue="4711", click="one").status_code == 404
    assert sidebar.post(f"/tickets/{ticket.id}/link", issue="../admin", click="two").status_code == 404


def test_the_requesters_own_standing_and_the_way_of_the_request_are_shown(
    split: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    split.jira.transition("KS-2", "done")
    split.reads("KS-2")
    page = sidebar.get(f"/tickets/{ticket.id}").text
    assert "1 of 2 parts delivered" in page
    assert "split into" in page
    assert "1/2 of it" in page
    assert "KS-3" in page
    assert "in this ticket" in page


def test_parts_can_be_chosen_and_taken_back(split: House, sidebar: Sidebar, ticket: Ticket) -> None:
    [ask] = split.asks(ticket.id)
    third = split.item_id("KS-3")
    where = {"ask": str(ask.ask_id), "issue": split.item_id("KS-1")}
    narrowed = sidebar.post(f"/tickets/{ticket.id}/parts", **where, part=[third], click="one")
    assert "Ana wants KS-3 of KS-1." in narrowed.text
    assert [c.item.key for c in split.asks(ticket.id)[0].carriers] == ["KS-3"]
    widened = sidebar.post(f"/tickets/{ticket.id}/parts", **where, all="yes", click="one-undo")
    assert "Ana wants all of KS-1." in widened.text
    assert [c.item.key for c in split.asks(ticket.id)[0].carriers] == ["KS-2", "KS-3"]


def test_parts_of_somebody_elses_ask_cannot_be_chosen(split: House, sidebar: Sidebar, ticket: Ticket) -> None:
    other = ticket.id - 1 if split.asks(ticket.id - 1) else ticket.id + 1
    [ask] = split.asks(other)
    form = {"ask": str(ask.ask_id), "issue": split.item_id("KS-1"), "part": split.item_id("KS-3")}
    assert sidebar.post(f"/tickets/{ticket.id}/parts", **form).status_code == 404


def test_a_public_title_is_asked_for_and_set(known: House, sidebar: Sidebar, ticket: Ticket) -> None:
    sidebar.get(f"/tickets/{ticket.id}")
    item = known.item_id("KS-1")
    page = sidebar.post(f"/tickets/{ticket.id}/link", issue=item, click="one")
    assert "Customers can read nothing about KS-1 yet" in page.text
    [ask] = known.asks(ticket.id)
    form = {"ask": str(ask.ask_id), "issue": item, "title": " Export  to PDF "}
    set_ = sidebar.post(f"/tickets/{ticket.id}/title", **form, click="two")
    assert "Customers read “Export to PDF”." in set_.text
    assert "Customers can read nothing" not in set_.text
    assert known.asks(ticket.id)[0].item.public_title == "Export to PDF"


@pytest.fixture
def owed(split: House, sidebar: Sidebar, ticket: Ticket) -> int:
    """KS-2 is done; the reply about it waits for approval. Its id."""
    [ask] = split.asks(ticket.id)
    for key, title in (("KS-1", "PDF"), ("KS-2", "One report"), ("KS-3", "Schedules")):
        form = {"ask": str(ask.ask_id), "issue": split.item_id(key), "title": title, "click": key}
        sidebar.post(f"/tickets/{ticket.id}/title", **form)
    split.jira.transition("KS-2", "done")
    split.reads("KS-2")
    split.hold_for_approval()
    return next(notice.id for notice in split.plan("awaiting_approval") if notice.person_id == ask.person_id)


def test_a_draft_is_read_and_approved_in_exactly_its_words(
    split: House, sidebar: Sidebar, ticket: Ticket, owed: int
) -> None:
    assert "Draft waiting for you" in sidebar.get(f"/tickets/{ticket.id}").text
    review = sidebar.get(f"/tickets/{ticket.id}/replies/{owed}").text
    assert "One report" in review
    digest = re.search(r'name="digest" value="([^"]+)"', review)
    assert digest is not None
    approved = sidebar.post(f"/tickets/{ticket.id}/replies/{owed}/approve", digest=digest[1])
    assert "Approved" in approved.text
    [notice] = [one for one in split.plan() if one.id == owed]
    assert (notice.state, notice.approved_by) == ("queued", "Agnes")


def test_whoever_wants_another_moment_and_chooses_none_sends_nothing(
    split: House, sidebar: Sidebar, ticket: Ticket, owed: int
) -> None:
    [notice] = [one for one in split.plan() if one.id == owed]
    form = {"digest": notice.digest, "at": "", "instant": ""}
    refused = sidebar.post(f"/tickets/{ticket.id}/replies/{owed}/approve", **form)
    assert refused.status_code == 409 and "This is no moment" in refused.text
    assert [one.state for one in split.plan() if one.id == owed] == ["awaiting_approval"]


def test_an_approval_of_words_that_changed_meanwhile_is_refused_and_shows_the_new(
    split: House, sidebar: Sidebar, ticket: Ticket, owed: int
) -> None:
    refused = sidebar.post(f"/tickets/{ticket.id}/replies/{owed}/approve", digest="0123456789abcdef")
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#screen"
    assert "says something else by now" in refused.text
    assert [one.state for one in split.plan() if one.id == owed] == ["awaiting_approval"]


def test_a_reply_can_be_cancelled(split: House, sidebar: Sidebar, ticket: Ticket, owed: int) -> None:
    assert "will not be sent" in sidebar.post(f"/tickets/{ticket.id}/replies/{owed}/cancel").text
    assert [one.state for one in split.plan() if one.id == owed] == ["cancelled"]


def test_a_reply_to_somebody_of_another_ticket_is_not_there(
    split: House, sidebar: Sidebar, ticket: Ticket, owed: int
) -> None:
    stranger = split.zendesk.add_user("Cy", "cy@corp.example")
    other = split.zendesk.open_ticket(stranger, "Something else", "Hello")
    split.reads_ticket(other.id)
    assert sidebar.get(f"/tickets/{other.id}/replies/{owed}").status_code == 404
    assert sidebar.post(f"/tickets/{other.id}/replies/{owed}/approve", digest="x").status_code == 404


def test_a_refresh_asks_for_looks_and_says_so_until_they_are_taken(
    split: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    page = sidebar.post(f"/tickets/{ticket.id}/refresh")
    assert "Reading from Jira and Zendesk" in page.text
    line = sidebar.get(f"/tickets/{ticket.id}/fresh", params={"tries": 1})
    assert 'id="fresh"' in line.text
    assert "HX-Retarget" not in line.headers
    assert split.woken


def test_words_of_a_customer_are_shown_as_words_only(house: House, sidebar: Sidebar) -> None:
    eve = house.zendesk.add_user("<b>Eve</b>", "eve@evil.example")
    mean = house.zendesk.open_ticket(eve, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    house.jira.add_issue("KS-8", "<script>alert(2)</script>")
    house.reads("KS-8")
    sidebar.get(f"/tickets/{mean.id}")
    page = sidebar.post(f"/tickets/{mean.id}/link", issue=house.item_id("KS-8"), click="one").text
    assert "<script>" not in page
    assert "<b>Eve" not in page
    assert "&lt;script&gt;alert(2)" in page
