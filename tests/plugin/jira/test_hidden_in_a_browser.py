"""The panel of a reader to whom a part is hidden, as they have it before them, in both hosts."""

import pytest
from playwright.sync_api import Browser, expect

from sandbox.zendesk.records import Ticket
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.jira.test_in_both_hosts import CHROMIUM, SHOTS, Way, at_issue, panel
from tests.plugin.jira.test_in_both_hosts import both as both  # noqa: PLC0414 - the app in both ways
from tests.plugin.jira.test_in_both_hosts import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.jira.test_in_both_hosts import complaints as complaints  # noqa: PLC0414
from tests.plugin.jira.test_what_is_hidden import HIDDEN
from tests.plugin.jira.test_what_is_hidden import reader as reader  # noqa: PLC0414 - to whom KS-3 is hidden

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


@pytest.mark.parametrize(("way", "scheme"), [("app", "dark"), ("forge", "light")])
def test_it_is_told_that_there_is_one_and_never_which(
    browser: Browser,
    reader: object,
    both: House,
    ticket: Ticket,
    complaints: list[str],
    way: Way,
    scheme: str,
) -> None:
    page = at_issue(browser, both, complaints, color_scheme=scheme)
    frame = panel(page, way)
    expect(frame.get_by_text("you may not see").first).to_be_visible()
    frame.get_by_role("button", name="Split…").press("Enter")
    expect(frame.get_by_role("heading", name="Split KS-1")).to_be_visible()
    for width in (320, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(150)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/hidden-split-{way}-{scheme}-{width}.png")
    assert not any(word in frame.content() for word in HIDDEN)
    assert list(complaints_of_axe(page, frame)) == []
    frame.get_by_role("button", name="Leave it").press("Enter")
    frame.get_by_text("Who is waiting").first.wait_for()
    for width in (320, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(250)
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/hidden-panel-{way}-{scheme}-{width}.png")
    assert not any(word in frame.content() for word in HIDDEN)
    assert complaints == []
    page.context.close()
