"""With more contrast, and in the colours that a reader forces: panel and board under Connect and Forge.

One page has both hosts' frames, and is looked at in every way: each start of a page costs seconds.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page

from sandbox.zendesk.records import Ticket
from tests.journeys.axe import OF_COLOUR
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.jira.test_board_in_both_hosts import at_board, board
from tests.plugin.jira.test_in_both_hosts import SHOTS, Way, at_issue, both, browser, panel, pytestmark

__all__ = ["both", "browser", "pytestmark"]

WAYS: tuple[Way, ...] = ("app", "forge")
WISHES: dict[str, dict[str, Any]] = {
    "more": {"contrast": "more", "forced_colors": "none"},
    "forced": {"contrast": "no-preference", "forced_colors": "active"},
}
WIDTH, PATIENCE_MS, SETTLED_MS = 320, 30_000, 200

BORDERS = """[...document.querySelectorAll("button:not(.text):not(.icon)")].map((one) => {
  const seen = getComputedStyle(one), color = seen.borderTopColor;
  return [seen.borderTopStyle, parseFloat(seen.borderTopWidth) >= 1, color !== seen.backgroundColor];
})"""
RING = """(() => {
  const seen = getComputedStyle(document.activeElement);
  const ground = getComputedStyle(document.body).backgroundColor;
  return [seen.outlineStyle, parseFloat(seen.outlineWidth) >= 2, seen.outlineColor !== ground];
})()"""
VISIBLE = ["solid", True, True]
TOKENS = """(() => {
  const seen = getComputedStyle(document.documentElement);
  const names = ["quiet", "text", "line", "field", "raised", "ground"];
  return names.map((one) => seen.getPropertyValue("--" + one));
})()"""
HOST_SAYS = "(wish) => { document.documentElement.dataset.contrastMode = wish; }"


def test_the_panel_is_seen_with_more_contrast_and_in_forced_colours(
    request: pytest.FixtureRequest, ticket: Ticket
) -> None:
    """Borders, the focus, and axe."""
    looked_at(request, "panel", at_issue, panel)


def test_the_board_is_seen_with_more_contrast_and_in_forced_colours(
    request: pytest.FixtureRequest, ticket: Ticket
) -> None:
    looked_at(request, "board", at_board, board)


def looked_at(
    request: pytest.FixtureRequest,
    screen: str,
    opened: Callable[..., Page],
    framed: Callable[[Page, Way], Frame],
) -> None:
    running: Browser = request.getfixturevalue("browser")
    house: House = request.getfixturevalue("both")
    page = opened(running, house, [], patience_ms=PATIENCE_MS)
    frames = {way: framed(page, way) for way in WAYS}
    for way, frame in frames.items():
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, WIDTH])
        as_the_host_says(frame)
    for wish, look in WISHES.items():
        page.emulate_media(**look)
        for way, frame in frames.items():
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(SETTLED_MS)
                seen(page, frame, wish)
                if SHOTS:
                    page.locator(f"#{way}").screenshot(path=f"{SHOTS}/{screen}-{way}-{wish}-{scheme}.png")
            page.emulate_media(color_scheme="light")
            page.wait_for_timeout(SETTLED_MS)  # the host tells its frames a moment later
            said = list(complaints_of_axe(page, frame))
            assert [one for one in said if wish == "more" or not of_colour(one)] == [], (way, wish)
    page.context.close()


def of_colour(said: str) -> bool:
    """axe reads our text colours against the reader's forced grounds: of no pair that anybody sees."""
    return any(f": {rule} (" in said for rule in OF_COLOUR)


def as_the_host_says(frame: Frame) -> None:
    """Atlassian's own switch: the reader's system wishes nothing."""
    assert not contrasted(frame)
    frame.evaluate(HOST_SAYS, "more")
    frame.locator("html[data-contrast=more]").wait_for(state="attached")
    assert contrasted(frame)
    frame.evaluate(HOST_SAYS, "normal")
    frame.locator("html[data-contrast=normal]").wait_for(state="attached")
    assert not contrasted(frame)


def seen(page: Page, frame: Frame, wish: str) -> None:
    assert frame.evaluate("document.documentElement.scrollWidth") <= WIDTH
    borders = frame.evaluate(BORDERS)
    assert borders and all(border == VISIBLE for border in borders), borders
    assert ring(page, frame) == VISIBLE
    assert contrasted(frame) or wish != "more"


def contrasted(frame: Frame) -> bool:
    """What is quiet is as dark as all text, lines are as fields', and nothing is raised."""
    quiet, text, line, field, raised, ground = frame.evaluate(TOKENS)
    return bool((quiet, line, raised) == (text, field, ground))


def ring(page: Page, frame: Frame) -> Any:
    """Around what the keyboard comes to first."""
    frame.locator("a, button, summary, select").first.focus()
    page.keyboard.press("Tab")
    return frame.evaluate(RING)
