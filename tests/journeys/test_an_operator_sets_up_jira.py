"""An operator sets up Jira on a page: account, webhook, words, and a self-test that Jira's own call ends."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.demo.operator import EMAIL, SLUG
from tests.journeys.axe import complaints
from tests.journeys.house import House
from tests.journeys.walking import tab_to

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS", "")
"""A folder, to look at what this saw."""


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(house.operator.sign_in_link(EMAIL))
    page.locator("main button").first.click()
    page.wait_for_url("**/admin/**")
    page.goto(f"{house.stage.kithspark.url}/admin/{SLUG}/jira")
    yield page
    context.close()


def test_from_a_wrong_token_to_a_self_test_that_works(house: House, page: Page) -> None:
    key, jira = house.issue("Try me"), house.stage.jira
    expect(page.get_by_text(f"Connected to {jira.url}")).to_be_visible()

    page.get_by_label("API token").fill("wrong")
    page.get_by_role("button", name="Connect again").click()
    expect(page.get_by_role("alert")).to_contain_text("Check the e-mail address, the API token")
    tab_to(page, "API token")
    page.keyboard.type(jira.api_token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Jira is connected")

    tab_to(page, "Make a new secret")
    page.keyboard.press("Enter")
    address = page.locator("code", has_text="/webhooks/jira/").inner_text()
    secret = page.locator("#secret").inner_text()
    jira.sender.subscriptions = [one for one in jira.sender.subscriptions if not one.secret]
    jira.webhook(address, secret)  # as the administrator of Jira pastes them
    page.goto(f"{house.stage.kithspark.url}/admin/{SLUG}/jira")
    expect(page.locator("#secret")).to_have_count(0)

    page.get_by_label("Relates").select_option(label="say nothing about who asked")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("It counts at once")

    tab_to(page, "Key of the issue")
    page.keyboard.type(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everything works")).to_be_visible()
    expect(page.get_by_text(f"A signed call about {key} arrived")).to_be_visible()
    _looked_at(page, "works")


def test_while_jira_does_not_call_one_waits_and_is_told(house: House, page: Page) -> None:
    key, jira = house.issue("Nobody calls"), house.stage.jira
    kept, jira.sender.subscriptions = jira.sender.subscriptions, []
    try:
        page.get_by_label("Key of the issue").fill(key)
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("Now Jira has to call")).to_be_visible()
        _looked_at(page, "waits")
        jira.sender.subscriptions = kept
        jira.edit(key, summary="Somebody calls")  # the webhook is there at last, and the page hears of it
        expect(page.get_by_text("Everything works")).to_be_visible()
    finally:
        jira.sender.subscriptions = kept


def _looked_at(page: Page, name: str) -> None:
    for scheme in ("light", "dark"):
        for width in (280, 320, 400, 800):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/jira-{name}-{scheme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    assert list(complaints(page, page.main_frame)) == []
