"""How people get about: signing in, and the keyboard."""

import re

from playwright.sync_api import Page

from sandbox.demo.cast import Customer
from sandbox.demo.operator import EMAIL, SLUG
from sandbox.demo.scene import Scene

FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].textContent : "";
  return (one.getAttribute("aria-label") || label || one.textContent || "").trim();
}"""
MOST_TABS = 60


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what bears this name has the focus. Raises AssertionError if it never does."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"Nobody gets to “{name}” by Tab; one gets to {seen}")


def sign_in_to_the_forum(page: Page, scene: Scene, who: Customer) -> None:
    """By the link in a mail, as everybody does."""
    forum = f"{scene.stage.kithspark.url}/f/{SLUG}"
    page.goto(f"{forum}/sign-in")
    before = len(scene.stage.zendesk.mails(who.email))
    page.get_by_label("Your e-mail address").fill(who.email)
    page.get_by_role("button", name="Send me a link").click()
    page.wait_for_url("**/sign-in/sent")
    while len(mails := scene.stage.zendesk.mails(who.email)) == before:
        page.wait_for_timeout(20)
    link = re.search(r"https?://\S+", mails[-1].body)
    assert link is not None
    page.goto(link.group())
    page.locator("input[name=name]").fill(who.name)
    page.locator("main button").first.click()
    page.wait_for_url(f"{forum}/")


def own_page(scene: Scene, who: Customer) -> str:
    """The link to what became of their request, from the newest mail that has one."""
    mails = (mail.body for mail in reversed(scene.stage.zendesk.mails(who.email)))
    found = next(link for body in mails if (link := re.search(r"https?://\S+/r/[\w-]+", body)))
    return found.group()


def sign_in_as_operator(page: Page, scene: Scene) -> None:
    page.goto(scene.operator.sign_in_link(EMAIL))
    page.locator("main button").first.click()
    page.wait_for_url("**/admin/**")
