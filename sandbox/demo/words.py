"""What customers must read, in their language: the few phrases that the checks look for."""

from enum import StrEnum

TITLE = "Export to PDF"
"""The public title of what everybody asks for."""


class Words(StrEnum):
    """What a message must say."""

    ABOUT = "what was asked for"
    ONE_OF_TWO = "one of two"
    LAST_PART = "the last part"
    ALL_AT_ONCE = "all at once"
    EVERYTHING = "that was everything"
    ANSWERS_EARLIER = "answers an earlier request"
    MORE_TO_COME = "more will follow"


PHRASES = {
    "en": {
        Words.ABOUT: f"“{TITLE}”",
        Words.ONE_OF_TWO: "1 of 2 parts is ready now",
        Words.LAST_PART: "The last part is ready now",
        Words.ALL_AT_ONCE: "It is ready now",
        Words.EVERYTHING: "That was everything",
        Words.ANSWERS_EARLIER: "This answers your earlier request",
        Words.MORE_TO_COME: "We will write here",
    },
    "de": {
        Words.ABOUT: f"„{TITLE}“",
        Words.ONE_OF_TWO: "1 von 2 Teilen ist jetzt fertig",
        Words.LAST_PART: "Der letzte Teil ist jetzt fertig",
        Words.ALL_AT_ONCE: "Es ist jetzt fertig",
        Words.EVERYTHING: "Das war alles",
        Words.ANSWERS_EARLIER: "Dies ist die Antwort auf Ihre frühere Anfrage",
        Words.MORE_TO_COME: "Wir schreiben hier",
    },
}
GREETING = {"en": "Hi {name},", "de": "Hallo {name}!"}


def amiss(text: str, words: tuple[Words, ...], language: str) -> str:
    """What is wrong with a message, in words; empty where it says all that it must and nothing else."""
    for one, phrase in PHRASES[language].items():
        if (phrase in text) != (one in words):
            return f"“{phrase}” is {'missing' if one in words else 'there and should not be'}"
    return ""
