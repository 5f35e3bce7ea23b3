"""The pages of the story as people have them before them: in Chromium, with their frames and scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.demo.operator import SLUG
from sandbox.demo.scene import Scene
from tests.journeys.axe import complaints as complaints_of_axe
from tests.journeys.pictures import something_to_approve
from tests.journeys.served_pages import every_page_of_ours
from tests.journeys.walking import own_page, sign_in_as_operator, sign_in_to_the_forum, tab_to

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about on pages of ours."""
    return []


@pytest.fixture
def page(browser: Browser, scene: Scene, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    ours = scene.stage.kithspark.url

    def complain(url: str, words: str) -> None:
        if url.startswith(ours):
            complaints.append(f"{url}: {words}")

    page.on(
        "console", lambda said: complain(said.location["url"], said.text) if said.type == "error" else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def test_an_agent_links_from_the_sidebar_inside_the_ticket(
    scene: Scene, page: Page, complaints: list[str]
) -> None:
    ticket = scene.writer(scene.cast.narrowed).write("Export a report as PDF", "The auditors ask again.")
    page.goto(f"{scene.stage.zendesk.url}/agent/tickets/{ticket.id}")
    sidebar = page.frame_locator("iframe[name=sidebar]")
    expect(sidebar.get_by_text("Is it one of these?")).to_be_visible()
    sidebar.get_by_role("button", name=f"Link to {scene.cast.parts[1]}").click()
    expect(sidebar.get_by_text(f"Linked to {scene.cast.parts[1]}")).to_be_visible()
    sidebar.get_by_role("button", name="Undo").click()
    expect(sidebar.get_by_text(f"Unlinked from {scene.cast.parts[1]}")).to_be_visible()
    frame = page.locator("iframe[name=sidebar]")
    page.wait_for_function("frame => frame.style.height !== ''", arg=frame.element_handle())
    assert complaints == []


def test_an_engineer_sees_who_waits_in_the_panel_inside_the_issue(
    scene: Scene, page: Page, complaints: list[str]
) -> None:
    key = scene.cast.parts[1]
    page.goto(f"{scene.stage.jira.url}/browse/{key}")
    panel = page.frame_locator("#app")
    expect(panel.get_by_text("4 people · 3 companies")).to_be_visible()
    expect(panel.get_by_text(scene.cast.narrowed.words).first).to_be_visible()
    panel.get_by_text("See the words").click()
    expect(panel.get_by_text(f"Hi {scene.cast.narrowed.name}")).to_be_visible()
    assert complaints == []


def test_the_customer_finds_the_reply_in_their_inbox(scene: Scene, page: Page) -> None:
    for who, words in (
        (scene.cast.both, "1 of 2 parts is ready now"),
        (scene.cast.closed, "1 von 2 Teilen ist jetzt fertig"),
    ):
        page.goto(f"{scene.stage.zendesk.url}/inbox/{who.email}")
        expect(page.get_by_text(words)).to_be_visible()


def test_the_reply_leads_to_a_page_of_its_own(scene: Scene, page: Page, complaints: list[str]) -> None:
    page.goto(f"{scene.stage.zendesk.url}/inbox/{scene.cast.both.email}")
    page.locator('a[href*="/r/"]').first.click()
    expect(page.get_by_role("heading", name="Where did my request go?")).to_be_visible()
    expect(page.get_by_text(scene.cast.both.words).first).to_be_visible()
    expect(page.get_by_text("1 of 2 parts is ready.")).to_be_visible()
    assert complaints == []


def test_a_customer_posts_and_votes_without_a_mouse(scene: Scene, page: Page, complaints: list[str]) -> None:
    sign_in_to_the_forum(page, scene, scene.cast.narrowed)
    tab_to(page, "New post")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new*")
    tab_to(page, "In a few words")
    page.keyboard.type("Print two pages on one")
    tab_to(page, "What are you trying to do")
    page.keyboard.type("Paper is dear, and so are trees.")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Print two pages on one")).to_be_visible()
    scene.quiet()
    page.goto(f"{scene.stage.kithspark.url}/f/{SLUG}/posts/{scene.post}")
    tab_to(page, "Vote: ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take your vote back")).to_contain_text("3")
    tab_to(page, "Take your vote back")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Vote: ")).to_contain_text("2")
    assert complaints == []


OWN = "{{ greeting }}\n\nGood news from the kite makers.\n\n{{ earlier }}\n\n{{ news }}\n\n{{ page }}"


def test_an_operator_words_a_message_and_a_customer_wants_no_more(scene: Scene, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1200, "height": 900}, locale="de-DE").new_page()
    page.set_default_timeout(15_000)
    sign_in_as_operator(page, scene)
    page.goto(f"{scene.stage.kithspark.url}/admin/{SLUG}/wording?kind=part_delivered&language=en")
    expect(page.get_by_role("heading", name="Wortlaut")).to_be_visible()
    page.get_by_label("Die Vorlage").fill("{{ summary }}")
    tab_to(page, "Speichern")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("eine Nachricht kennt kein „summary“")
    page.get_by_label("Die Vorlage").fill(OWN)
    tab_to(page, "Vorschau")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Good news from the kite makers.").first).to_be_visible()
    expect(page.get_by_role("link", name="Ihrer")).to_have_count(0)
    tab_to(page, "Speichern")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")

    page.goto(own_page(scene, scene.cast.closed))
    page.get_by_role("link", name="Keine Nachrichten mehr").click()
    page.get_by_role("button", name="Keine Nachrichten mehr").click()
    expect(page.get_by_role("status")).to_contain_text("Sie möchten keine Nachrichten")
    page.get_by_role("button", name="Schreiben Sie mir wieder").click()
    expect(page.get_by_role("link", name="Keine Nachrichten mehr")).to_be_visible()
    page.context.close()


