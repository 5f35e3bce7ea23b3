"""Money in words and in a currency's own minor units. Only processes data."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from lineage.terms import Money


def minor_units(amount: int, currency: str) -> int:
    """Whole units of a currency in its minor ones.

    >>> minor_units(1_000, "USD"), minor_units(1_000, "JPY")
    (100000, 1000)
    """
    return amount * int(10 ** get_currency_precision(currency))


def spoken(money: Money) -> str:
    """To the cent.

    >>> spoken(Money(8_000_000, "USD"))
    '$80,000.00'
    """
    amount = Decimal(money.minor).scaleb(-get_currency_precision(money.currency))
    return format_currency(amount, money.currency, locale="en_US")
