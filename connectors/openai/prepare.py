"""What of a post is sent: one spelling, nothing invisible, nobody's data, and not too much. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from connectors.openai.redact import redact

MOST_CHARS = 4000
CUT = "\n[…]\n"

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Zero-width, direction-changing and filler characters, by which words are hidden from a reader of text."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """`whole` is False where only the head and the tail are left."""

    text: str
    whole: bool


def prepare(text: str) -> Prepared:
    """The text as it is sent to be judged; what is shown stays as it was written."""
    safe = redact(one_spelling(text).replace("\x00", "")).strip()
    if len(safe) <= MOST_CHARS:
        return Prepared(safe, whole=True)
    half = (MOST_CHARS - len(CUT)) // 2
    return Prepared(safe[:half] + CUT + safe[-half:], whole=False)


def one_spelling(text: str) -> str:
    """Characters that look the same are the same, and none is invisible."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)))
