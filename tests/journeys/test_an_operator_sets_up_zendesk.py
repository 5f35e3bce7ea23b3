"""From an empty workspace to "a test ticket was answered", with the keyboard, under Zendesk's own address."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from connectors.zendesk.self_test import TAG
from sandbox.demo.operator import EMAIL, SLUG, Operator
from sandbox.demo.stage import Stage
from tests.journeys.as_zendesk import AsZendesk
from tests.journeys.axe import complaints
from tests.journeys.walking import tab_to

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS", "")
"""A folder, to look at what this saw."""
ACCOUNT = "kites"


class Empty(NamedTuple):
    """A workspace that knows nobody yet. `link` signs its operator in."""

    stage: Stage
    link: str


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    with Stage() as stage:
        port = urlsplit(stage.zendesk.url).port
        assert port is not None
        zendesk = AsZendesk(tmp_path, ACCOUNT, port)
        stage.kithspark.settings |= zendesk.environment
        operator = Operator(stage)
        operator.run("migrate")
        stage.kithspark.start()
        operator.run("workspace", "add", SLUG, "--name", "Kite Works")
        yield Empty(stage, operator.sign_in_link(EMAIL))
        zendesk.close()
        assert zendesk.refused == []


@pytest.fixture
def page(browser: Browser, empty: Empty) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(40_000)
    expect.set_options(timeout=40_000)
    page.goto(empty.link)
    page.locator("main button").first.click()
    page.wait_for_url("**/admin/**")
    yield page
    context.close()


def test_from_an_empty_workspace_to_a_test_ticket_that_was_answered(empty: Empty, page: Page) -> None:
    zendesk = empty.stage.zendesk
    tab_to(page, "Zendesk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set up Zendesk")).to_be_visible()
    _looked_at(page, "empty")
    for name, words in (
        ("Address of your Zendesk", ACCOUNT),
        ("Identifier of the OAuth client", zendesk.client_id),
        ("Secret of the OAuth client", "wrong"),
    ):
        tab_to(page, name)
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Zendesk did not accept the OAuth client")
    _looked_at(page, "wrong")
    tab_to(page, "Secret of the OAuth client")
    page.keyboard.type(zendesk.client_secret)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Connected to https://{ACCOUNT}.zendesk.com")).to_be_visible()

    tab_to(page, "Make the webhook")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The webhook is made")).to_be_visible()
    expect(page.get_by_text("Zendesk called, and its signature fits.")).to_be_visible()

    tab_to(page, "Download the app")
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    package = downloading.value.path().read_bytes()
    address = page.locator("code", has_text="/zendesk/sidebar/").inner_text()
    zendesk.install_package(package, {"sidebar_address": address})  # as the administrator uploads it
    tab_to(page, "Find the app in Zendesk")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The sidebar is known: app “Kithspark”")).to_be_visible()
    number = zendesk.sidebar.installation
    opens = f"It opens for https://{ACCOUNT}.zendesk.com/api/v2/apps/installations/{number}.json alone."
    expect(page.get_by_text(opens)).to_be_visible()

    tab_to(page, "Try it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A test ticket was answered, and mailed.")).to_be_visible()
    [ticket] = [one for one in zendesk.tickets() if TAG in one.tags]
    expect(page.get_by_text(f"A signed call about ticket {ticket.id} arrived")).to_be_visible()
    assert (ticket.status, len(zendesk.public_comments(ticket))) == ("solved", 1)
    assert [mail.ticket for mail in zendesk.mails(EMAIL)] == [ticket.id]
    assert zendesk.client_secret not in page.content()
    _looked_at(page, "works")


def test_an_account_whose_triggers_mail_nobody_is_told_so_in_german(empty: Empty, browser: Browser) -> None:
    stage = empty.stage
    context = browser.new_context(viewport={"width": 800, "height": 900}, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(40_000)
    expect.set_options(timeout=40_000)
    page.goto(empty.link)
    page.locator("main button").first.click()
    page.wait_for_url("**/admin/**")
    page.goto(f"{stage.kithspark.url}/admin/{SLUG}/zendesk")
    page.get_by_label("Adresse Ihres Zendesk").first.fill(f"{ACCOUNT}.zendesk.com/agent/dashboard")
    page.get_by_label("Kennung des OAuth-Clients").fill(stage.zendesk.client_id)
    page.get_by_label("Geheimnis des OAuth-Clients").fill(stage.zendesk.client_secret)
    page.get_by_role("button", name="Verbinden").first.click()
    expect(page.get_by_text(f"Verbunden mit https://{ACCOUNT}.zendesk.com")).to_be_visible()
    stage.zendesk.knobs.mail_on_comment = False
    page.get_by_role("button", name="Ausprobieren").click()
    expect(page.get_by_text("Ein Testticket wurde beantwortet: eingetragen, nicht gemailt.")).to_be_visible()
    expect(page.get_by_text("Es gibt noch keinen Webhook")).to_be_visible()
    _looked_at(page, "posted-de")
    context.close()


def _looked_at(page: Page, name: str) -> None:
    for scheme in ("light", "dark"):
        for width in (280, 320, 400, 800):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if SHOTS and width in (320, 800):
                page.screenshot(path=f"{SHOTS}/zendesk-{name}-{scheme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1000, "height": 900})
    assert list(complaints(page, page.main_frame)) == []
