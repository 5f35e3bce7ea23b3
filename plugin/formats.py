"""Dates, money, counts and ages, written for whoever reads the page."""

from datetime import date, datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_currency, format_currency, format_decimal, get_currency_precision
from flask import Blueprint, has_request_context, request

from lineage.terms import Money
from plugin import app_state

SPANS = ((31_557_600, "year"), (2_629_800, "month"), (86_400, "day"), (3600, "hour"), (60, "minute"))


def use(routes: Blueprint) -> None:
    """Make these known to the templates of the app that these routes become part of."""
    for write in (money, exact_money, day, moment, ago, span, count, people):
        routes.add_app_template_filter(write)


def locale() -> Locale:
    """The reader's, as their browser tells it; English where it tells nothing that we know."""
    for tag in request.accept_languages.values() if has_request_context() else ():
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")


def money(amount: Money) -> str:
    """Short, for a glance: `$182K`."""
    return format_compact_currency(_units(amount), amount.currency, locale=locale(), fraction_digits=0)


def exact_money(amount: Money) -> str:
    """To the cent."""
    return format_currency(_units(amount), amount.currency, locale=locale())


def day(at: date) -> str:
    return format_date(at, "medium", locale=locale())


def moment(at: datetime) -> str:
    return f"{format_datetime(at, 'medium', locale=locale())} UTC"


def ago(at: datetime | None) -> str:
    """How long before now: `20 s ago`."""
    if at is None:
        return "never"
    seconds = max(0, int((app_state.current().clock() - at).total_seconds()))
    if seconds < 90:
        return f"{seconds} s ago"
    if seconds < 5400:
        return f"{seconds // 60} min ago"
    return f"{_span(seconds)} ago"


def span(since: datetime | None) -> str:
    """How long since then, in its largest unit: `8 months`."""
    return "" if since is None else _span(max(0, (app_state.current().clock() - since).total_seconds()))


def count(number: int, one: str, many: str = "") -> str:
    """`1 ticket`, `2 tickets`."""
    return f"{format_decimal(number, locale=locale())} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    return count(number, "person", "people")


def _span(seconds: float) -> str:
    for size, name in SPANS:
        if seconds >= size:
            return count(int(seconds // size), name)
    return "less than a minute"


def _units(amount: Money) -> Decimal:
    return Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
