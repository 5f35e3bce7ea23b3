"""The approval queue in a real browser: in the nav bar and among the operator's pages, without a mouse."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Frame, Page

from lineage.changes import Change, Linked, PersonSeen, PostSeen, Titled, Voted
from lineage.terms import Origin
from sandbox.zendesk.records import Ticket, User
from store import workspaces
from store.database import transaction
from tests.journeys.axe import complaints as complaints_of_axe
from tests.plugin.admin.conftest import link_for
from tests.plugin.house import House
from tests.plugin.test_frames_in_a_browser import browser as browser  # noqa: PLC0414 - fixtures
from tests.plugin.test_frames_in_a_browser import complaints as complaints  # noqa: PLC0414
from tests.plugin.test_frames_in_a_browser import fits
from tests.plugin.zendesk.test_queue import owed as owed  # noqa: PLC0414 - two messages that wait

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine"),
]


@pytest.fixture
def page(browser: Chromium, complaints: list[str]) -> Iterator[Page]:
    """Somebody in Berlin."""
    context = browser.new_context(
        viewport={"width": 900, "height": 900}, locale="en-US", timezone_id="Europe/Berlin"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def nav_bar(house: House, page: Page) -> Frame:
    """The sandbox's own page of the app, as Zendesk shows it."""
    page.goto(f"{house.zendesk.url}/agent/apps")
    page.wait_for_function("frames.length === 1")
    frame = page.frame("sidebar")
    assert frame is not None
    frame.wait_for_selector(".queue")
    return frame


def keep(page: Page, name: str) -> None:
    """A picture, where somebody asks for them."""
    if folder := os.environ.get("KITHSPARK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_by_keyboard_words_are_edited_chosen_scheduled_and_all_is_paused(
    owed: House, agnes: User, page: Page, complaints: list[str]
) -> None:
    frame = nav_bar(owed, page)
    first, _ = owed.plan()
    frame.focus(f"details:has(#words-{first.id}) summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Bye!")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame.wait_for_selector("ins")
    assert "Edited by Agnes" in frame.inner_text(".queue")
    assert frame.evaluate("document.activeElement.className").startswith("notice good")
    frame.focus("[data-all]")
    page.keyboard.press("Space")
    assert frame.eval_on_selector_all("[name=notice]:checked", "all => all.length") == 2
    assert frame.inner_text("[data-zone]") == "Europe/Berlin"
    day = owed.clock.now() + timedelta(days=5)
    frame.fill("[data-moment]", f"{day:%Y-%m-%d}T09:30")
    frame.focus("text=Approve those chosen")
    page.keyboard.press("Enter")
    frame.wait_for_selector("text=2 approved")
    plan = {one.id: one for one in owed.plan()}
    assert plan[first.id].text.endswith("Bye!") and plan[first.id].approved_by == "Agnes"
    for one in plan.values():
        assert one.not_before is not None
        assert f"{one.not_before:%H:%M}" in ("08:30", "07:30"), "half past nine in Berlin, winter or summer"
    frame.focus("text=approved for later")
    page.keyboard.press("Enter")
    frame.wait_for_selector("[aria-current]:has-text('approved for later')")
    frame.wait_for_selector("time[data-local]:has-text('9:30') >> nth=0")
    frame.wait_for_selector(".htmx-settling", state="detached")  # until then nothing new there can be pressed
    frame.focus("text=Pause everything")
    page.keyboard.press("Enter")
    frame.wait_for_selector("text=Let it go on")
    assert "By Agnes, since" in frame.inner_text(".q-pause")
    assert complaints == []


