"""Money in words and in a currency's own minor units. Only processes data."""

from decimal import Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision

from lineage.terms import Money


def minor_units(amount: int, currency: str) -> int:
    """Whole units of a currency in its minor ones.

    >>> minor_units(1_000, "USD"), minor_units(1_000, "JPY")
    (100000, 1000)
    """
    return amount * int(10 ** get_currency_precision(currency))


def spoken(money: Money) -> str:
    """To the cent. A page says hundreds of them, so Babel is asked once a currency how one is written.

    >>> spoken(Money(8_000_000, "USD")), spoken(Money(-5, "CHF")), spoken(Money(1_000, "JPY"))
    ('$80,000.00', '-CHF0.05', '¥1,000')
    """
    before, decimals = _written(money.currency)
    amount = Decimal(abs(money.minor)).scaleb(-decimals)
    return f"{'-' if money.minor < 0 else ''}{before}{amount:,.{decimals}f}"


@cache
def _written(currency: str) -> tuple[str, int]:
    """What stands before the number in US English, and its decimals."""
    nought = format_currency(0, currency, locale="en_US")
    return nought.partition("0")[0], get_currency_precision(currency)
