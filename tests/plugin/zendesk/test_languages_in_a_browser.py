"""The longest words fit: the sidebar in each language, at 320 px, with everything unfolded."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page

from lineage.wording.languages import LANGUAGES
from sandbox.zendesk.records import Ticket, User
from tests.plugin.house import House
from tests.plugin.test_frames_in_a_browser import HOST, fits
from tests.plugin.test_frames_in_a_browser import browser as browser  # noqa: PLC0414 - fixtures
from tests.plugin.test_frames_in_a_browser import complaints as complaints  # noqa: PLC0414
from tests.plugin.test_frames_in_a_browser import page as page  # noqa: PLC0414
from tests.plugin.zendesk.many_tongues import (
    agent_of,
    queue_of,
    queue_screens,
    queue_token,
    set_up,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine"),
]
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true })"


def opened(house: House, page: Page, agent: User, ticket: Ticket) -> Frame:
    token = house.zendesk.sidebar.token(house.zendesk.url, agent)
    page.goto(f"{house.zendesk.url}/agent")
    page.evaluate(HOST, [320, house.zendesk.sidebar.first_load_url(house.zendesk.url), token, ticket.id])
    page.wait_for_function("frames.length === 1")
    frame = page.frame("app")
    assert frame is not None
    frame.wait_for_selector("#fresh")
    return frame


def looked_at(frame: Frame, page: Page, name: str) -> None:
    frame.evaluate(UNFOLD)
    if folder := os.environ.get("KITHSPARK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert fits(frame), name


def test_the_sidebar_fits_at_320_px_in_every_language(house: House, page: Page, ticket: Ticket) -> None:
    page.set_default_timeout(30_000)
    beside = set_up(house, ticket)
    for language in LANGUAGES:
        agent = agent_of(house, language)
        frame = opened(house, page, agent, beside.new)
        assert frame.evaluate("document.documentElement.lang") == language
        looked_at(frame, page, f"{language}-suggestions")
        frame.click("button[hx-get$='/create']")
        frame.wait_for_selector(".create")
        frame.click(".create .primary")
        frame.wait_for_selector(".create [hx-post], .create .wrong, .note")
        looked_at(frame, page, f"{language}-form")
        frame = opened(house, page, agent, beside.linked)
        frame.wait_for_selector(".draft")
        looked_at(frame, page, f"{language}-linked")
        frame.click(".draft button")
        frame.wait_for_selector(".letter")
        looked_at(frame, page, f"{language}-reply")


def shown(frame: Frame, group: str) -> None:
    frame.click(f".q-tabs a[href$='show={group}']")
    frame.wait_for_selector(f".q-tabs a[aria-current=page][href$='show={group}']")


def test_the_queue_fits_at_320_px_in_every_language(house: House, page: Page, ticket: Ticket) -> None:
    """One message waits, another was edited and is approved for later, and everything is paused."""
    page.set_default_timeout(30_000)
    beside = set_up(house, ticket)
    agents = {language: agent_of(house, language) for language in LANGUAGES}
    bar = queue_of(house, agents["en"])
    dict(queue_screens(bar, beside))
    bar.post("/queue/pause")
    for language in LANGUAGES:
        token = queue_token(house, agents[language])
        page.goto(f"{house.zendesk.url}/agent")
        address = house.zendesk.sidebar.first_load_url(house.zendesk.url, "nav_bar")
        page.evaluate(HOST, [320, address, token, beside.linked.id])
        page.wait_for_function("frames.length === 1")
        frame = page.frame("app")
        assert frame is not None
        frame.wait_for_selector(".queue .q-card")
        assert frame.evaluate("document.documentElement.lang") == language
        looked_at(frame, page, f"{language}-queue")
        shown(frame, "scheduled")
        frame.wait_for_selector(".q-card ins")
        looked_at(frame, page, f"{language}-queue-scheduled")
        shown(frame, "done")
        looked_at(frame, page, f"{language}-queue-done")
