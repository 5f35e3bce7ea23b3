"""What was delivered before an import is told to nobody by itself, and to whom an agent wants at once."""

from lineage.operator_changes import LinkImported
from lineage.terms import Origin
from sandbox.zendesk.records import Ticket
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar

TELL = "Tell them now"


def test_an_agent_tells_it_with_two_clicks(house: House, sidebar: Sidebar, ticket: Ticket) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    now = house.clock.now()
    origin = Origin("zendesk:ticket", str(ticket.id))
    house.record(LinkImported(origin, house.item_id("KS-1"), "olga", now, now), "import")
    [ask] = house.asks(ticket.id)
    named = {"ask": str(ask.ask_id), "issue": house.item_id("KS-1")}
    sidebar.post(f"/tickets/{ticket.id}/title", **named, title="Reports as PDF", click="t")
    page = sidebar.get(f"/tickets/{ticket.id}").text
    assert "it was there before the import" in page and TELL in page
    assert house.plan() == []
    page = sidebar.post(f"/tickets/{ticket.id}/link", **named, tell="yes", click="1").text
    assert "Read below what they would be told" in page and "Draft waiting for you" in page
    assert TELL not in page
    [draft] = house.plan("awaiting_approval")
    assert "Reports as PDF" in draft.text
    sidebar.post(f"/tickets/{ticket.id}/replies/{draft.id}/approve", digest=draft.digest)
    assert [one.state for one in house.plan()] == ["queued"]
    assert TELL not in sidebar.get(f"/tickets/{ticket.id}").text


def test_what_was_told_or_is_still_to_come_has_no_such_button(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    assert TELL not in sidebar.get(f"/tickets/{ticket.id}").text
