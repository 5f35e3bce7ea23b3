"""Undoing what an agent decided, as an engineer has it before them in the panel, in both hosts."""

import pytest
from playwright.sync_api import Browser, expect

from lineage.changes import PartsChosen
from plugin.jira import undoable
from sandbox.zendesk.records import Ticket
from store.database import transaction
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.jira.test_in_both_hosts import CHROMIUM, SHOTS, Way, at_issue, panel
from tests.plugin.jira.test_in_both_hosts import both as both  # noqa: PLC0414 - the app in both ways
from tests.plugin.jira.test_in_both_hosts import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.jira.test_in_both_hosts import complaints as complaints  # noqa: PLC0414

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


@pytest.mark.parametrize("way", ["app", "forge"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_confirmation_names_who_did_it_and_is_given_by_keyboard(
    browser: Browser, both: House, ticket: Ticket, complaints: list[str], way: Way, scheme: str
) -> None:
    ask, now = both.asks(ticket.id)[0], both.clock.now()
    change = PartsChosen(ask.person_id, both.item_id("KS-1"), (both.item_id("KS-3"),), "Agnes", now)
    with transaction(both.state.engine) as conn:
        undoable.decide(conn, both.workspace, change, undoable.Told("one", "one"), now=now)
    page = at_issue(browser, both, complaints, color_scheme=scheme)
    frame = panel(page, way)
    frame.get_by_role("button", name="Undo…").press("Enter")
    expect(frame.get_by_text("Agnes said who wants which part")).to_be_visible()
    expect(frame.get_by_text("not you. If you undo it")).to_be_visible()
    expect(frame.get_by_role("heading", name="Undo the last change")).to_be_focused()
    for width in (280, 320, 400, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(150)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/undo-{way}-{scheme}-{width}.png")
    assert list(complaints_of_axe(page, frame)) == []
    frame.get_by_role("button", name="Undo what Agnes did").press("Enter")
    expect(frame.get_by_text("Undone.")).to_be_visible()
    assert not both.asks(ticket.id)[0].choices
    assert complaints == []
    page.context.close()
