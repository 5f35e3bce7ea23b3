"""What the rules keep in English is shown in German where it is known, and as it is where it is not."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g

from lineage.drafting import NO_TITLE
from lineage.planning import WAITS
from lineage.questions import next_words
from lineage.terms import Money
from plugin import formats, translating
from plugin.said import said


@pytest.fixture
def app() -> Flask:
    return Flask("words")


def in_german(app: Flask, text: str) -> str:
    with app.test_request_context(headers={"Accept-Language": "de"}):
        return said(text)


@pytest.mark.parametrize(
    "text",
    [
        *next_words.NOTHING_MORE.values(), *next_words.WAITS.values(), WAITS, NO_TITLE.format(keys="KS-1"),
        "nothing: opted out", "nothing: works for us", "blocked: no place to answer: the ticket is deleted",
        "when KS-2 or KS-3 is done, and a person approves the words", "goes out on 2 May 2026, 16:00 UTC",
    ],
)  # fmt: skip
def test_what_comes_next_is_said_in_german(app: Flask, text: str) -> None:
    assert in_german(app, text) != text


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("blocked: opted out", "blockiert: will keine Nachrichten"),
        ("when KS-2 or KS-3 is done", "wenn KS-2 oder KS-3 erledigt ist"),
        (
            "when KS-2 is done or KS-3 or KS-4 is released",
            "wenn KS-2 erledigt oder KS-3 oder KS-4 freigegeben ist",
        ),
        (
            "when somebody says whether closing KS-1 was the rest of the work, or KS-1 is a container",
            (
                "wenn jemand sagt, ob mit KS-1 der Rest der Arbeit geschlossen wurde, "
                "oder ob KS-1 ein Behälter ist"
            ),
        ),
        (
            "waits for a person's approval; our own wording was used: It says nothing: use {{ news }}.",
            (
                "wartet auf die Freigabe durch einen Menschen; unser eigener Wortlaut wurde verwendet: "
                "Sie sagt nichts: Verwenden Sie {{ news }}."
            ),
        ),
        ("Zendesk answered 418 (teapot). 100% of %(it)s", "Zendesk answered 418 (teapot). 100% of %(it)s"),
        ("", ""),
    ],
)
def test_sentences_are_put_together_with_their_values(app: Flask, text: str, german: str) -> None:
    assert in_german(app, text) == german


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT, en", "de"), ("fr, de;q=0.5", "de"), ("fr", "en"), ("", "en"), ("zh-CN", "en"),
        ("en-US, de", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_staff_read_what_their_browser_asks_for_first_of_what_we_write(
    app: Flask, accepted: str, language: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": accepted}):
        assert translating.language() == language


def test_customers_read_more_languages_and_their_page_that_of_its_letters(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja, en"}):
        assert translating.accepted() == "ja"
        translating.speak("pt-BR")
        assert translating.language() == "pt" and g.language == "pt"
        assert formats.day(datetime(2026, 5, 2, tzinfo=UTC)) == "2 de mai. de 2026"


@pytest.mark.parametrize(
    ("accepted", "short"),
    [("en-US", "$136K"), ("de", "136.126\xa0$"), ("de-CH", "$\xa0136’126"), ("en-GB", "US$136K")],
)
def test_amounts_are_short_where_the_language_has_a_short_form(app: Flask, accepted: str, short: str) -> None:
    with app.test_request_context(headers={"Accept-Language": accepted}):
        assert formats.money(Money(13_612_637, "USD")) == short
