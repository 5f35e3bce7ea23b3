"""What the deals of one company are worth to a workspace: exact rules on plain values, no I/O, no floats.

`customer` is won and in term, `pipeline` is open by its probability; both in whole minor units of the
workspace's currency. Source of the rules: README.md of this folder, "What counts".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

from babel.numbers import get_currency_precision

IN_TERM = timedelta(days=365)
"""HubSpot's core knows no end of a contract: a won deal counts for a year."""

STALE_AFTER = timedelta(days=90)
"""An open deal that should have closed longer ago than this is not a prospect."""

FINEST = Decimal("0.000001")
"""HubSpot spells 0.6 as 0.59999999999999997779…: what is finer than this is its float, not an amount."""

LARGEST = Decimal(10) ** 15
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal, read. `currency` is empty where the deal names none; None is what HubSpot left unset."""

    id: str
    name: str = ""
    amount: Decimal | None = None
    at_home: Decimal | None = None
    """The amount in the portal's home currency."""
    currency: str = ""
    probability: Decimal | None = None
    closed: bool = False
    won: bool = False
    closes: datetime | None = None
    yearly: Decimal | None = None
    """Recurring value of a year, in the deal's own currency, where line items give one."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Both sums, and a line for each deal that was counted or left out."""

    customer_minor: int
    pipeline_minor: int
    why: tuple[str, ...]


def worth(deals: Iterable[Deal], *, currency: str, home: str | None, now: datetime) -> Worth:
    """The worth of a company's deals in `currency`; each deal counts once, by its id.

    `home` is the portal's home currency, None where it is not known. A deal without a currency is in the
    portal's, or, that unknown, in the workspace's.
    """
    once = {deal.id: deal for deal in deals}
    customer = pipeline = 0
    lines: list[tuple[int, str, str]] = []
    for deal in once.values():
        minor, words = _count(deal, currency=currency, home=home, now=now)
        if deal.won:
            customer += minor
        else:
            pipeline += minor
        lines.append((-minor, deal.id, f"{deal.name[:60] or 'Deal'} ({deal.id}): {words}"))
    why = [line for _, _, line in sorted(lines)]
    if len(why) > MOST_LINES:
        why[MOST_LINES:] = [f"and {len(why) - MOST_LINES} more"]
    return Worth(customer, pipeline, tuple(why))


def minor_units(amount: Decimal, currency: str) -> int:
    """Whole minor units, rounded down: 12.349 USD is 1234, 12.3 JPY is 12.

    >>> minor_units(Decimal("12.349"), "USD"), minor_units(Decimal("12.3"), "JPY")
    (1234, 12)
    """
    with localcontext(prec=60):
        whole = amount.quantize(FINEST, ROUND_HALF_EVEN).scaleb(get_currency_precision(currency))
        return int(whole.to_integral_value(ROUND_FLOOR))


def _count(deal: Deal, *, currency: str, home: str | None, now: datetime) -> tuple[int, str]:
    """What one deal adds, in minor units, and in words why. Never negative."""
    if deal.closed and not deal.won:
        return 0, "lost, counts nothing"
    reason = _too_old(deal, now)
    if reason:
        return 0, reason
    amount, basis = _amount(deal, currency=currency, home=home)
    if amount is None:
        return 0, basis
    if not 0 < amount < LARGEST:
        return 0, f"an amount of {amount:.6g}, left out"
    if deal.won:
        minor = minor_units(amount, currency)
        return minor, f"won, {_money(minor, currency)}{basis}"
    if deal.probability is None:
        return 0, "open, no probability known, counts nothing"
    with localcontext(prec=60):
        chance = min(max(deal.probability, Decimal(0)), Decimal(1)).quantize(FINEST, ROUND_HALF_EVEN)
        minor = minor_units(amount.quantize(FINEST, ROUND_HALF_EVEN) * chance, currency)
    percent = f"{chance * 100:.4f}".rstrip("0").rstrip(".")
    return minor, f"open, {percent} % of {amount:,f}{basis} is {_money(minor, currency)}"


def _too_old(deal: Deal, now: datetime) -> str:
    """Why its date keeps a deal from counting; empty when it does not."""
    if deal.won and deal.closes is None:
        return "won, but without a close date, left out"
    if deal.won and deal.closes is not None and now - deal.closes > IN_TERM:
        return f"won on {deal.closes:%Y-%m-%d}, over a year ago, out of term"
    if not deal.won and deal.closes is not None and now - deal.closes > STALE_AFTER:
        return f"open, but was to close on {deal.closes:%Y-%m-%d}: stale, counts nothing"
    return ""


def _amount(deal: Deal, *, currency: str, home: str | None) -> tuple[Decimal | None, str]:
    """The amount in `currency` and a word on where it comes from; None and the reason where there is none."""
    own = deal.currency or home or currency
    if own == currency:
        if deal.won and deal.yearly is not None and deal.yearly > 0:
            return deal.yearly, " recurring a year"
        amount = deal.amount if deal.amount is not None or home != currency else deal.at_home
        return amount, "" if amount is not None else "no amount"
    if home == currency:
        basis = f" from {own}" if deal.at_home is not None else f"in {own}, and HubSpot has no rate, left out"
        return deal.at_home, basis
    return None, f"in {own}, not {currency}, left out"


def _money(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-get_currency_precision(currency)):,f} {currency}"
