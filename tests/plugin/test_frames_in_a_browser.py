"""The faces in a real browser: they fit, need no mouse, and break no rule of their own policy."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from sandbox.zendesk.records import Ticket
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module

CHROMIUM = shutil.which("chromium") or ""
ARGS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]

HOST = """([width, url, token, ticket]) => {
  document.body.innerHTML =
    '<iframe name="app"></iframe><form method="post" target="app"><input name="token"></form>';
  Object.assign(document.querySelector("iframe").style, { width: `${width}px`, height: "900px", border: 0 });
  addEventListener("message", (event) => {
    const said = event.data || {};
    if (said.zaf !== "call") return;
    const result = said.method === "get" ? { "ticket.id": ticket } : {};
    event.source.postMessage({ zaf: "answer", guid: said.guid, id: said.id, result }, "*");
  });
  Object.assign(document.forms[0], { action: url });
  document.forms[0].token.value = token;
  document.forms[0].submit();
}"""
"""What Zendesk does around the frame of an app."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS.split())
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(8000)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def ticket(house: House) -> Ticket:
    ana = house.zendesk.add_user("Ana", "ana@acme.example")
    return house.zendesk.open_ticket(ana, "Exporting reports to PDF", "We export 300 reports by hand.")


def open_sidebar(house: House, page: Page, ticket: Ticket, *, width: int) -> Frame:
    """As Zendesk opens it: a page of Zendesk posts the signed form into a frame."""
    agent = house.zendesk.add_agent("Agnes", "agnes@helpdesk.example")
    token = house.zendesk.sidebar.token(house.zendesk.url, agent)
    page.goto(f"{house.zendesk.url}/agent")
    page.evaluate(HOST, [width, house.zendesk.sidebar.first_load_url(house.zendesk.url), token, ticket.id])
    page.wait_for_function("frames.length === 1")
    frame = page.frame("app")
    assert frame is not None
    frame.wait_for_selector("#fresh")
    return frame


def fits(frame: Frame | Page) -> bool:
    root = "document.documentElement"
    return bool(frame.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


def test_an_agent_links_and_takes_it_back_without_a_mouse_at_320_px(
    house: House, page: Page, ticket: Ticket, complaints: list[str]
) -> None:
    house.jira.add_issue("KS-7", "Print to paper")
    frame = open_sidebar(house, page, ticket, width=320)
    assert fits(frame)
    frame.focus("#q")
    page.keyboard.type("print")
    page.keyboard.press("Enter")
    frame.wait_for_selector("#found li")
    frame.wait_for_selector(".search button:enabled")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame.wait_for_selector(".note-good")
    assert "Linked to KS-7" in frame.inner_text(".note-good")
    assert [ask.item.key for ask in house.asks(ticket.id)] == ["KS-7"]
    assert fits(frame)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame.wait_for_selector("#q")
    assert "Unlinked from KS-7" in frame.inner_text(".note-good")
    assert complaints == []


def test_the_key_of_the_page_is_nowhere_that_another_script_could_read_it(
    house: House, page: Page, ticket: Ticket
) -> None:
    frame = open_sidebar(house, page, ticket, width=320)
    assert "eyJ" not in frame.content()
    assert frame.evaluate("document.cookie") == ""
    assert "eyJ" not in frame.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_what_goes_wrong_is_said_and_the_screen_stays(house: House, page: Page, ticket: Ticket) -> None:
    frame = open_sidebar(house, page, ticket, width=320)
    house.clock.advance(21 * 60)
    frame.fill("#q", "print")
    frame.click("text=Search >> nth=-1")
    frame.wait_for_selector("#message .note-bad")
    assert "rested too long" in frame.inner_text("#message")
    assert frame.is_visible("#q")


@pytest.mark.parametrize("width", [280, 900])
def test_the_panel_fits_its_place_beside_the_issue(
    house: House, page: Page, ticket: Ticket, width: int
) -> None:
    house.jira.add_issue("KS-1", "PDF export of reports, in the first phase without a scheduler")
    house.jira.install(house.url)
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    house.jira.split("KS-1", ["Export one report", "Scheduled exports, with a mailbox as their target"])
    house.reads("KS-1", "KS-2", "KS-3")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(house.jira.frame_url("KS-1"))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert fits(page)
    page.click("text=Only a container >> nth=0")
    page.wait_for_selector("text=Who waits for what", state="attached")
    assert fits(page)
    page.click("text=Do it")
    page.wait_for_selector(".note-good")
    assert "only its parts count" in page.inner_text(".note-good")
