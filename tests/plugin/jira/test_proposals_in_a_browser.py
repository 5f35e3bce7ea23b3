"""What a model proposes, in the form of a split as an engineer has it before them, in both hosts."""

import pytest
from playwright.sync_api import Browser, expect

from sandbox.openai import OpenAI
from sandbox.zendesk.records import Ticket
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.jira.test_in_both_hosts import CHROMIUM, SHOTS, Way, at_issue, panel
from tests.plugin.jira.test_in_both_hosts import both as both  # noqa: PLC0414 - the app in both ways
from tests.plugin.jira.test_in_both_hosts import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.jira.test_in_both_hosts import complaints as complaints  # noqa: PLC0414
from tests.plugin.jira.test_proposals import model as model  # noqa: PLC0414 - the sandbox's server
from tests.plugin.jira.test_proposals import named

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


@pytest.mark.parametrize("way", ["app", "forge"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_marked_with_its_reason_and_chosen_by_a_person(
    browser: Browser, both: House, model: OpenAI, ticket: Ticket, complaints: list[str], way: Way, scheme: str
) -> None:
    named(both, model)
    page = at_issue(browser, both, complaints, color_scheme=scheme)
    frame = panel(page, way)
    frame.get_by_role("button", name="Split").click()
    frame.get_by_label("Part 1", exact=True).fill("Export one report")
    frame.get_by_label("Part 2", exact=True).fill("Send it every Monday")
    frame.get_by_role("button", name="Propose from their words").press("Enter")
    expect(frame.get_by_text("Proposed by the model sandbox-chat")).to_be_visible()
    expect(frame.get_by_text("Proposed because of “export”.")).to_be_visible()
    expect(frame.get_by_label("All, or not sure")).to_be_checked()
    for width in (280, 320, 400, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(150)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/proposed-{way}-{scheme}-{width}.png")
    assert list(complaints_of_axe(page, frame)) == []
    frame.get_by_label("Export one report proposed").check()
    expect(frame.get_by_label("All, or not sure")).not_to_be_checked()
    frame.get_by_label("Part 1", exact=True).press("End")
    frame.get_by_label("Part 1", exact=True).press_sequentially(" as PDF")
    expect(frame.get_by_label("Export one report as PDF")).to_be_checked()
    expect(frame.get_by_text("Proposed by the model")).to_have_count(0)  # like the marks: of other parts
    expect(frame.get_by_text("proposed", exact=True)).to_have_count(0)
    assert complaints == []
    page.context.close()
