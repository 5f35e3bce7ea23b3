"""“Not this”, said of a suggestion beside a ticket."""

from lineage.likeness import keeping
from lineage.questions import history_of
from sandbox.zendesk.records import Ticket
from store.database import reading, transaction
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar


def _worker(house: House) -> None:
    """What the worker does with what sounds otherwise since."""
    with transaction(house.state.engine) as conn:
        for claimed in keeping.SHELF.claim(conn, now=house.clock.now(), lease_s=20, limit=100):
            keeping.work(conn, house.workspace, claimed)


def _suggested(page: str) -> list[str]:
    """The keys under the heading, in order."""
    _, _, below = page.partition("Is it one of these?")
    return [key for key in ("KS-1", "KS-2") if f'aria-label="Not this: {key}"' in below]


def test_it_is_hidden_for_this_ticket_counted_and_taken_back(desk: Sidebar, ticket: Ticket) -> None:
    house = desk.house
    house.jira.add_issue("KS-2", "Exporting reports in the night")
    house.reads("KS-1", "KS-2")
    house.jira.add_issue("KS-3", "Passkeys")
    here = f"/tickets/{ticket.id}"
    assert _suggested(desk.get(here).text) == ["KS-1", "KS-2"]
    issue = str(house.item_id("KS-1"))
    page = desk.post(f"{here}/not-this", issue=issue).text
    assert "KS-1 is not suggested here any more" in page and _suggested(page) == ["KS-2"]
    _worker(house)
    assert _suggested(desk.get(here).text) == ["KS-2"]
    with reading(house.state.engine) as conn:
        told = history_of(conn, house.workspace, item_id=house.item_id("KS-1"))
    assert [(one.who, one.what) for one in told if "not about" in one.what] == [
        ("Agnes", f"ticket {ticket.id} is not about KS-1")
    ]
    page = desk.post(f"{here}/maybe-this", issue=issue).text
    assert "may be suggested again" in page and _suggested(page) == ["KS-1", "KS-2"]


def test_for_another_ticket_like_it_the_other_issue_comes_first(desk: Sidebar, ticket: Ticket) -> None:
    house = desk.house
    house.jira.add_issue("KS-2", "Exporting reports in the night")
    house.reads("KS-1", "KS-2")
    bo = house.zendesk.add_user("Bo", "bo@other.example")
    other = house.zendesk.open_ticket(bo, "Exporting reports to PDF", "We export many reports by hand.")
    page = desk.get(f"/tickets/{other.id}").text
    assert page.index("Not this: KS-1") < page.index("Not this: KS-2")
    desk.post(f"/tickets/{ticket.id}/not-this", issue=str(house.item_id("KS-1")))
    _worker(house)
    page = desk.get(f"/tickets/{other.id}").text
    assert page.index("Not this: KS-2") < page.index("Not this: KS-1")


def test_what_is_no_issue_here_and_a_ticket_never_opened_are_not_there(desk: Sidebar, ticket: Ticket) -> None:
    before = desk.house.changes()
    assert desk.post(f"/tickets/{ticket.id}/not-this", issue="999").status_code == 404
    assert desk.post(f"/tickets/{ticket.id}/not-this").status_code == 404
    desk.house.reads("KS-1")
    issue = str(desk.house.item_id("KS-1"))
    assert desk.post("/tickets/4711/not-this", issue=issue).status_code == 404
    assert desk.house.changes() == before + 1, "but for the issue that was read"


def test_a_form_sent_twice_says_it_once(desk: Sidebar, ticket: Ticket) -> None:
    desk.house.reads("KS-1")
    form = {"issue": str(desk.house.item_id("KS-1")), "click": "same"}
    before = desk.house.changes()
    for _ in range(2):
        assert desk.post(f"/tickets/{ticket.id}/not-this", **form).status_code == 200
    assert desk.house.changes() == before + 1
