"""Dates, money, counts and ages, written for whoever reads the page."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    get_currency_precision,
    get_currency_symbol,
)
from flask import Blueprint

from lineage.terms import Money
from plugin import app_state
from plugin.translating import counted, language, tags
from plugin.translating import gettext as _

THOUSAND = 1000
MANY = 4096
"""Numbers whose writing is kept: a ranking says the same ones on every page, and Babel takes its time."""
SIGNS = "0123456789.,-\u00a0\u202f "
DAY_S, MONTH_S, YEAR_S = 86_400, 2_629_800, 31_557_600


def use(routes: Blueprint) -> None:
    """Make these known to the templates of the app that these routes become part of."""
    for write in (money, exact_money, tenths, thousands, day, moment, ago, span, people, spark):
        routes.add_app_template_filter(write)


def locale() -> Locale:
    """The reader's: the language of the page, in the region that their browser, else they, name with it."""
    return _locale(language(), tags())


@lru_cache(maxsize=256)
def _locale(spoken: str, tags: tuple[str, ...]) -> Locale:
    for tag in tags:
        try:
            found = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        if found.language == spoken:
            return found
    return Locale(spoken)


def money(amount: Money) -> str:
    """Short, for a glance: `$182K`."""
    return _money(amount, locale())


@lru_cache(maxsize=MANY)
def _money(amount: Money, where: Locale) -> str:
    units = _units(amount)
    short = format_compact_currency(units, amount.currency, locale=where, fraction_digits=0)
    if units < THOUSAND or short.strip(SIGNS + get_currency_symbol(amount.currency, where)):
        return short
    whole = where.currency_formats["standard"].pattern.replace(".00", "")  # no short form for thousands
    return format_currency(units, amount.currency, format=whole, locale=where, currency_digits=False)


def thousands(number: int) -> str:
    """A whole number, to be read: `9,950`."""
    return _decimal(number, None, locale())


def tenths(number: float) -> str:
    """A score: `9.6`."""
    return _decimal(number, "0.0", locale())


@lru_cache(maxsize=MANY)
def _decimal(number: float, pattern: str | None, where: Locale) -> str:
    return format_decimal(number, pattern, locale=where)


def exact_money(amount: Money) -> str:
    """To the cent."""
    return _exact(amount, locale())


@lru_cache(maxsize=MANY)
def _exact(amount: Money, where: Locale) -> str:
    return format_currency(_units(amount), amount.currency, locale=where)


def day(at: date) -> str:
    return format_date(at, "medium", locale=locale())


def moment(at: datetime) -> str:
    return f"{format_datetime(at, 'medium', locale=locale())} UTC"


def ago(at: datetime | None) -> str:
    """How long before now: `20 s ago`."""
    if at is None:
        return _("never")
    seconds = max(0, int((app_state.current().clock() - at).total_seconds()))
    if seconds < 90:
        return _("%(number)s s ago", number=seconds)
    if seconds < 5400:
        return _("%(number)s min ago", number=seconds // 60)
    if seconds < DAY_S:
        return counted("%(num)s hour ago", "%(num)s hours ago", seconds // 3600)
    if seconds < MONTH_S:
        return counted("%(num)s day ago", "%(num)s days ago", seconds // DAY_S)
    if seconds < YEAR_S:
        return counted("%(num)s month ago", "%(num)s months ago", seconds // MONTH_S)
    return counted("%(num)s year ago", "%(num)s years ago", seconds // YEAR_S)


def span(since: datetime | None) -> str:
    """How long since then, in its largest unit: `8 months`."""
    if since is None:
        return ""
    seconds = max(0, int((app_state.current().clock() - since).total_seconds()))
    if seconds < 60:
        return _("less than a minute")
    if seconds < 3600:
        return counted("%(num)s minute", "%(num)s minutes", seconds // 60)
    if seconds < DAY_S:
        return counted("%(num)s hour", "%(num)s hours", seconds // 3600)
    if seconds < MONTH_S:
        return counted("%(num)s day", "%(num)s days", seconds // DAY_S)
    if seconds < YEAR_S:
        return counted("%(num)s month", "%(num)s months", seconds // MONTH_S)
    return counted("%(num)s year", "%(num)s years", seconds // YEAR_S)


def people(number: int) -> str:
    return counted("%(num)s person", "%(num)s people", number)


def spark(trend: tuple[int, ...]) -> str:
    """The points of a line in a box of 84 by 20.

    >>> spark((0, 1, 2))
    '0.0,19.0 42.0,10.0 84.0,1.0'
    """
    most, steps = max(*trend, 1), max(len(trend) - 1, 1)
    return " ".join(f"{84 * n / steps:.1f},{19 - 18 * value / most:.1f}" for n, value in enumerate(trend))


def _units(amount: Money) -> Decimal:
    return Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
