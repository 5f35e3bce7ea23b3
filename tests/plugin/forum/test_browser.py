"""The forum in a real browser: what scripts add, what they must never do, and how it fits."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from plugin.forum.visitor import Visitor
from tests.plugin.forum.conftest import Scene
from tests.plugin.forum.hostile import fill

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install Debian's chromium to run these"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _page(
    browser: Browser, scene: Scene, visitor: Visitor, *, scripts: bool = True, width: int = 1200
) -> Page:
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 700})
    for cookie in visitor._browser.cookies:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": scene.url}])
    page = context.new_page()
    page.goto(f"{scene.url}/f/acme/")
    return page


def test_the_list_follows_what_one_types(browser: Browser, scene: Scene) -> None:
    ana = scene.member("Ana")
    scene.published(ana, "Export to PDF")
    scene.published(ana, "Dark mode")
    page = _page(browser, scene, ana)
    page.locator("#q").press_sequentially("exporting")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".card h2")).to_have_text("Export to PDF")


def test_a_vote_by_keyboard_stays_on_the_page_and_keeps_its_place(browser: Browser, scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    page = _page(browser, scene, scene.member("Ben"))
    page.locator(f"#vote-{post_id}").press("Enter")
    expect(page.locator(f"#vote-{post_id}[aria-pressed=true]")).to_be_focused()
    assert page.url == f"{scene.url}/f/acme/"
    assert scene.votes(post_id) == 2


def test_without_scripts_one_searches_and_votes_all_the_same(browser: Browser, scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    page = _page(browser, scene, scene.member("Ben"), scripts=False)
    page.fill("#q", "pdf")
    page.get_by_role("button", name="Search").click()
    page.locator(f"#vote-{post_id}").click()
    expect(page.locator(f"#vote-{post_id}[aria-pressed=true]")).to_be_visible()
    assert page.url.endswith("?q=pdf")
    assert scene.votes(post_id) == 2


def test_nothing_that_people_type_ever_runs(browser: Browser, scene: Scene) -> None:
    hostile = fill(scene)
    page = _page(browser, scene, hostile.author)
    trouble: list[str] = []
    # A dialog that nobody closes would stop the page, and so the test: it is noticed either way.
    page.on("console", lambda line: trouble.append(line.text))
    page.on("request", lambda sent: trouble.append(sent.url) if not sent.url.startswith(scene.url) else None)
    for path in ("/", "/?page=2", *(f"/posts/{post_id}" for post_id in hostile.posts)):
        page.goto(f"{scene.url}/f/acme{path}")
    assert not trouble


@pytest.mark.parametrize("width", [320, 1200])
def test_no_page_is_wider_than_its_window(browser: Browser, scene: Scene, width: int) -> None:
    ana = scene.member("Ana")
    post_id = scene.published(ana, "W" * 120, "`" + "w" * 500 + "`\n\n    " + "x" * 500)
    held = ana.post("Donaudampfschifffahrtsgesellschaftskapitän " * 2, "Please.")
    page = _page(browser, scene, ana, width=width)
    for path in ("/", f"/posts/{post_id}", f"/posts/{held}", "/new?title=wwww", "/sign-in", "/nothing"):
        page.goto(f"{scene.url}/f/acme{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
