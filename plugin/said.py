"""What the rules and the connectors wrote in English, shown in the language of the page.

They keep sentences in rows (why a message waits, what comes next), long before anybody reads them. A
sentence that stands here as it is, or with its values, is translated when it is shown; any other stays as
it was written. So do the words of a vendor.
"""

import re
from functools import cache

from lineage.wording.catalogue import later
from plugin import said_patterns, said_zendesk
from plugin.reasons import FLAGGED
from plugin.translating import gettext, language

NESTED = frozenset({"why", "label", "case"})
"""Values that are sentences themselves."""

SENTENCES = (*said_patterns.SENTENCES, *said_zendesk.SENTENCES)
PATTERNS = (*said_patterns.PATTERNS, *said_zendesk.PATTERNS)
OR = later("or")
LONGEST = 1000
"""Nothing longer is a sentence of the rules; it is not even compared."""

KEYS = "keys"
"""A value that is one key, or several: `KS-1 or KS-2`."""


def said(text: str) -> str:
    """The sentence in the language of the page, as far as it is known here."""
    if language() == "en" or not text or len(text) > LONGEST:
        return text
    found = gettext(text)
    return _by_pattern(text) if found == text and text not in SENTENCES else found


def _by_pattern(text: str) -> str:
    for pattern in (*PATTERNS, FLAGGED):
        if found := _expression(pattern).fullmatch(text):
            return gettext(pattern) % {name: _value(name, value) for name, value in found.groupdict().items()}
    parts = text.split("; ")
    return "; ".join(map(said, parts)) if len(parts) > 1 else text


def _value(name: str, value: str) -> str:
    if name in NESTED:
        return said(value)
    return value.replace(" or ", f" {gettext(OR)} ") if name.startswith(KEYS) else value


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """What the sentence looks like with its values in it; a value that comes twice is the same both times."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+?)"

    return re.compile(re.sub(r"%\\\((\w+)\\\)s", group, re.escape(pattern)), re.DOTALL)
