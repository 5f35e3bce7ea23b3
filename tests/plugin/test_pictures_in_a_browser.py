"""The picture of a lineage and the line of demand in a real browser: how they look, fit and are walked."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lineage.terms import EdgeKind
from store.database import transaction
from tests.lineage.large import asked_for, duplicates, parts
from tests.lineage.story import Story
from tests.plugin.admin.conftest import link_for
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module
from tests.plugin.test_frames_in_a_browser import CHROMIUM, fits
from tests.plugin.test_frames_in_a_browser import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.test_frames_in_a_browser import complaints as complaints  # noqa: PLC0414

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


def one(story: Story) -> None:
    story.issue("KS-1", title="Export to PDF")


def six(story: Story) -> None:
    """Ana and Bo want KS-1, a container since it was split; KS-9 is a duplicate of one part."""
    one(story)
    story.issue("KS-9", title=None, summary="PDF, please")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-1")
    story.ask("Cy", "KS-9", org="Globex")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    story.title("KS-2", "Export one report")
    story.title("KS-3", "Scheduled exports, sent to a mailbox or a shared folder")
    story.duplicate("KS-9", of="KS-2")
    story.connect(EdgeKind.MERGED, ("KS-9", "KS-3"))
    story.start("KS-3")
    story.done("KS-2")


def two_hundred(story: Story) -> None:
    one(story)
    ana, frontier = story.ask("Ana", "KS-1"), [story.id("KS-1")]
    for _ in range(3):
        frontier = [part for item in frontier for part in parts(story, item, 6, delivered=2)]
        asked_for(story, ana, frontier)


def five_thousand(story: Story) -> None:
    one(story)
    ana = story.ask("Ana", "KS-1")
    asked_for(story, ana, duplicates(story, story.id("KS-1"), 5000, delivered=1200))


PLAYS = {"one": one, "six": six, "two hundred": two_hundred, "five thousand": five_thousand}


def play(house: House, name: str) -> None:
    with transaction(house.state.engine) as conn:
        PLAYS[name](Story(conn, house.workspace, house.clock.now() - timedelta(days=1)))


def opened(house: House, browser: Browser, find: str, *, width: int, **look: Any) -> Page:
    """The trace page of an operator who signed in just now."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-US", **look)
    page = context.new_page()
    page.set_default_timeout(20_000)
    link = link_for(house)
    page.goto(house.url + link)
    page.get_by_role("button").first.click()
    page.goto(f"{house.url}/admin/acme/trace?find={find}")
    return page


def drawn(page: Page) -> list[str]:
    """The keys in the boxes."""
    page.wait_for_selector(".lineage-lines")
    return page.locator(".lineage-stage .node-item b").all_inner_texts()


@pytest.mark.parametrize("name", PLAYS)
@pytest.mark.parametrize("width", [320, 1100])
def test_a_picture_fits_its_page_and_only_its_own_box_scrolls(
    house: House, browser: Browser, complaints: list[str], name: str, width: int
) -> None:
    play(house, name)
    page = opened(house, browser, "KS-1", width=width, color_scheme="dark" if width == 320 else "light")
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.reload()
    assert "KS-1" in drawn(page)
    assert fits(page)
    boxes = page.locator("[data-box]")
    assert boxes.count() <= 200
    narrowest = min(box["width"] for one in boxes.all()[:9] if (box := one.bounding_box()))
    assert narrowest >= 88
    overlaps = page.evaluate(OVERLAPS)
    assert overlaps == []
    scrolls = page.locator(".lineage-frame").evaluate("box => box.scrollWidth > box.clientWidth")
    assert scrolls is (name == "two hundred")
    assert complaints == []


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("[data-box]")];
  const [names, at] = [boxes.map((one) => one.dataset.box), boxes.map((one) => one.getBoundingClientRect())];
  const beside = (p, q) => p.left > q.right - 1 || q.left > p.right - 1;
  const meet = (p, q) => !beside(p, q) && p.top < q.bottom - 1 && q.top < p.bottom - 1;
  return names.flatMap((a, i) =>
    names.slice(i + 1).filter((b, j) => meet(at[i], at[i + 1 + j])).map((b) => [a, b]));
}"""
"""Boxes that lie on one another."""


def test_the_way_is_walked_with_the_arrow_keys(house: House, browser: Browser) -> None:
    play(house, "six")
    page = opened(house, browser, "KS-1", width=1100)
    drawn(page)
    assert page.locator(".lineage-stage [tabindex='0']").count() == 1
    page.focus(".lineage-stage [tabindex='0']")
    current = page.locator(".lineage-stage .node:focus b")
    expect(current).to_have_text("KS-1")
    page.keyboard.press("ArrowDown")
    first = current.inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert {first, current.inner_text()} <= {"KS-2", "KS-3"}
    page.keyboard.press("ArrowUp")
    expect(current).to_have_text("KS-1")
    label = page.locator(".lineage-stage .node:focus").get_attribute("aria-label") or ""
    assert "leads to KS-2, split 1/2" in label


def test_a_link_that_does_not_count_is_dashed_and_said(house: House, browser: Browser) -> None:
    play(house, "six")
    page = opened(house, browser, "KS-9", width=1100)
    drawn(page)
    aside = page.locator(".lineage-aside")
    assert aside.count() == 1
    assert aside.evaluate("line => getComputedStyle(line).strokeDasharray") != "none"
    assert page.get_by_text("merged, set aside").count() == 1


def test_a_large_picture_is_seen_whole_and_opens_large(house: House, browser: Browser) -> None:
    play(house, "two hundred")
    page = opened(house, browser, "KS-1", width=1100)
    drawn(page)
    page.get_by_role("button", name="Show all of it").click()
    frame = page.locator(".lineage-frame")
    assert frame.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
    page.get_by_role("button", name="Open large").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Open large")).to_be_focused()


def test_without_scripts_the_way_is_there_in_words(house: House, browser: Browser) -> None:
    play(house, "six")
    page = opened(house, browser, "KS-1", width=320, java_script_enabled=False)
    expect(page.locator(".lineage-words")).to_contain_text("split into")
    assert fits(page)


def test_demand_over_time_is_drawn_and_a_table_says_it(
    house: House, browser: Browser, complaints: list[str]
) -> None:
    play(house, "six")
    page = opened(house, browser, "KS-1", width=320)
    page.on("console", lambda said: complaints.append(said.text))
    page.reload()
    expect(page.locator(".trend canvas").first).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.locator(".trend-table tbody tr").first).to_contain_text("2")
    assert fits(page)
    assert complaints == []
