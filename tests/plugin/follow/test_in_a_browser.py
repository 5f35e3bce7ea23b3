"""The page in a real browser: it fits a narrow screen, light and dark, and needs no mouse and no script."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.plugin.follow.conftest import Reader, finish, works
from tests.plugin.follow.test_page import QUIET_S
from tests.plugin.house import House

CHROMIUM = shutil.which("chromium") or ""
ARGS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS.split())
        yield running
        running.close()


def opened(
    browser: Browser, reader: Reader, *, width: int = 320, scheme: Literal["light", "dark"] = "light"
) -> tuple[Page, list[str]]:
    """The page without scripts, and what the browser complains about."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 700}, color_scheme=scheme
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(reader.house.url + reader.link)
    return page, complaints


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen_light_and_dark(
    browser: Browser, house: House, reader: Reader, scheme: Literal["light", "dark"]
) -> None:
    finish(house, "KS-2")
    works(house, later_s=QUIET_S)
    reader.post("/not-meant", words="I meant a-very-long-word-" + "x" * 300)
    page, complaints = opened(browser, reader, scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(19, 23, 26)") is (scheme == "dark")
    for path in ("", "/no-longer", "/not-meant", "x"):
        page.goto(house.url + reader.link + path)
        assert overflow(page) <= 0, path
        keep(page, f"{scheme}{path.replace('/', '-')}")
    assert [said for said in complaints if "404" not in said] == []


def test_by_keyboard_alone_it_is_withdrawn_and_taken_up_again(browser: Browser, reader: Reader) -> None:
    page, complaints = opened(browser, reader)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_text("In words")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="I no longer need this")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I no longer need this").press("Enter")
    expect(page.get_by_text("you told us that you no longer need this")).to_be_visible()
    keep(page, "withdrawn")
    page.get_by_role("button", name="I need it after all").press("Enter")
    expect(page.get_by_text("What became of it")).to_be_visible()
    assert complaints == []


def test_with_scripts_it_has_a_picture_that_fits(browser: Browser, house: House, reader: Reader) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 700}).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(house.url + reader.link)
    expect(page.locator(".lineage-frame").get_by_text("Export one report")).to_be_visible()
    assert overflow(page) <= 0
    keep(page, "picture")
    assert complaints == []


def test_what_was_meant_is_typed_and_sent(browser: Browser, reader: Reader) -> None:
    page, complaints = opened(browser, reader, width=900)
    page.get_by_role("link", name="This is not what I meant").click()
    page.get_by_label("In your own words, if you like").fill("I meant CSV.")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_text("I meant CSV.")).to_be_visible()
    keep(page, "wide")
    assert complaints == []


def keep(page: Page, name: str) -> None:
    """For whoever wants to look: PICTURES=folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"follow-{name}.png", full_page=True)
