"""Making an issue beside a ticket in a real browser: without a mouse, at 320 px, light and dark."""

import shutil
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from playwright.sync_api import Page

from sandbox.faults import Fault
from sandbox.jira.state import AskedField
from sandbox.zendesk.records import Ticket
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House, bearer_of
from tests.plugin.jira.conftest import works
from tests.plugin.test_frames_in_a_browser import browser as browser  # noqa: PLC0414 - fixtures
from tests.plugin.test_frames_in_a_browser import complaints as complaints  # noqa: PLC0414
from tests.plugin.test_frames_in_a_browser import fits, open_sidebar
from tests.plugin.test_frames_in_a_browser import page as page  # noqa: PLC0414
from tests.plugin.zendesk.conftest import Sidebar, first_load
from tests.plugin.zendesk.create_desk import form_of, opened, sent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine"),
]


@pytest.fixture
def worker(house: House) -> Iterator[None]:
    """What is kept is done, a moment later."""
    stop = Event()

    def run() -> None:
        while not stop.wait(0.2):
            works(house)

    thread = Thread(target=run)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.usefixtures("worker")
def test_an_issue_is_made_without_a_mouse_at_320_px(
    house: House, page: Page, ticket: Ticket, complaints: list[str]
) -> None:
    house.jira.add_issue("KS-1", "Something else")
    house.jira.site.asked_fields["KS"] = {
        "customfield_1": AskedField("Team", "option", {"7": "Web", "8": "Reports"}),
        "customfield_5": AskedField("Areas", "array of option", {"1": "PDF", "2": "Mail"}),
    }
    frame = open_sidebar(house, page, ticket, width=320)
    frame.focus("text=Create in Jira")
    page.keyboard.press("Enter")
    frame.wait_for_selector(".create")
    assert frame.evaluate("document.activeElement.tagName") == "H2"
    assert fits(frame)
    frame.focus("#in-customfield_1")
    page.keyboard.press("R")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # no area is ticked
    frame.wait_for_selector(".wrong")
    assert "wants this filled in" in frame.inner_text("#wrong-customfield_5")
    assert frame.eval_on_selector("#in-customfield_1", "one => one.value") == "8"
    assert frame.evaluate("document.activeElement.id") == "in-customfield_5"
    assert list(complaints_of_axe(page, frame)) == []
    page.set_viewport_size({"width": 900, "height": 900})
    assert fits(frame)
    frame.focus("#in-customfield_5 input >> nth=1")
    page.keyboard.press("Space")
    frame.focus("text=Create and link")
    page.keyboard.press("Enter")
    frame.wait_for_selector(".note-good")
    assert "KS-2 is made in Jira, and linked" in frame.inner_text(".note-good")
    assert house.jira.issue("KS-2").extra["customfield_5"] == [{"id": "2"}]
    assert complaints == []


def test_another_type_asks_for_other_fields_and_the_focus_stays(
    house: House, page: Page, ticket: Ticket
) -> None:
    house.jira.add_issue("AA-1", "One")
    house.jira.add_issue("ZZ-1", "Other")
    house.jira.site.asked_fields["ZZ"] = {"customfield_7": "Short"}
    frame = open_sidebar(house, page, ticket, width=320)
    frame.click("text=Create in Jira")
    frame.wait_for_selector(".create")
    frame.fill("#in-summary", "Mine")
    frame.focus("#in-project")
    page.keyboard.press("Z")
    frame.wait_for_selector("#in-customfield_7")
    assert frame.evaluate("document.activeElement.id") == "in-project"
    assert frame.input_value("#in-summary") == "Mine"
    assert list(complaints_of_axe(page, frame)) == []


def test_what_jira_did_not_take_is_shown_beside_the_ticket_in_every_light(
    house: House, page: Page, ticket: Ticket
) -> None:
    house.jira.add_issue("KS-1", "PDF export of reports")
    bo = house.zendesk.add_agent("Bo", "bo@helpdesk.example")
    desk = Sidebar(house, bo, bearer_of(first_load(house, house.zendesk.signed_token(bo))))
    desk.get(f"/tickets/{ticket.id}")
    sent(desk, ticket, opened(desk, ticket))
    house.jira.site.asked_fields["KS"] = {"customfield_1": "Team"}
    works(house)
    frame = open_sidebar(house, page, ticket, width=320)
    assert "Mend it" in frame.inner_text(".note-ask")
    assert list(complaints_of_axe(page, frame)) == []
    house.jira.site.asked_fields.clear()
    sent(desk, ticket, form_of(desk.get(f"/tickets/{ticket.id}/create/1").text))
    house.jira.faults.order(Fault("status", method="POST", path="/rest/api/3/issue$", status=403))
    works(house)
    frame = open_sidebar(house, page, ticket, width=320)
    assert "Try again" in frame.inner_text(".note-bad")
    assert list(complaints_of_axe(page, frame)) == []
