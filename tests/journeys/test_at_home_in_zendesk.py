"""What an agent does beside a ticket, without a mouse or a cookie, until the customer has the reply."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from sandbox.zendesk.records import Ticket
from tests.journeys.axe import complaints as complaints_of_axe
from tests.journeys.chromium import chromium, started
from tests.journeys.conftest import NO_BROWSER
from tests.journeys.house import House
from tests.journeys.walking import FOCUSED

pytestmark = pytest.mark.browser

MOST_TABS = 80
READY = "It is ready now"


@pytest.fixture
def asked(house: House) -> Iterator[House]:
    """Nothing goes out but with a yes."""
    house.operator.policy("--auto", "none")
    yield house
    house.operator.policy("--auto", "part_delivered,delivered")


@pytest.fixture(scope="module")
def strict() -> Iterator[Browser]:
    """A browser that keeps no cookie of a frame that is another site's."""
    program = chromium()
    if program is None:
        pytest.skip(NO_BROWSER)
    with started(program, "--test-third-party-cookie-phaseout") as browser:
        yield browser


@pytest.fixture
def page(strict: Browser, house: House) -> Iterator[Page]:
    """Zendesk is opened as 127.0.0.1 and the app beside its tickets as `localhost`: two sites."""
    sidebar = house.stage.zendesk.sidebar
    before = sidebar.backend_url
    sidebar.backend_url = before.replace("127.0.0.1", "localhost")
    assert sidebar.backend_url != before
    context = strict.new_context(viewport={"width": 1200, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    sidebar.backend_url = before
    assert context.cookies(ours_of(house)) == [], "nor does it ask for one"
    context.close()


def ours_of(house: House) -> str:
    """Where this browser finds Kithspark."""
    return house.stage.kithspark.url.replace("127.0.0.1", "localhost")


def open_ticket(house: House, page: Page, ticket: Ticket) -> Frame:
    """The ticket's own page, with the sidebar beside it."""
    page.goto(f"{house.stage.zendesk.url}/agent/tickets/{ticket.id}")
    page.wait_for_function("frames.length === 1")
    frame = page.frame("sidebar")
    assert frame is not None
    frame.wait_for_selector("#fresh")
    return frame


def press(page: Page, frame: Frame, name: str, key: str = "Enter") -> None:
    """Press a key on what bears this name in the sidebar, after getting there by Tab alone."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(" ".join(frame.evaluate(FOCUSED).split()))
        if seen[-1].startswith(name) and frame.evaluate("document.activeElement !== document.body"):
            page.keyboard.press(key)
            return
    raise AssertionError(f"Nobody gets to “{name}” by Tab; one gets to {seen}")


def approve(page: Page, frame: Frame) -> str:
    """Read the draft and send it; the words that were read."""
    press(page, frame, "Review")
    frame.wait_for_selector(".letter")
    words = frame.inner_text(".letter")
    press(page, frame, "Send these words")
    frame.wait_for_selector("text=Approved. It goes out now")
    return words


def in_the_inbox(house: House, page: Page, email: str, words: str) -> None:
    page.goto(f"{house.stage.zendesk.url}/inbox/{email}")
    expect(page.get_by_text(words).first).to_be_visible()


def test_the_frame_beside_a_ticket_is_another_site_and_keeps_no_cookie(house: House, page: Page) -> None:
    frame = open_ticket(house, page, house.customer("Cleo").write("Cookies", "None, please."))
    assert frame.url.startswith(ours_of(house)) and page.url.startswith("http://127.0.0.1")
    frame.evaluate("document.cookie = 'probe=1; SameSite=None; Secure'")
    assert frame.evaluate("document.cookie") == ""
    page.goto(ours_of(house) + "/static/icon.svg")
    page.evaluate("document.cookie = 'probe=1; SameSite=None; Secure'")
    assert page.evaluate("document.cookie") == "probe=1", "by itself it would keep one"
    page.context.clear_cookies()


def test_what_is_approved_is_in_the_customers_inbox(asked: House, page: Page) -> None:
    ana, key = asked.customer("Ana"), asked.issue("Barcode labels for pallets")
    asked.linked(ana, "Barcode labels for pallets", key)
    ticket = ana.write("Labels for barcodes on pallets", "Barcode labels for pallets, please.")
    asked.quiet()
    frame = open_ticket(asked, page, ticket)
    press(page, frame, f"Link to {key}")
    frame.wait_for_selector(f"text=Linked to {key}")
    asked.engineer.done(key)
    asked.quiet()
    frame = open_ticket(asked, page, ticket)
    assert list(complaints_of_axe(page, frame)) == []
    page.set_viewport_size({"width": 1200, "height": 900})
    frame = open_ticket(asked, page, ticket)
    words = approve(page, frame)
    assert READY in words
    asked.quiet()
    in_the_inbox(asked, page, ana.who.email, READY)


def test_a_closed_ticket_is_answered_by_a_follow_up(asked: House, page: Page) -> None:
    bo, key = asked.customer("Bo"), asked.issue("Roman numerals in footers")
    ticket = asked.linked(bo, "Roman numerals in footers", key)
    asked.agent.close(ticket)
    asked.quiet()
    asked.engineer.done(key)
    asked.quiet()
    frame = open_ticket(asked, page, ticket)
    press(page, frame, "Review")
    frame.wait_for_selector(f"text=in a follow-up to closed ticket {ticket.id}")
    press(page, frame, "Send these words")
    frame.wait_for_selector("text=Approved. It goes out now")
    asked.quiet()
    in_the_inbox(asked, page, bo.who.email, READY)
    [after] = [one for one in asked.stage.zendesk.tickets() if ticket.id in one.followup_source_ids]
    assert any(READY in words for words in asked.replies(after)) and asked.replies(ticket) == []
    frame = open_ticket(asked, page, after)
    assert f"{key}" in frame.inner_text(".ask h2") and "Told" in frame.inner_text(".ask")


def test_a_merged_ticket_is_answered_in_the_one_that_is_left(asked: House, page: Page) -> None:
    cy, key = asked.customer("Cy"), asked.issue("Undo in the calendar")
    gone = asked.linked(cy, "Undo in the calendar", key)
    left = cy.write("Another question", "Where is the manual?")
    asked.quiet()
    page.goto(f"{asked.stage.zendesk.url}/agent/tickets/{gone.id}")
    page.get_by_label("Merge into").select_option(str(left.id))
    page.get_by_role("button", name="Merge into it").press("Enter")
    page.wait_for_load_state()
    asked.quiet()
    asked.engineer.done(key)
    asked.quiet()
    frame = open_ticket(asked, page, left)
    assert key in frame.inner_text(".ask h2")
    approve(page, frame)
    asked.quiet()
    in_the_inbox(asked, page, cy.who.email, READY)
    assert any(READY in words for words in asked.replies(left)) and asked.replies(gone) == []


def test_whoever_wants_one_part_is_told_of_that_one_alone(asked: House, page: Page) -> None:
    di, key = asked.customer("Di"), asked.issue("Export of everything")
    ticket = asked.linked(di, "Export of everything", key)
    asked.engineer.split(key, ["Export of the letters", "Export of the pictures"])
    asked.quiet()
    letters, pictures = (
        next(one.key for one in asked.stage.jira.site.issues.values() if one.summary == words)
        for words in ("Export of the letters", "Export of the pictures")
    )
    frame = open_ticket(asked, page, ticket)
    press(page, frame, "Parts, titles, unlink")
    for unwanted in (key, letters):
        press(page, frame, unwanted, "Space")
    press(page, frame, "Only the ticked")
    frame.wait_for_selector(".note-good")
    asked.engineer.entitle(letters, "Letters")
    asked.engineer.entitle(pictures, "Pictures")
    asked.engineer.done(letters)
    asked.quiet()
    assert "Draft waiting for you" not in open_ticket(asked, page, ticket).inner_text("#screen")
    asked.engineer.done(pictures)
    asked.quiet()
    words = approve(page, open_ticket(asked, page, ticket))
    assert "Pictures" in words and "Letters" not in words
    asked.quiet()
    in_the_inbox(asked, page, di.who.email, "Pictures")
