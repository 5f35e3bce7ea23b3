"""Where did my request go, as its requester reads it; and what everybody else gets."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from lineage.requester_changes import LinkRevoked
from lineage.tables import persons, requests
from lineage.terms import Origin
from plugin.pages import limits
from sandbox.zendesk.records import User
from store import workspaces
from store.database import transaction
from tests.plugin.follow.conftest import Reader, finish, link_of, works
from tests.plugin.house import House

HIDDEN = re.compile(r"KS-\d|internal|Agnes|Erik|\$|zendesk:|score|Bo\b|Globex")
QUIET_S = 16 * 60


def text_of(html: str) -> str:
    """The words of a page, by single blanks."""
    shown = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", shown).split())


def revoke(house: House, ticket: int) -> None:
    change = LinkRevoked(Origin("zendesk:ticket", str(ticket)), "Agnes", house.clock.now())
    house.record(change, f"revoked:{house.clock.now()}")


def forget(house: House) -> None:
    with transaction(house.state.engine) as conn:
        conn.execute(update(persons).values(erased_at=house.clock.now()))


def test_it_says_what_was_asked_what_is_out_and_what_was_written(house: House, reader: Reader) -> None:
    finish(house, "KS-2")
    works(house, later_s=QUIET_S)
    said = text_of(reader.reads())
    assert "We export 300 reports a month by hand." in said
    assert "1 of 2 parts is ready." in said
    assert "Export one report ready" in said
    assert "Scheduled exports not ready yet" in said
    assert f"in your ticket #{reader.ticket.id} Hi Ana, On" in said
    assert said.count("1 of 2 parts is ready now:") == 1


def test_the_letter_on_the_ticket_leads_there(house: House, reader: Reader) -> None:
    finish(house, "KS-2")
    works(house, later_s=QUIET_S)
    letter = house.zendesk.public_comments(reader.ticket)[-1]
    assert f'<a href="{house.url}{reader.link}">' in letter["html_body"]


def test_it_says_nothing_internal_and_nothing_of_others(house: House, reader: Reader) -> None:
    bo = house.zendesk.add_user("Bo", "bo@globex.example")
    house.zendesk.add_organization("Globex", ["globex.example"])
    theirs = house.zendesk.open_ticket(bo, "Me too", "Bo wants it as well")
    house.reads_ticket(theirs.id)
    house.links(theirs.id, "KS-1")
    finish(house, "KS-2")
    works(house, later_s=QUIET_S)
    for path in ("", "/no-longer", "/not-meant", "/no-news"):
        page = reader.get(path)
        assert page.status_code == 200
        assert not HIDDEN.findall(text_of(page.text)), path


def test_a_german_reads_german_and_their_days(house: House) -> None:
    house.jira.add_issue("KS-1", "PDF")
    uwe = house.zendesk.add_user("Uwe", "uwe@acme.example", locale="de")
    ticket = house.zendesk.open_ticket(uwe, "Bericht", "Wir brauchen PDF.")
    house.reads_ticket(ticket.id)
    house.reads("KS-1")
    house.links(ticket.id, "KS-1")
    page = Reader(house, ticket, link_of(house, ticket)).reads(**{"Accept-Language": "en"})
    assert '<html lang="de">' in page
    said = text_of(page)
    assert "Was wurde aus meiner Anfrage?" in said
    assert re.search(r"Sie haben uns am \d+\. \w+ 20\d\d geschrieben: Bericht Wir brauchen PDF\.", said)
    assert "Etwas, das noch keinen öffentlichen Namen hat noch nicht fertig" in said
    assert "Acme" in said


def test_whose_language_nobody_knows_reads_that_of_their_browser(house: House, reader: Reader) -> None:
    with transaction(house.state.engine) as conn:
        for table in (persons, requests):
            conn.execute(update(table).values(language=None))
    assert '<html lang="de">' in reader.reads(**{"Accept-Language": "it, de-CH;q=0.8"})
    assert '<html lang="en">' in reader.reads(**{"Accept-Language": "zh"})


@pytest.mark.parametrize(
    ("tag", "title"),
    [
        ("fr-CA", "Qu'est devenue ma demande ?"), ("es", "¿Qué fue de mi solicitud?"),
        ("pt-BR", "O que aconteceu com meu pedido?"), ("ja", "私の要望はどうなりましたか"),
    ],
)  # fmt: skip
def test_the_page_is_in_the_language_of_the_letters(
    house: House, reader: Reader, tag: str, title: str
) -> None:
    with transaction(house.state.engine) as conn:
        conn.execute(update(requests).values(language=tag))
    for path in ("", "/no-longer", "/not-meant", "/no-news"):
        page = reader.get(path, **{"Accept-Language": "en"})
        assert f'<html lang="{tag.split("-", maxsplit=1)[0]}">' in page.text
        assert page.headers["Content-Language"] == tag.split("-", maxsplit=1)[0]
    assert title in reader.reads()


@pytest.mark.parametrize("path", ["", "/no-longer", "/not-meant", "/no-news", "/nothing"])
def test_a_page_keeps_to_its_reader(reader: Reader, path: str) -> None:
    headers = reader.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    if path != "/nothing":  # no route of ours: the app's own answer
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_opening_it_changes_nothing(house: House, reader: Reader) -> None:
    before = house.changes()
    for path in ("", "/no-longer", "/not-meant", "/no-news"):
        reader.get(path)
    assert house.changes() == before


@pytest.mark.parametrize("kill", [lambda house: revoke(house, 1), forget], ids=["revoked", "forgotten"])
def test_links_that_open_nothing_get_one_and_the_same_answer(
    house: House, reader: Reader, kill: Callable[[House], None]
) -> None:
    if kill is forget:
        forget(house)
    else:
        revoke(house, reader.ticket.id)
    asked = [reader.link, f"/r/{'A' * 48}", "/r/x", "/r/%2e%2e", f"/r/{'ä' * 48}", f"/r/{'9' * 500}"]
    for action in ("", "/no-longer", "/not-meant", "/no-news"):
        answers = [house.get(link + action) for link in asked]
        assert {one.status_code for one in answers} == {404}
        assert len({one.text for one in answers}) == 1
        assert len({str(sorted(_told(dict(one.headers)).items())) for one in answers}) == 1
    posted = [house.post(link + "/no-longer", data={"csrf_token": "x"}) for link in asked]
    assert {(one.status_code, one.text) for one in posted} == {(404, answers[0].text)}


def _told(headers: dict[str, str]) -> dict[str, str]:
    """What a reader can tell answers apart by, but for the time and how often they may ask."""
    return {
        name: value
        for name, value in headers.items()
        if not name.startswith(("Date", "Retry-After", "X-RateLimit"))
    }


def test_who_follows_a_dead_link_is_told_what_to_do_in_their_language(house: House) -> None:
    link = f"/r/{'A' * 48}"
    english, german = house.get(link), house.get(link, headers={"Accept-Language": "it, de-AT;q=0.9"})
    assert "This link leads nowhere" in english.text
    assert "Dieser Link führt nirgendwohin" in german.text


def test_a_link_of_a_removed_workspace_opens_nothing(house: House, reader: Reader) -> None:
    with transaction(house.state.engine) as conn:
        workspaces.remove(conn, house.workspace.id)
    assert reader.get().status_code == 404


def test_an_instance_that_others_flood_says_so_in_plain_words(house: House, reader: Reader) -> None:
    limits.reset()
    answers = [reader.get(**{"Accept-Language": "de"}) for _ in range(125)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "Das war etwas zu oft" in answers[-1].text
    limits.reset()


def test_what_a_customer_wrote_stays_words(house: House, ana: User) -> None:
    evil = "<img src=x onerror=alert(1)> {{ 7*7 }} {d} </blockquote>"
    ticket = house.zendesk.open_ticket(ana, evil, evil)
    house.reads_ticket(ticket.id)
    page = Reader(house, ticket, link_of(house, ticket)).reads()
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt; {{ 7*7 }} {d} &lt;/blockquote&gt;") >= 1
    assert "What becomes of it is not decided yet." in page
