"""The panel in a real browser, inside the sandbox's Jira page: the same under Connect and under Forge.

The page is opened as `localhost` and the app as 127.0.0.1, so that the frame is another site's, and the
browser drops third-party cookies.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Frame, Page, expect, sync_playwright
from sqlalchemy import update

from plugin.identity_tables import connect_installations
from sandbox.zendesk.records import Ticket
from store.database import transaction
from tests.journeys.chromium import FLAGS
from tests.plugin.house import House
from tests.plugin.jira.conftest import deploy

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]

SHOTS = os.environ.get("SHOTS", "")
"""A folder, to look at what this saw."""

COLOURS = (
    "[getComputedStyle(document.documentElement).colorScheme, document.documentElement.dataset.colour,"
    " getComputedStyle(document.body).backgroundColor]"
)
"""The scheme of the page, the one that its host asked for, and what the ground looks like."""
OF = {"light": ["light", "light", "rgb(255, 255, 255)"], "dark": ["dark", "dark", "rgb(29, 33, 37)"]}

Way = Literal["app", "forge"]
"""The id of the frame in the page."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        flags = [*FLAGS, "--test-third-party-cookie-phaseout"]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def both(split: House, tmp_path: Path) -> House:
    """KS-1, asked for by Ana's ticket and split in two, on a site that has the app in both ways."""
    return in_both_ways(split, tmp_path)


def in_both_ways(house: House, into: Path) -> House:
    """The Forge app beside the Connect app, on a site with a domain of its own."""
    deploy(house, into / "forge-app")
    with transaction(house.state.engine) as conn:
        conn.execute(update(connect_installations).values(display_url=elsewhere(house)))
    return house


def elsewhere(house: House) -> str:
    return house.jira.url.replace("127.0.0.1", "localhost")


def at_issue(
    browser: Browser, house: House, complaints: list[str], *, patience_ms: int = 8000, **look: object
) -> Page:
    context = browser.new_context(locale="en-US", viewport={"width": 860, "height": 1000}, **look)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(patience_ms)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(elsewhere(house) + "/browse/KS-1")
    return page


def panel(page: Page, way: Way) -> Frame:
    frame = page.locator(f"#{way}").element_handle().content_frame()
    assert frame is not None
    frame.get_by_text("Who is waiting").first.wait_for()
    return frame


@pytest.mark.parametrize("way", ["app", "forge"])
def test_who_waits_is_there_without_a_click_and_a_title_can_be_given(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket, way: Way
) -> None:
    page = at_issue(browser, both, complaints)
    frame = panel(page, way)
    expect(frame.get_by_text("We export 300 reports a month by hand.").first).to_be_visible()
    frame.get_by_text("What customers read, and its own part").click()
    frame.locator("#title").fill("Export to PDF")
    frame.get_by_role("button", name="Save").first.click()
    expect(frame.get_by_text("Customers read “Export to PDF”.")).to_be_visible()
    frame.get_by_role("button", name="Only a container").first.click()
    expect(frame.get_by_text("It is a container: only its parts count.").first).to_be_visible()
    assert page.context.cookies() == []
    assert page.locator(f"#{way}").bounding_box()["height"] > 400  # type: ignore[index]
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("way", ["app", "forge"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_from_280_pixels_on_and_follows_the_hosts_colours(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket, way: Way, scheme: str
) -> None:
    page = at_issue(browser, both, complaints, color_scheme=scheme)
    frame = panel(page, way)
    for width in (280, 400, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(150)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/{way}-{scheme}-{width}.png")
    assert frame.evaluate(COLOURS) == OF[scheme]
    after = {"light": "dark", "dark": "light"}[scheme]
    page.emulate_media(color_scheme=after)  # type: ignore[arg-type]  # the host changes, and says so
    for _ in range(80):  # a page with a policy takes no function to wait for
        if frame.evaluate(COLOURS) == OF[after]:
            break
        page.wait_for_timeout(100)
    assert frame.evaluate(COLOURS) == OF[after]
    assert complaints == []
    page.context.close()


def test_a_reader_who_may_not_browse_the_issue_is_shown_nothing_in_either_way(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket
) -> None:
    site = both.jira.site
    site.hidden.add((site.users[0].account_id, both.jira.issue("KS-1").id))
    page = at_issue(browser, both, complaints)
    for way in ("app", "forge"):
        frame = page.locator(f"#{way}").element_handle().content_frame()
        assert frame is not None
        expect(frame.get_by_text("There is nothing here.").first).to_be_visible()
        assert "300 reports" not in frame.content()
    page.context.close()


def test_a_bridge_that_never_answers_is_told_and_locks_nothing(
    browser: Browser, both: House, complaints: list[str], ticket: Ticket
) -> None:
    page = at_issue(browser, both, complaints)
    frame = panel(page, "forge")
    frame.get_by_role("heading", name="If you finish KS-1 now").wait_for()
    frame.evaluate("htmx.config.timeout = 500")
    page.route("**/forge-host/invoke*", lambda _route: None)
    frame.get_by_text("What customers read, and its own part").click()
    frame.get_by_role("button", name="Only a container").first.click()
    expect(frame.get_by_text("Kithspark does not answer")).to_be_visible()
    page.unroute("**/forge-host/invoke*")
    frame.evaluate("htmx.config.timeout = 20000")
    frame.get_by_role("button", name="Only a container").first.click()
    expect(frame.get_by_text("It is a container: only its parts count.").first).to_be_visible()
    page.context.close()
