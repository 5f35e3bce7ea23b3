"""What journeys ask for: a running house, the story half played, and a real browser."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sandbox.demo.scene import Scene
from tests.journeys.chromium import chromium, started
from tests.journeys.house import House, opened
from tests.journeys.playing import played

NO_BROWSER = "NO CHROMIUM on this machine: no page was looked at in a browser. Debian: apt install chromium"


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with opened() as house:
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None and os.environ.get("CI") == "true":
        pytest.fail(NO_BROWSER)
    if program is None:
        pytest.skip(NO_BROWSER)
    with started(program) as browser:
        yield browser


@pytest.fixture(scope="module")
def scene(browser: Browser) -> Iterator[Scene]:
    """The story up to the first part that is done: some were told, the rest is to come."""
    with played(until="The first part is done") as scene:
        yield scene
