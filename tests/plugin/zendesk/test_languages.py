"""The sidebar speaks the language of the agent's profile in Zendesk, and says all of it in that language."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from flask import Flask

from lineage.wording.catalogue import catalogue
from lineage.wording.languages import LANGUAGES
from plugin import said_patterns, said_zendesk
from plugin.said import said
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from store.workspaces import NOTES_IN
from tests.catalogues import SPOKEN, domain_of, says
from tests.plugin.house import House, carrying
from tests.plugin.zendesk import reach
from tests.plugin.zendesk.conftest import Sidebar
from tests.plugin.zendesk.many_tongues import (
    PROFILES,
    agent_of,
    opened_by,
    queue_of,
    queue_screens,
    screens,
    set_up,
)

OTHERS = LANGUAGES[1:]
BACK = {"en": "Back", "de": "Zurück", "fr": "Retour", "es": "Volver", "pt": "Voltar", "ja": "戻る"}
LATIN = re.compile(r"[A-Za-z]{3,}")
VALUE = re.compile(r"%\(\w+\)s")
KNOWN_TO_SAID = "plugin/said_zendesk.py"
THEIRS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def test_all_that_the_sidebar_can_say_is_in_every_language() -> None:
    """A sentence of another domain would stand there in English, between those that are translated."""
    read = {str(path) for path in reach.modules() | reach.templates()}
    foreign = {path for path in read if SPOKEN[domain_of(path)] != OTHERS and says(path)}
    assert foreign == {KNOWN_TO_SAID}, "Read in the sidebar: name them among AGENTS in tests/catalogues.py."


def test_nothing_that_the_sidebar_reaches_writes_a_sentence_of_setting_zendesk_up() -> None:
    """`said.py` knows these for the operators' page. What an agent can meet stands in `said_patterns.py`."""
    kept = [*said_patterns.SENTENCES, *said_patterns.PATTERNS]
    ours = [one for one in (*said_zendesk.SENTENCES, *said_zendesk.PATTERNS) if one not in kept]
    assert len(ours) > 20
    fixed = {one: set(VALUE.split(one)) - {""} for one in ours}
    for path in reach.modules() - {Path(KNOWN_TO_SAID)}:
        written = set(reach.words(path))
        assert {one for one in ours if fixed[one] <= written} == set(), path


def test_whatever_answers_in_zendesk_is_within_the_reach(house: House) -> None:
    views = {
        view.__module__
        for name, view in house.app.view_functions.items()
        if name.startswith("zendesk.") and view.__module__.startswith("plugin.")
    }
    assert len(views) >= 8
    assert {Path(f"{name.replace('.', '/')}.py") for name in views} <= reach.modules()


def test_the_reach_of_the_sidebar_is_seen() -> None:
    seen = {str(path) for path in reach.modules() | reach.templates()}
    assert {
        "plugin/said_patterns.py",
        "plugin/error.html",
        "plugin/picture.html",
        "plugin/zendesk/ask.html",
    } <= seen
    assert "plugin/jira/acts.py" in seen and "plugin/jira/split.py" not in seen


@pytest.mark.parametrize("language", OTHERS)
def test_why_somebody_is_turned_away_is_said_in_every_language(language: str) -> None:
    with Flask("words").test_request_context("/zendesk/", headers={"Accept-Language": language}):
        for path in reach.modules():
            for words in reach.raised(path, {"NotProven", "NotAllowed"}):
                assert said(words) != words, f"Add it to plugin/said_patterns.py: {words}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sidebar_speaks_the_language_of_the_profile_and_goes_on_in_it(
    house: House, desk: Sidebar, ticket: Ticket, language: str
) -> None:
    agent = agent_of(house, language)
    opened, page = opened_by(house, agent, **{"Accept-Language": "it, fr;q=0.5"})
    assert f'<html lang="{language}">' in page.text
    opened.bearer = opened.post("/renew").json()["bearer"]
    headers = {**carrying(opened.bearer), "Accept-Language": "it, fr;q=0.5"}
    answer = house.get(f"/zendesk/acme/tickets/{ticket.id}/create", headers=headers)
    assert answer.headers["Content-Language"] == language
    assert f"</span> {BACK[language]}</button>" in answer.text


