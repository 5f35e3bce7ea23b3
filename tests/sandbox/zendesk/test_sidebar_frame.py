"""The sidebar app in its frame, in a real browser: its signed first load, and what the two pages say."""

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Page, sync_playwright

from sandbox.server import Server
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
APP = """<!doctype html><title>app</title><p id="ticket"></p><p id="user"></p><p id="heard"></p>
<script src="{sdk}"></script><script>
const client = ZAFClient.init(), show = (id, text) => {{ document.getElementById(id).textContent = text; }};
client.on("app.registered", (data) => show("heard", data.context.location));
client.context().then((context) => show("ticket", context.ticketId));
client.get(["currentUser", "colorScheme"]).then(
  (got) => show("user", got.currentUser.name + " " + got.colorScheme));
client.invoke("resize", {{ height: "123px" }});
client.invoke("notify", "Linked to KS-1", "notice");
</script>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on this machine: the sidebar's frame is untested"
    ),
]


class App:
    """A sidebar app that somebody wrote for this vendor."""

    def __init__(self, zendesk: Zendesk) -> None:
        self.opened: list[tuple[dict[str, str], dict[str, str]]] = []
        self.sdk = f"{zendesk.url}/zaf_sdk.min.js"
        app = Flask("app")
        app.add_url_rule("/sidebar", methods=["POST"], view_func=self.open)
        self.server = Server(app)

    def open(self) -> ResponseReturnValue:
        self.opened.append((request.args.to_dict(), request.form.to_dict()))
        return APP.format(sdk=self.sdk)


@pytest.fixture
def app(zendesk: Zendesk) -> Iterator[App]:
    app = App(zendesk)
    with app.server:
        zendesk.install(f"{app.server.url}/sidebar")
        yield app


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": 1200, "height": 800}, color_scheme="dark")
        browser.close()


def test_the_browser_posts_the_token_and_the_app_learns_its_ticket(
    zendesk: Zendesk, app: App, page: Page, ticket: Ticket
) -> None:
    zendesk.add_agent("Sam Agent", "sam@helpdesk.example")
    page.goto(f"{zendesk.url}/agent/tickets/{ticket.id}")
    frame = page.frame_locator("iframe[name=sidebar]")
    frame.get_by_text(str(ticket.id)).wait_for()
    frame.get_by_text("Sam Agent dark").wait_for()
    frame.get_by_text("ticket_sidebar").wait_for()
    page.get_by_role("status").get_by_text("Linked to KS-1").wait_for()
    assert page.locator("iframe").evaluate("frame => frame.style.height") == "123px"
    [(query, form)] = app.opened
    assert query["origin"] == zendesk.url
    assert query["app_guid"]
    assert list(form) == ["token"]


@pytest.mark.parametrize("width", [320, 1200])
def test_no_page_is_wider_than_its_window(zendesk: Zendesk, page: Page, ticket: Ticket, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/agent", f"/agent/tickets/{ticket.id}", "/inbox", "/inbox/ana@acme.example"):
        page.goto(zendesk.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
