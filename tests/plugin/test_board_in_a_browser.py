"""The demand board in a real browser: it fits its place, follows links in place, and needs no mouse."""

import csv
import os
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module
from tests.plugin.test_demand_board import story as story  # noqa: PLC0414 - what is asked for
from tests.plugin.test_frames_in_a_browser import CHROMIUM, fits
from tests.plugin.test_frames_in_a_browser import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.test_frames_in_a_browser import complaints as complaints  # noqa: PLC0414
from tests.plugin.test_frames_in_a_browser import page as page  # noqa: PLC0414

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


def open_board(house: House, page: Page, query: str = "") -> None:
    """As Jira opens it for somebody who signed in there."""
    made = house.jira.connect.installation or house.jira.install(house.url)
    url = f"{house.url}/connect/board?xdm_e={house.jira.url}{query}"
    page.goto(f"{url}&jwt={house.jira.connect.host_token(made, 'GET', url, sub=house.jira.user.account_id)}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_from_280_px_and_breaks_no_rule(
    story: House, page: Page, complaints: list[str], scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    then = (story.clock.now() - timedelta(days=50)).date()
    for width in (280, 400, 800, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        open_board(story, page, f"&then={then}")
        expect(page.get_by_text("down 3")).to_be_attached()
        assert fits(page), width
        keep(page, f"{width}-{scheme}")
    assert list(complaints_of_axe(page, page.main_frame)) == []
    open_board(story, page, "&project=NONE")
    assert list(complaints_of_axe(page, page.main_frame)) == []
    assert [said for said in complaints if "404" not in said] == [], "but for an icon of the whole tab"


def test_by_keyboard_it_is_sorted_filtered_opened_and_saved(
    story: House, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    open_board(story, page)
    page.get_by_role("link", name="People").press("Enter")
    expect(page.get_by_role("columnheader", name="People")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("[data-focus]")).to_be_focused()
    assert page.get_by_role("row").nth(1).get_by_role("rowheader").inner_text().strip().startswith("KS-1")
    page.get_by_label("Project").select_option("OPS")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_label("why?").press("Enter")
    expect(page.get_by_text("Globex: customer $500.00 won")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").press("Enter")
    saved.value.save_as(tmp_path / "demand.csv")
    with (tmp_path / "demand.csv").open(encoding="utf-8-sig") as file:
        assert [row["issue"] for row in csv.DictReader(file)] == ["OPS-1"]
    page.get_by_role("link", name="Clear").press("Enter")
    expect(page.get_by_role("row")).to_have_count(5)
    assert [said for said in complaints if "404" not in said] == [], "but for an icon of the whole tab"


def test_what_goes_wrong_is_said_and_the_ranking_stays(story: House, page: Page) -> None:
    open_board(story, page)
    story.clock.advance(21 * 60)
    page.get_by_role("link", name="People").click()
    expect(page.locator("#message")).to_contain_text("rested too long")
    expect(page.get_by_role("row")).to_have_count(5)


def keep(page: Page, name: str) -> None:
    """For whoever wants to look: PICTURES=folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"board-{name}.png", full_page=True)
