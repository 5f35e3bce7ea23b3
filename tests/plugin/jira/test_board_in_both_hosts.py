"""The demand board inside the sandbox's Jira: the same under Connect and under Forge, in a real browser."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.jira.test_in_both_hosts import CHROMIUM, SHOTS, Way, elsewhere
from tests.plugin.jira.test_in_both_hosts import both as both  # noqa: PLC0414 - the app in both ways
from tests.plugin.jira.test_in_both_hosts import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.jira.test_in_both_hosts import complaints as complaints  # noqa: PLC0414

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
WAYS = ("app", "forge")


def at_board(
    browser: Browser, house: House, complaints: list[str], *, patience_ms: int = 8000, **look: object
) -> Page:
    context = browser.new_context(locale="en-US", viewport={"width": 1000, "height": 900}, **look)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(patience_ms)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install()
    page.goto(elsewhere(house) + "/apps/demand")
    return page


def board(page: Page, way: Way) -> Frame:
    frame = page.locator(f"#{way}").element_handle().content_frame()
    assert frame is not None
    frame.get_by_role("heading", name="Customer demand").wait_for()
    return frame


@pytest.mark.parametrize("way", WAYS)
def test_it_is_sorted_filtered_opened_and_saved_by_keyboard(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket, way: Way, tmp_path: Path
) -> None:
    page = at_board(browser, both, complaints)
    frame = board(page, way)
    expect(frame.get_by_role("row")).to_have_count(4)
    frame.get_by_role("link", name="People").press("Enter")
    expect(frame.get_by_role("columnheader", name="People")).to_have_attribute("aria-sort", "descending")
    expect(frame.locator("[data-focus]")).to_be_focused()
    frame.get_by_label("why?").first.press("Enter")
    expect(frame.get_by_text("people: ").first).to_be_visible()
    with page.expect_download() as saved:
        frame.get_by_role("link", name="Save as CSV").press("Enter")
    saved.value.save_as(tmp_path / "demand.csv")
    with (tmp_path / "demand.csv").open(encoding="utf-8-sig") as file:
        assert {row["issue"] for row in csv.DictReader(file)} == {"KS-1", "KS-2", "KS-3"}
    frame.get_by_label("Status").select_option("delivered")
    frame.get_by_role("button", name="Show").press("Enter")
    expect(frame.get_by_text("Nothing fits these choices.")).to_be_visible()
    page.clock.fast_forward("05:00")  # it asks for a fresh key, or needs none
    frame.get_by_role("link", name="Show the whole ranking").press("Enter")
    expect(frame.get_by_role("row")).to_have_count(4)
    assert page.context.cookies() == []
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_from_280_pixels_on_and_breaks_no_rule(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket, way: Way, scheme: str
) -> None:
    page = at_board(browser, both, complaints, color_scheme=scheme)
    frame = board(page, way)
    for width in (280, 320, 400, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(150)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/board-{way}-{scheme}-{width}.png")
    assert list(complaints_of_axe(page, frame)) == []
    page.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_csv_that_cannot_be_had_says_why(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket, way: Way
) -> None:
    page = at_board(browser, both, complaints)
    frame = board(page, way)
    both.clock.advance(61)
    both.jira.faults.order(Fault("status", path=r"permissions/check", times=9, status=403))
    frame.get_by_role("link", name="Save as CSV").press("Enter")
    expect(frame.get_by_role("alert")).to_contain_text("What is shown here stays as it was.")
    expect(frame.get_by_role("row")).to_have_count(4)
    page.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_reader_is_shown_what_jira_shows_them(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket, way: Way
) -> None:
    me = both.jira.user.account_id
    both.jira.site.hidden.add((me, both.jira.issue("KS-2").id))
    page = at_board(browser, both, complaints)
    frame = board(page, way)
    expect(frame.get_by_text("1 issue of this page is left out")).to_be_visible()
    assert "KS-2" not in frame.content() and "KS-3" in frame.content()
    page.context.close()
