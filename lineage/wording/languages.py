"""The languages we write in, and days as they are written there."""

from collections.abc import Collection
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")
"""What customers read, and agents in Zendesk, is in all of these. The first is for whoever reads none."""

STAFF_LANGUAGES = ("en", "de")
"""What engineers and operators read."""

UNSPACED = frozenset({"ja"})
"""Languages that put no space between two sentences."""


def language_of(tag: str, among: Collection[str] = LANGUAGES) -> str:
    """The language that somebody with this tag is written to in.

    >>> language_of("de-AT"), language_of("pt_BR"), language_of("tlh")
    ('de', 'pt', 'en')
    """
    language = tag.replace("_", "-").split("-")[0].strip().lower()
    return language if language in among else LANGUAGES[0]


def joint(language: str) -> str:
    """What stands between two sentences of a paragraph."""
    return "" if language in UNSPACED else " "


def day(at: datetime, tag: str) -> str:
    """The day (in UTC) in words, as the person's own region writes it where that is known.

    >>> day(datetime(2026, 5, 2, tzinfo=UTC), "en-GB"), day(datetime(2026, 5, 2, tzinfo=UTC), "de")
    ('2 May 2026', '2. Mai 2026')
    """
    return format_date(at.astimezone(UTC).date(), format="long", locale=_locale(tag))


def _locale(tag: str) -> Locale:
    language = language_of(tag)
    try:
        locale = Locale.parse(tag.strip().replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale(language)
    return locale if locale.language == language else Locale(language)