def test_no_page_overflows_at_320px(scene: Scene, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    sign_in_to_the_forum(page, scene, scene.cast.voter)
    sign_in_as_operator(page, scene)
    for address in every_page(scene):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (200, 401, 410), f"{address} answered {answer.status}"
        for frame in page.frames[1:]:
            frame.wait_for_selector("#screen > *")
        for frame in page.frames:
            frame.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        for frame in page.frames:
            wide = frame.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            assert wide[0] <= wide[1] <= 320, f"{frame.url} in {address}: {widest(frame)}"


def widest(frame: object) -> str:
    """The elements that stand out, for whoever mends it."""
    return str(frame.evaluate(STICKING_OUT))  # type: ignore[attr-defined]


STICKING_OUT = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 160))"""


def every_page(scene: Scene) -> list[str]:
    """Of the vendors' people, the customers, and the operator."""
    stage, cast = scene.stage, scene.cast
    unlinked = scene.writer(cast.both).write("Save the report as a PDF", "With the company's colours.")
    zendesk = ["/agent", "/inbox", *(f"/inbox/{who.email}" for who in cast.customers)]
    zendesk += [f"/agent/tickets/{ticket.id}" for ticket in (*scene.tickets.values(), unlinked)]
    jira = ["/", "/search", *(f"/browse/{key}" for key in (cast.whole, *cast.parts, cast.twin, cast.side))]
    forum = ["/", "/?sort=new", f"/posts/{scene.post}", "/new", "/sign-in", "/sign-in/sent", "/sign-in/gone"]
    admin = [
        "/",
        "/board",
        "/plan",
        "/moderation",
        "/posts",
        "/remarks",
        "/trace",
        f"/trace?issue={cast.whole}",
        "/wording",
    ]
    own = stage.kithspark.url
    return [
        *(stage.zendesk.url + path for path in zendesk),
        *(stage.jira.url + path for path in jira),
        f"{stage.hubspot.url}/",
        *(f"{own}/f/{SLUG}{path}" for path in forum),
        *(f"{own}/admin/{SLUG}{path}" for path in admin),
        f"{own}/admin/sign-in",
        *(
            own_page(scene, who) + path
            for who in (cast.both, cast.closed)
            for path in ("", "/no-longer", "/not-meant", "/no-news")
        ),
    ]


def test_no_page_breaks_a_rule_of_wcag(scene: Scene, page: Page, tmp_path: Path) -> None:
    """WCAG 2.2 AA, as far as a machine can tell. The last test here: it leaves something to approve."""
    something_to_approve(scene)
    sign_in_to_the_forum(page, scene, scene.cast.voter)
    sign_in_as_operator(page, scene)
    found: dict[str, None] = {}
    for address in every_page_of_ours(scene, tmp_path):
        answer = page.goto(address)
        assert answer is not None
        assert "text/html" in answer.headers["content-type"], f"{address} is no page: name it in PIECES."
        found |= dict.fromkeys(complaints_of_axe(page, page.main_frame))
    unlinked = scene.writer(scene.cast.both).write("Save the report as a PDF", "With the company's colours.")
    for ticket in (scene.ticket(scene.cast.whole, scene.cast.both), unlinked):
        page.goto(f"{scene.stage.zendesk.url}/agent/tickets/{ticket.id}")
        sidebar = page.frame("sidebar")
        assert sidebar is not None
        sidebar.wait_for_selector("#screen > *")
        found |= dict.fromkeys(complaints_of_axe(page, sidebar))
    assert not found, "\n\n".join(found)


def test_axe_sees_what_is_wrong(page: Page) -> None:
    page.set_content(
        "<html lang=en><title>x</title><main><h1>x</h1>"
        "<p style='color: #ccc; background: #fff'>pale</p><input></main>"
    )
    said = " ".join(complaints_of_axe(page, page.main_frame))
    assert "color-contrast" in said
    assert "label" in said
