"""The operator's own wording: written on its page, tried on real cases, refused with what to do, and sent."""

import html
import re

import pytest

from lineage.changes import Titled
from lineage.terms import Kind
from lineage.wording import LANGUAGES
from sandbox.zendesk.records import Ticket
from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House

PAGE = "/admin/acme/wording"
OWN = "{{ greeting }}\n\nGood news, <b>really</b>.\n\n{{ earlier }}\n\n{{ news }}\n\n{{ page }}"


@pytest.fixture
def ticket(house: House) -> Ticket:
    """Ana asked for KS-1, of which customers may read a title."""
    house.jira.add_issue("KS-1", "orchid: pdf rewrite, internal")
    house.reads("KS-1")
    now = house.clock.now()
    house.record(Titled(house.item_id("KS-1"), "Export <to> PDF", own_part=False, by="x", at=now), "title")
    ana = house.zendesk.add_user("Ana", "ana@acme.example")
    ticket = house.zendesk.open_ticket(ana, "PDF please", "I need a pdf.")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    return ticket


def send(olga: Browser, act: str, template: str = OWN, kind: str = "delivered", language: str = "en") -> str:
    olga.get(PAGE)
    done = olga.post(PAGE, kind=kind, language=language, template=template, act=act)
    assert done.status_code in (200, 422)
    return done.text


def test_it_begins_with_ours_and_shows_every_kind_and_language(olga: Browser, ticket: Ticket) -> None:
    page = olga.get(PAGE).text
    assert "{{ greeting }}\n\n{{ earlier }}\n\n{{ news }}" in page
    assert page.count(">ours</a>") == len(Kind) * len(LANGUAGES)
    assert "As if this were the news." in page and "<p>✓ Export &lt;to&gt; PDF</p>" in page
    assert "orchid" not in page


def test_a_preview_shows_text_and_html_of_a_real_case_and_keeps_nothing(
    olga: Browser, house: House, ticket: Ticket
) -> None:
    page = send(olga, "preview")
    assert "<p>Good news, &lt;b&gt;really&lt;/b&gt;.</p>" in page  # as HTML
    plain = re.search(r'<pre lang="en" dir="auto">(.*?)</pre>', page, re.DOTALL)
    assert plain is not None and "Good news, <b>really</b>." in html.unescape(plain[1])
    assert ">yours</a>" not in olga.get(PAGE).text


def test_what_is_kept_is_sent_and_ours_can_be_used_again(olga: Browser, house: House, ticket: Ticket) -> None:
    page = send(olga, "save")
    assert "Kept. What waits is worded anew." in page and "by olga@example.com" in page
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    (notice,) = house.plan()
    assert "Good news" in notice.text
    assert "Our own wording is used again." in send(olga, "ours")
    (notice,) = house.plan()
    assert "Good news" not in notice.text


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ 7*7 }}", "Line 1: Mul is not for messages"),
        ("{{ summary }}", "a message knows no “summary”"),
        ("Hello!", "It must name everything it tells of"),
        (" ", "It says nothing"),
        ("{% if %}", "Line 1:"),
    ],
)
def test_what_cannot_be_used_stays_in_the_form_with_the_reason(
    olga: Browser, ticket: Ticket, template: str, why: str
) -> None:
    page = send(olga, "save", template)
    assert "This cannot be used." in page and why in html.unescape(page)
    assert f"{template.strip()}</textarea>" in html.unescape(page)
    assert 'aria-invalid="true"' in page
    assert ">yours</a>" not in olga.get(PAGE).text


@pytest.mark.parametrize("query", ["?kind=note", "?language=zh", "?kind=../x&language=en"])
def test_there_is_no_page_for_what_we_do_not_write(olga: Browser, query: str) -> None:
    assert olga.get(PAGE + query).status_code == 404


def test_only_operators_see_it_and_only_our_form_changes_it(house: House, olga: Browser) -> None:
    assert Browser(house).get(PAGE).url.endswith("/admin/sign-in")
    forged = olga.session.post(house.url + PAGE, {"kind": "delivered", "language": "en", "act": "ours"})
    assert forged.status_code == 400


def test_a_german_operator_reads_german_all_over(olga: Browser, house: House, ticket: Ticket) -> None:
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    olga.session.headers["Accept-Language"] = "de-AT, en;q=0.5"
    for path, words in {
        "/admin/acme/": "Überblick", "/admin/acme/plan": "Sendeplan",
        "/admin/acme/moderation": "Nichts wartet",
        "/admin/acme/posts": "Forumsbeiträge", "/admin/acme/trace?find=KS-1": "Woher es kommt, wohin es geht",
        "/admin/acme/remarks": "Missverstanden", PAGE: "Wie es hinausginge",
    }.items():  # fmt: skip
        page = olga.get(path)
        assert page.headers["Content-Language"] == "de" and '<html lang="de">' in page.text
        assert words in page.text
    problem = send(olga, "save", "{{ summary }}")
    assert "Zeile 1: eine Nachricht kennt kein „summary“" in html.unescape(problem)
    assert "geht hinaus am" in olga.get("/admin/acme/trace?find=KS-1").text
