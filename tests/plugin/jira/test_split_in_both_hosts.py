"""Split with assignment, partial close and undo in a real browser: the same under Connect and under Forge."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, Route, expect

from sandbox.zendesk.records import Ticket
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.house import House
from tests.plugin.jira.conftest import works
from tests.plugin.jira.test_in_both_hosts import CHROMIUM, SHOTS, Way, at_issue, in_both_ways, panel
from tests.plugin.jira.test_in_both_hosts import browser as browser  # noqa: PLC0414 - the same browser
from tests.plugin.jira.test_in_both_hosts import complaints as complaints  # noqa: PLC0414
from tests.plugin.jira.test_split import carriers, parts_in_jira
from tests.plugin.jira.test_split import waits as waits  # noqa: PLC0414 - Ana and Bo ask for KS-1

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
WAYS = ("app", "forge")
SCHEMES = ("light", "dark")


@pytest.fixture
def asked_for(waits: House, tmp_path: Path) -> House:
    return in_both_ways(waits, tmp_path)


def looked_at(page: Page, frame: Frame, way: Way, name: str) -> None:
    """As wide as the host makes it: nothing hangs over, and axe finds nothing."""
    for width in (280, 320, 400, 800):
        page.evaluate("([id, w]) => { document.getElementById(id).style.width = w + 'px'; }", [way, width])
        page.wait_for_timeout(150)
        assert frame.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if SHOTS:
            page.locator(f"#{way}").screenshot(path=f"{SHOTS}/{name}-{width}.png")
    scheme = frame.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert list(complaints_of_axe(page, frame)) == []
    page.set_viewport_size({"width": 860, "height": 1000})
    page.emulate_media(color_scheme="dark" if scheme else "light")


def over(house: House, frame: Frame, begun: str, words: str) -> None:
    """The worker does in Jira what was asked for; the panel says so by itself."""
    frame.get_by_text(begun).wait_for()
    assert works(house) == ["done"]
    expect(frame.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_engineer_splits_and_says_who_wants_what(
    browser: Browser, asked_for: House, ticket: Ticket, complaints: list[str], way: Way, scheme: str
) -> None:
    page = at_issue(browser, asked_for, complaints, color_scheme=scheme)
    frame = panel(page, way)
    frame.get_by_role("heading", name="If you finish KS-1 now").wait_for()
    looked_at(page, frame, way, f"panel-{way}-{scheme}")
    frame.get_by_role("button", name="Split…").press("Enter")
    frame.get_by_label("Part 1", exact=True).fill("Export one report")
    frame.get_by_label("Public title of part 1").fill("One report as PDF")
    frame.get_by_label("Part 2", exact=True).fill("Send it every Monday")
    frame.get_by_label("Nothing: it is only a container").check()
    frame.get_by_role("button", name="Propose from their words").press("Enter")
    expect(frame.get_by_text("proposed", exact=True)).to_have_count(2)
    expect(frame.get_by_role("radio", name="All, or not sure", checked=True)).to_have_count(2)
    looked_at(page, frame, way, f"split-{way}-{scheme}")
    for who, part in (("Ana", "Export one report"), ("Bo", "Send it every Monday")):
        frame.get_by_role("group", name=who).get_by_role("radio", name=part).focus()
        page.keyboard.press("Space")  # no mouse
    frame.get_by_role("button", name="See what follows").press("Enter")
    expect(frame.get_by_role("heading", name="If you split KS-1")).to_be_focused()
    looked_at(page, frame, way, f"split-preview-{way}-{scheme}")
    frame.get_by_role("button", name="Split it").press("Enter")
    over(asked_for, frame, "Being made in Jira", "Done: the parts are")
    assert parts_in_jira(asked_for.jira).keys() == {"KS-2", "KS-3"}
    assert carriers(asked_for, ticket.id) == {"KS-2": "1"}
    assert carriers(asked_for, ticket.id + 1) == {"KS-3": "1"}
    assert page.context.cookies() == []
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_engineer_closes_in_part_and_undoes_it(
    browser: Browser, asked_for: House, ticket: Ticket, complaints: list[str], way: Way, scheme: str
) -> None:
    page = at_issue(browser, asked_for, complaints, color_scheme=scheme)
    frame = panel(page, way)
    frame.get_by_role("button", name="Close in part…").press("Enter")
    frame.get_by_label("What is delivered now").fill("One report as PDF")
    frame.get_by_role("button", name="See what follows").press("Enter")
    expect(frame.get_by_role("alert")).to_contain_text("Say where the rest goes")
    expect(frame.get_by_label("What is delivered now")).to_have_value("One report as PDF")
    frame.get_by_label("Part 1", exact=True).fill("Weekly mails")
    frame.get_by_label("Public title of part 1").fill("By mail, every Monday")
    frame.get_by_role("group", name="Ana").get_by_role("radio", name="One report as PDF").check()
    looked_at(page, frame, way, f"close-{way}-{scheme}")
    frame.get_by_role("button", name="See what follows").press("Enter")
    expect(frame.get_by_text("Then KS-1 is moved to done.")).to_be_visible()
    looked_at(page, frame, way, f"close-preview-{way}-{scheme}")
    frame.get_by_role("button", name="Close it in part").press("Enter")
    over(asked_for, frame, "Being made in Jira", "Done: the parts are")
    assert asked_for.jira.issue("KS-1").status.category == "done"
    assert set(carriers(asked_for, ticket.id)) == {"KS-1"}
    frame.get_by_role("button", name="Undo…").press("Enter")
    expect(frame.get_by_text("KS-2 stays in Jira")).to_be_visible()
    looked_at(page, frame, way, f"undo-close-{way}-{scheme}")
    frame.get_by_role("button", name="Undo it").press("Enter")
    over(asked_for, frame, "Being undone in Jira", "Undone.")
    assert parts_in_jira(asked_for.jira) == {}
    assert asked_for.jira.issue("KS-1").status.category == "new"
    assert page.context.cookies() == []
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_what_is_typed_as_a_part_is_offered_at_once_and_what_is_chosen_meanwhile_stays(
    browser: Browser, asked_for: House, complaints: list[str], way: Way
) -> None:
    page = at_issue(browser, asked_for, complaints)
    frame = panel(page, way)
    frame.get_by_role("button", name="Close in part…").press("Enter")
    part = frame.get_by_label("Part 1", exact=True)
    part.fill("Weekly mails")
    ana, bo = (frame.get_by_role("group", name=who) for who in ("Ana", "Bo"))
    ana.get_by_role("radio", name="Weekly mails").check()
    slow: list[Route] = []

    def keep_back(route: Route) -> None:
        if "split/form" in route.request.url + (route.request.post_data or ""):
            slow.append(route)
        else:
            route.continue_()

    page.route(re.compile("/split/form|/forge-host/invoke"), keep_back)
    part.press("End")
    part.press_sequentially(" as PDF")
    page.wait_for_timeout(600)
    bo.get_by_role("radio", name="what KS-1 keeps").focus()
    page.keyboard.press("Space")
    [under_way] = slow
    under_way.continue_()
    expect(ana.get_by_role("radio", name="Weekly mails as PDF")).to_be_checked()
    expect(bo.get_by_role("radio", name="what KS-1 keeps")).to_be_checked()
    expect(bo.get_by_role("radio", name="what KS-1 keeps")).to_be_focused()
    expect(part).to_have_value("Weekly mails as PDF")
    assert complaints == []
    page.context.close()
