"""Split with assignment, close in part, and undo, in the panel inside the sandbox's Jira, in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from sandbox.zendesk.records import Ticket
from tests.journeys.house import House, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with opened() as found:
        yield found


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, house: House, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 1000}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def asked_for(house: House) -> tuple[str, Ticket, Ticket]:
    """An issue, and the tickets of two who ask for it."""
    key = house.issue("Export reports")
    ana, bo = house.customer("Ana", won="1200.00"), house.customer("Bo")
    first = house.linked(ana, "Export one report to PDF", key, title="Reports as PDF")
    second = house.linked(bo, "Send it every Monday", key, title="Reports as PDF")
    house.quiet()
    return key, first, second


def panel_of(house: House, page: Page, key: str) -> FrameLocator:
    page.goto(f"{house.stage.jira.url}/browse/{key}")
    return page.frame_locator("#app")


def parts_of(house: House, key: str) -> dict[str, str]:
    site = house.stage.jira.site
    with site.lock:
        whole = site.issue(key)
        ends = [site.issues[one.destination] for one in site.links.values() if one.source == whole.id]
        return {part.summary: part.key for part in ends}


def test_an_engineer_splits_and_says_who_wants_what(house: House, page: Page, complaints: list[str]) -> None:
    key, *_ = asked_for(house)
    panel = panel_of(house, page, key)
    expect(panel.get_by_text("2 people · 2 companies")).to_be_visible()
    expect(panel.get_by_role("heading", name=f"If you finish {key} now")).to_be_visible()
    panel.get_by_role("button", name="Split…").click()
    panel.get_by_label("Part 1", exact=True).fill("Export one report")
    panel.get_by_label("Public title of part 1").fill("One report as PDF")
    panel.get_by_label("Part 2", exact=True).fill("Send it every Monday")
    panel.get_by_label("Public title of part 2").fill("By mail, every Monday")
    panel.get_by_label("Nothing: it is only a container").check()
    panel.get_by_role("button", name="Propose from their words").click()
    expect(panel.get_by_text("proposed", exact=True)).to_have_count(2)
    expect(panel.get_by_role("radio", name="All, or not sure", checked=True)).to_have_count(2)
    ana = panel.get_by_role("group", name="Ana")
    ana.get_by_role("radio", name="Export one report").focus()
    page.keyboard.press("Space")  # no mouse
    panel.get_by_role("button", name="See what follows").click()
    expect(panel.get_by_text("Nobody is told anything by this alone.")).to_be_visible()
    panel.get_by_role("button", name="Split it").click()
    expect(panel.get_by_text("Done: the parts are")).to_be_visible()
    assert parts_of(house, key).keys() == {"Export one report", "Send it every Monday"}
    assert complaints == []


def test_an_engineer_closes_in_part_and_undoes_it(house: House, page: Page, complaints: list[str]) -> None:
    key, first, second = asked_for(house)
    panel = panel_of(house, page, key)
    panel.get_by_role("button", name="Close in part…").click()
    panel.get_by_label("What is delivered now").fill("One report as PDF")
    panel.get_by_role("button", name="See what follows").click()
    expect(panel.get_by_role("alert")).to_contain_text("Say where the rest goes")
    expect(panel.get_by_label("What is delivered now")).to_have_value("One report as PDF")
    panel.get_by_label("Part 1", exact=True).fill("Weekly mails")
    panel.get_by_label("Public title of part 1").fill("By mail, every Monday")
    panel.get_by_role("group", name="Ana").get_by_role("radio", name="One report as PDF").check()
    panel.get_by_role("button", name="See what follows").click()
    expect(panel.get_by_text("hears “1 of 2 parts”")).to_be_visible()
    panel.get_by_role("button", name="Close it in part").click()
    expect(panel.get_by_text("Done: the parts are")).to_be_visible()
    assert house.stage.jira.issue(key).status.category == "done"
    house.quiet()
    assert "1 of 2 parts" in house.replies(second)[-1]
    assert "1 of 2" not in house.replies(first)[-1]
    panel.get_by_role("button", name="Undo…").click()
    expect(panel.get_by_text("stays in Jira")).to_be_visible()
    panel.get_by_role("button", name="Undo it").click()
    expect(panel.get_by_text("Undone.")).to_be_visible()
    assert parts_of(house, key) == {}
    assert house.stage.jira.issue(key).status.category != "done"
    assert complaints == []


def test_the_panel_is_as_light_or_dark_as_its_host(house: House, page: Page) -> None:
    key, *_ = asked_for(house)
    page.emulate_media(color_scheme="dark")
    panel = panel_of(house, page, key)
    root = panel.locator(":root")
    expect(root).to_have_attribute("data-colour", "dark")
    page.emulate_media(color_scheme="light", contrast="more")
    expect(root).to_have_attribute("data-colour", "light")
    panel = panel_of(house, page, key)
    expect(panel.locator(":root")).to_have_attribute("data-contrast", "more")