@pytest.fixture
def voted(house: House) -> House:
    """KS-1 is done; Ana voted for it in the community, and is owed that in a ticket of her own."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    ana, now = house.zendesk.add_user("Ana", "ana@acme.example"), house.clock.now()
    who = PersonSeen("zendesk", str(ana.id), "Ana", emails=("ana@acme.example",))
    with transaction(house.state.engine) as conn:
        workspaces.set_policy(conn, house.workspace.id, replace(house.workspace.policy, voter_tickets=True))
        house.workspace = workspaces.by_id(conn, house.workspace.id)
    happened: list[Change] = [
        Titled(house.item_id("KS-1"), "Export to PDF", own_part=False, by="x", at=now),
        PostSeen("community:77", "Export, please", who, now),
        Linked(Origin("zendesk:community", "77"), house.item_id("KS-1"), "agent", now),
        Voted("community:77", who, now),
    ]
    for number, change in enumerate(happened):
        house.record(change, f"vote:{number}")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    house.hold_for_approval()
    return house


def test_the_nav_bar_fits_breaks_no_rule_and_keeps_its_key_to_itself(
    owed: House, agnes: User, page: Page, complaints: list[str]
) -> None:
    frame = nav_bar(owed, page)
    assert "eyJ" not in frame.content() and frame.evaluate("document.cookie") == ""
    assert page.context.cookies(owed.url) == []
    first = owed.plan()[0]
    frame.evaluate("document.querySelectorAll('.q-edit')[0].open = true")
    frame.fill(f"#words-{first.id}", first.text.replace("Export to PDF", "export of reports to PDF"))
    frame.click("text=Keep these words")
    frame.wait_for_selector("ins")
    for width in (320, 800):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert fits(frame) and fits(page), (width, scheme)
            keep(page, f"queue-nav-bar-{width}-{scheme}")
    assert list(complaints_of_axe(page, frame)) == []
    assert complaints == []


def test_what_everybody_is_to_read_besides_stands_beside_what_one_voter_is_told(
    voted: House, agnes: User, page: Page, complaints: list[str]
) -> None:
    frame = nav_bar(voted, page)
    assert "in a ticket of their own, for their vote for community post 77" in frame.inner_text(".q-card")
    both = frame.locator(".q-card blockquote")
    assert both.count() == 2 and "Hi Ana," in both.nth(0).inner_text()
    assert "Export to PDF" in both.nth(1).inner_text() and "Ana" not in both.nth(1).inner_text()
    for width in (320, 800):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert fits(frame) and fits(page), (width, scheme)
            keep(page, f"queue-own-ticket-{width}-{scheme}")
    assert list(complaints_of_axe(page, frame)) == []
    assert complaints == []


def test_the_operators_page_fits_breaks_no_rule_and_says_what_is_paused(
    owed: House, page: Page, complaints: list[str]
) -> None:
    page.goto(owed.url + link_for(owed))
    page.locator("main button").first.click()
    page.wait_for_url("**/admin/**")
    page.goto(f"{owed.url}/admin/acme/plan?show=waiting&kind=delivered")
    page.get_by_role("button", name="Pause everything").press("Enter")
    page.get_by_text("Everything is paused").wait_for()
    assert page.url.endswith("?show=waiting&kind=delivered")
    for width in (320, 800):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert fits(page), (width, scheme)
            keep(page, f"queue-admin-{width}-{scheme}")
    assert list(complaints_of_axe(page, page.main_frame)) == []
    page.get_by_label("Approve for Ana").press("Enter")
    page.get_by_text("1 approved").wait_for()
    assert [one.approved_by for one in owed.plan() if one.approved_by] == ["olga@example.com"]
    assert complaints == []


COUNT = """window.addEventListener("click", (event) => {
  if (event.isTrusted) window.parent.postMessage({ clicked: event.target.tagName }, "*");
}, true);
if (window === window.top) {
  window.clicks = [];
  window.addEventListener("message", (event) => {
    if (event.data.clicked) window.clicks.push(event.data.clicked);
  });
}"""
"""In every frame: each click of a mouse or by a key is told to the page around it, which counts them."""


@pytest.mark.parametrize("suggested", [True, False])
def test_from_an_opened_ticket_to_the_linked_issue_it_is_two_clicks_at_most(
    house: House, agnes: User, page: Page, ticket: Ticket, suggested: bool
) -> None:
    """The ticket's own page in Zendesk, with the app beside it: an issue that is suggested, and another."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.jira.add_issue("KS-2", "Passkeys")
    house.reads("KS-1", "KS-2")
    page.add_init_script(COUNT)
    page.goto(f"{house.zendesk.url}/agent/tickets/{ticket.id}")
    sidebar = page.frame_locator("iframe[name=sidebar]")
    key = "KS-1" if suggested else "KS-2"
    if not suggested:
        sidebar.get_by_label("Search in Jira").click()
        page.keyboard.type("KS-2")
        with page.expect_response("**/search*"):
            page.keyboard.press("Enter")  # the browser clicks the form's button for it: not a hand's
    sidebar.get_by_role("button", name=f"Link to {key}").click()
    sidebar.get_by_text(f"Linked to {key}").wait_for()
    assert [ask.item.key for ask in house.asks(ticket.id)] == [key]
    clicks = page.evaluate("window.clicks")
    by_the_browser = [] if suggested else ["BUTTON"]
    assert sorted(clicks) == sorted([*by_the_browser, *(["BUTTON"] if suggested else ["INPUT", "BUTTON"])])
    assert len(clicks) - len(by_the_browser) <= 2
