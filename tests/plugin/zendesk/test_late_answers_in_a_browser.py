"""What a page of ours inside a host's page does with answers that come late, or never; tried on the queue."""

import re
import shutil
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route

from sandbox.zendesk.records import User
from tests.plugin.house import House
from tests.plugin.owed import owed as owed  # noqa: PLC0414 - two messages that wait
from tests.plugin.test_frames_in_a_browser import browser as browser  # noqa: PLC0414 - fixtures
from tests.plugin.test_frames_in_a_browser import complaints as complaints  # noqa: PLC0414
from tests.plugin.zendesk.test_queue_in_a_browser import nav_bar
from tests.plugin.zendesk.test_queue_in_a_browser import page as page  # noqa: PLC0414 - somebody in Berlin

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine"),
]


@pytest.fixture
def late(page: Page) -> list[Route]:
    """Requests of the nav bar that are under way until somebody lets them arrive, by `arrive`."""
    under_way: list[Route] = []

    def keep_back(route: Route) -> None:
        under_way.append(route)

    page.route(re.compile(r"/queue(/pause|\?show=done)"), keep_back)
    return under_way


def arrive(late: list[Route], page: Page) -> None:
    page.wait_for_timeout(100)
    for route in late:
        with suppress(Error):  # the page does not wait for it any more
            route.continue_()
    late.clear()
    page.wait_for_timeout(300)


def test_the_page_that_was_asked_for_last_is_shown_also_where_another_comes_later(
    owed: House, agnes: User, page: Page, late: list[Route], complaints: list[str]
) -> None:
    frame = nav_bar(owed, page)
    frame.click("nav >> text=settled")
    page.wait_for_timeout(100)
    frame.click("nav >> text=go out by themselves")
    frame.wait_for_selector("[aria-current]:has-text('go out by themselves')")
    assert len(late) == 1
    arrive(late, page)
    assert frame.inner_text("#group") == "Goes out by itself"
    assert complaints == []


def test_a_deed_is_heard_to_its_end_whatever_is_clicked_meanwhile(
    owed: House, agnes: User, page: Page, late: list[Route], complaints: list[str]
) -> None:
    frame = nav_bar(owed, page)
    frame.click("text=Pause everything")
    page.wait_for_timeout(100)
    frame.click("nav >> text=go out by themselves")
    frame.click("text=Approve those chosen")
    assert len(late) == 1
    arrive(late, page)
    assert frame.is_visible("text=Let it go on") and frame.inner_text("#group") == "Waits for your yes"
    frame.click("nav >> text=go out by themselves")
    frame.wait_for_selector("[aria-current]:has-text('go out by themselves')")
    assert complaints == []


def test_a_deed_that_got_lost_under_way_locks_nothing_though_its_form_is_gone(
    owed: House, agnes: User, page: Page, late: list[Route]
) -> None:
    frame = nav_bar(owed, page)
    frame.click("text=Pause everything")
    page.wait_for_timeout(100)
    frame.evaluate("document.querySelector('.q-pause').remove()")
    [lost] = late
    lost.abort()
    frame.click("nav >> text=go out by themselves")
    frame.wait_for_selector("[aria-current]:has-text('go out by themselves')")


RETARGETED = """() => {
  const part = document.createElement("div");
  document.querySelector(".queue").append(part);
  htmx.ajax("GET", "/zendesk/acme/queue?show=done", { source: part, target: part });
}"""
"""A part of the screen that asks for itself, and is answered with a whole screen: as the age of data is."""


def test_a_part_that_is_answered_with_a_whole_screen_gives_way_to_a_deed_that_is_under_way(
    owed: House, agnes: User, page: Page, late: list[Route], complaints: list[str]
) -> None:
    frame = nav_bar(owed, page)
    frame.evaluate(RETARGETED)
    frame.click("text=Pause everything")
    page.wait_for_timeout(100)
    _whole_screen(late.pop(0))
    page.wait_for_timeout(300)
    assert frame.inner_text("#group") == "Waits for your yes"
    arrive(late, page)
    assert frame.is_visible("text=Let it go on")
    assert complaints == []


def test_a_part_that_is_answered_with_a_whole_screen_fills_it_where_nothing_else_is_asked(
    owed: House, agnes: User, page: Page, late: list[Route], complaints: list[str]
) -> None:
    frame = nav_bar(owed, page)
    frame.evaluate(RETARGETED)
    page.wait_for_timeout(100)
    _whole_screen(late.pop())
    frame.wait_for_selector("#group:has-text('Sent, or settled otherwise')")
    assert complaints == []


def _whole_screen(part: Route) -> None:
    whole = part.fetch()
    part.fulfill(response=whole, headers={**whole.headers, "HX-Retarget": "#screen"})
