"""The languages of a requester's page: a file here each, and its line in `WORDS`.

They are those of the letters (`lineage/wording`): whoever follows a link in one reads on as they began.
"""

from collections.abc import Mapping

from flask import has_request_context, request

from lineage.wording.languages import LANGUAGES, language_of
from plugin.follow.english import ENGLISH
from plugin.follow.german import GERMAN
from plugin.follow.words import Words

WORDS: Mapping[str, Words] = {"en": ENGLISH, "de": GERMAN}


def words_in(tag: str) -> Words:
    """Those that somebody with this language tag reads; English where we do not write theirs."""
    return WORDS[language_of(tag)]


def preferred() -> str:
    """The tag of the first language that the browser asks for and we write."""
    tags = request.accept_languages.values() if has_request_context() else ()
    ours = (tag for tag in tags if tag.split("-")[0].lower() in LANGUAGES)
    return next(ours, LANGUAGES[0])
