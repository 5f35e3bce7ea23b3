"""What we say in each language: gettext catalogues of three domains, as translators edit them.

`customers` is what customers read and `agents` what agents read in Zendesk, both in every language of
`LANGUAGES`; `staff` is what engineers and operators read. English stands in the code. A catalogue is compiled
when it is first asked for, so no file can be older than another.
"""

import io
from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "catalogues"
"""A folder for each language but English, a file for each domain."""

DOMAINS = ("customers", "agents", "staff")
"""What stands in two of them is said as the first has it."""


def later(text: str) -> str:
    """The text as it is, marked for the catalogue: it is translated where it is shown."""
    return text


@cache
def catalogue(language: str) -> NullTranslations:
    """Everything that we say in this language; what its catalogues lack is said in English."""
    first: NullTranslations = NullTranslations()
    for translations in _compiled(FOLDER / language / f"{domain}.po" for domain in reversed(DOMAINS)):
        translations.add_fallback(first)
        first = translations
    return first


def _compiled(files: Iterable[Path]) -> Iterable[GNUTranslations]:
    for file in files:
        if file.is_file():
            with file.open("rb") as text:
                found, compiled = read_po(text), io.BytesIO()
            write_mo(compiled, found)
            compiled.seek(0)
            yield GNUTranslations(compiled)
