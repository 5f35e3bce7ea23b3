"""Takes docs/pictures anew, from the running demo: `make pictures`.

With names (`python -m tests.journeys.pictures trace panel`) only those.
Each page in light and dark, and narrow where it is read on a phone; `story.png` shows the product in one.
"""

import base64
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Literal, TypeAlias

from playwright.sync_api import Browser, Page

from sandbox.demo.operator import SLUG
from sandbox.demo.scene import Scene
from tests.journeys.chromium import chromium, started
from tests.journeys.playing import played
from tests.journeys.walking import own_page, sign_in_as_operator, sign_in_to_the_forum

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDE, NARROW = 1200, 320


@dataclass(frozen=True, slots=True)
class Shot:
    """One page. `frame`: only this part of it; `whole`: all of it, not only what is on the screen.

    `later`: once there is something to approve.
    """

    name: str
    address: str
    width: int = WIDE
    height: int = 900
    frame: str = ""
    whole: bool = False
    later: bool = False


def shots(scene: Scene) -> list[Shot]:
    stage, cast = scene.stage, scene.cast
    zendesk, jira, own = stage.zendesk.url, stage.jira.url, stage.kithspark.url
    ticket = f"{zendesk}/agent/tickets/{scene.ticket(cast.whole, cast.both).id}"
    unlinked = scene.writer(cast.voter).write("Save a report as PDF", "Is there a button for it?")
    forum, admin = f"{own}/f/{SLUG}", f"{own}/admin/{SLUG}"
    return [
        Shot("ticket", ticket, height=760),
        Shot("sidebar", ticket, frame="iframe[name=sidebar]"),
        Shot("sidebar-suggestions", f"{zendesk}/agent/tickets/{unlinked.id}", frame="iframe[name=sidebar]"),
        Shot("issue", f"{jira}/browse/{cast.parts[1]}", height=820),
        Shot("panel", f"{jira}/browse/{cast.parts[1]}", frame="#app"),
        Shot("panel-narrow", f"{jira}/browse/{cast.parts[1]}", width=NARROW, frame="#app"),
        Shot("jira-by-demand", f"{jira}/search", height=480),
        Shot("inbox", f"{zendesk}/inbox/{cast.both.email}", width=760, height=820),
        Shot("page", own_page(scene, cast.both), width=900, whole=True),
        Shot("page-narrow", own_page(scene, cast.closed), width=NARROW, whole=True),
        Shot("forum", f"{forum}/", height=640),
        Shot("forum-narrow", f"{forum}/", width=NARROW, height=640),
        Shot("forum-post", f"{forum}/posts/{scene.post}", whole=True, width=900),
        Shot("forum-post-narrow", f"{forum}/posts/{scene.post}", width=NARROW, whole=True),
        Shot("sidebar-draft", ticket, frame="iframe[name=sidebar]", later=True),
        Shot("send-plan", f"{admin}/plan", height=820, later=True),
        Shot("send-plan-narrow", f"{admin}/plan", width=NARROW, height=820, later=True),
        Shot("overview", f"{admin}/", height=900),
        Shot("board", f"{admin}/board", height=640),
        Shot("board-narrow", f"{admin}/board", width=NARROW, height=820),
        Shot("trace", f"{admin}/trace?issue={cast.whole}", height=1000),
        Shot("trace-narrow", f"{admin}/trace?issue={cast.whole}", width=NARROW, height=1000),
        Shot("set-up-jira", f"{admin}/jira", whole=True),
        Shot("set-up-jira-narrow", f"{admin}/jira", width=NARROW, whole=True),
        Shot("wording", f"{admin}/wording", height=1000),
        Shot("wording-narrow", f"{admin}/wording", width=NARROW, height=1000),
        Shot("hubspot", f"{stage.hubspot.url}/", height=640),
    ]


def take(scene: Scene, browser: Browser, only: Collection[str] = ()) -> None:
    """All of them, or these, over the old ones."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png") if not only else ():
        old.unlink()
    if not only or "story" in only:
        keep("story", the_story_in_one(browser, scene))
    every = [shot for shot in shots(scene) if not only or shot.name in only]
    pages = {scheme: signed_in(browser, scene, scheme) for scheme in SCHEMES}
    for later in (False, True):
        if later:
            something_to_approve(scene)
        for shot in (one for one in every if one.later is later):
            for scheme, page in pages.items():
                keep(f"{shot.name}-{scheme}", picture(page, shot))


def signed_in(browser: Browser, scene: Scene, scheme: Scheme) -> Page:
    """The browser of somebody who is a customer and an operator at once."""
    page = browser.new_context(color_scheme=scheme, locale="en-US").new_page()
    sign_in_to_the_forum(page, scene, scene.cast.voter)
    sign_in_as_operator(page, scene)
    return page


def keep(name: str, taken: bytes) -> None:
    (FOLDER / f"{name}.png").write_bytes(taken)
    sys.stdout.write(f"docs/pictures/{name}.png\n")


def picture(page: Page, shot: Shot) -> bytes:
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.goto(shot.address)
    for frame in page.frames[1:]:
        frame.wait_for_selector("#screen > *")
    page.wait_for_timeout(300)  # a frame that was just filled is given its height
    if shot.frame:
        return page.locator(shot.frame).screenshot()
    return page.screenshot(full_page=shot.whole)


def the_story_in_one(browser: Browser, scene: Scene) -> bytes:
    """The agent's sidebar, the engineer's panel and the customer's mail, side by side."""
    cast, own = scene.cast, {shot.name: shot for shot in shots(scene)}
    mail = f"section#ticket-{scene.ticket(cast.whole, cast.both).id}"
    shown = (
        ("Zendesk", "The agent sees where the request stands.", own["sidebar"]),
        (
            "Jira",
            f"The engineer of {cast.parts[1]} sees what it counts for, and who would hear what.",
            own["panel"],
        ),
        ("Mail", f"{cast.both.name} hears what is ready, once.", replace(own["inbox"], frame=mail)),
    )
    context = browser.new_context(locale="en-US", device_scale_factor=1.5)
    page = context.new_page()
    figures = [
        FIGURE.format(where, escape(words), base64.b64encode(picture(page, shot)).decode())
        for where, words, shot in shown
    ]
    page.set_viewport_size({"width": 1320, "height": 800})
    page.set_content(PLATE.format(figures="".join(figures)))
    taken = page.locator("main").screenshot()
    context.close()
    return taken


FIGURE = """<figure><figcaption><b>{}</b> {}</figcaption>
<div><img src="data:image/png;base64,{}"></div></figure>"""
PLATE = """<style>
body {{ margin: 0; font: 15px/1.35 system-ui, sans-serif; color: #1f2933; }}
main {{ background: #e9eef2; display: grid; gap: 20px; padding: 20px; height: 468px; }}
main {{ grid-template-columns: 330px 380px 1fr; }}
figure {{ margin: 0; }} figcaption {{ height: 48px; }}
div {{ background: #fff; border-radius: 8px; max-height: 415px; overflow: hidden; }}
img {{ width: 100%; display: block; }}
</style><main>{figures}</main>"""


def something_to_approve(scene: Scene) -> None:
    """Other news is held, and what was told is not true for the moment."""
    scene.operator.policy("--hold", "900")
    scene.held = 1
    scene.engineer.done(scene.cast.side)
    scene.engineer.reopen(scene.cast.parts[0])
    scene.quiet()


def main() -> int:
    program = chromium()
    if program is None:
        sys.stderr.write("There is no Chromium on this machine. Debian: apt install chromium\n")
        return 1
    with started(program) as browser, played(until="The first part is done") as scene:
        take(scene, browser, sys.argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