@pytest.mark.parametrize(
    ("profile", "browser", "language"),
    [
        ("it", "fr-CH, de", "fr"),
        ("", "ja", "ja"),
        ("und", "pt-BR", "pt"),
        ("it", "tlh", "en"),
        ("de-../..", "", "de"),
    ],
)
def test_a_profile_in_a_language_that_we_do_not_write_leaves_it_to_the_browser(
    house: House, ticket: Ticket, profile: str, browser: str, language: str
) -> None:
    agent = house.zendesk.add_agent("Ida", "ida@helpdesk.example")
    agent.locale = profile
    opened, page = opened_by(house, agent, **{"Accept-Language": browser})
    assert f'<html lang="{language}">' in page.text
    headers = {**carrying(opened.bearer), "Accept-Language": browser}
    assert (
        house.get(f"/zendesk/acme/tickets/{ticket.id}", headers=headers).headers["Content-Language"]
        == language
    )


def test_while_zendesk_is_silent_the_last_that_it_said_holds_and_else_the_browser(house: House) -> None:
    agent, stranger = agent_of(house, "fr"), agent_of(house, "es")
    opened_by(house, agent)
    house.clock.advance(25 * 3600)
    house.zendesk.faults.order(Fault("status", path=r"/api/v2/users/", status=503, times=99))
    _, again = opened_by(house, agent, **{"Accept-Language": "ja"})
    assert '<html lang="fr">' in again.text
    _, unknown = opened_by(house, stranger, **{"Accept-Language": "ja"})
    assert '<html lang="ja">' in unknown.text


def test_whoever_is_not_proven_is_refused_in_the_language_of_the_browser(house: House) -> None:
    japanese = {"Accept-Language": "ja"}
    refused = house.post("/zendesk/sidebar/acme", data={"token": "x"}, headers=japanese)
    assert "Zendeskの署名が一致しません" in refused.text
    assert "見つかりません" in house.get("/zendesk/acme/nothing/at/all", headers=japanese).text
    assert "There is nothing here" in house.get("/nothing/at/all", headers=japanese).text


@pytest.fixture
def unheard() -> Iterator[list[str]]:
    """What was asked of the Japanese catalogues and stands in none of them."""
    heard: list[str] = []

    class Last(NullTranslations):
        def gettext(self, message: str) -> str:
            heard.append(message)
            return message

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            heard.append(msgid1)
            return super().ngettext(msgid1, msgid2, n)

        def pgettext(self, context: str, message: str) -> str:
            heard.append(message)
            return message

    catalogue.cache_clear()
    catalogue("ja").add_fallback(Last())
    yield heard
    catalogue.cache_clear()


def test_no_sentence_of_a_whole_day_stays_english(
    house: House, sidebar: Sidebar, ticket: Ticket, unheard: list[str]
) -> None:
    beside = set_up(house, ticket)
    agent = agent_of(house, "ja")
    desk, first = opened_by(house, agent)
    bar = queue_of(house, agent)
    met = {"first": first, **dict(queue_screens(bar, beside)), **dict(screens(desk, beside))}
    assert {name for name, page in met.items() if page.status_code >= 500} == set()
    heard = set(unheard) - {agent.name}  # a copy: asking again is heard too
    with Flask("words").test_request_context("/zendesk/", headers={"Accept-Language": "ja"}):
        stayed = {
            text for text in heard if said(text) == text and LATIN.search(text) and not THEIRS.search(text)
        }
    assert stayed == set()
    assert "下書きが承認を待っています" in met["linked"].text
    assert "件が承認済み・送信予定" in met["scheduled"].text
    assert "下書きからの変更点" in met["edited"].text


def test_a_note_can_be_in_every_language_that_the_sidebar_speaks() -> None:
    assert NOTES_IN == LANGUAGES == tuple(PROFILES)
