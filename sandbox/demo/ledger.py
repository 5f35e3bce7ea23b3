"""What each issue should count, worked out a second time from HubSpot's own records and what was played.

Written apart from the product's rules, so that a mistake there is a difference here. Amounts are whole cents.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from sandbox.demo.cast import Cast, Company, Customer
from sandbox.hubspot import HubSpot
from sandbox.hubspot.portal import STAGES


@dataclass(frozen=True, slots=True)
class Worth:
    """One company's deals: won, and open by their probability."""

    customer: int
    pipeline: int


@dataclass(frozen=True, slots=True)
class Ask:
    who: Customer
    key: str
    vote: bool = False


@dataclass(slots=True)
class Played:
    """What has been played so far. `parts`: what the whole is shared among, itself first if it keeps one."""

    cast: Cast
    asks: list[Ask] = field(default_factory=list)
    parts: tuple[str, ...] = ()
    narrowed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """E-mail address to the parts that this customer wants."""
    merged: bool = False
    """Whether the twin issue is a duplicate of the first part by now."""

    def rests_on(self, ask: Ask) -> tuple[str, ...]:
        """The keys of the issues on which an ask rests."""
        if ask.key == self.cast.whole and self.parts:
            return self.narrowed.get(ask.who.email, self.parts)
        if ask.key == self.cast.twin and self.merged:
            return (self.cast.parts[0],)
        return (ask.key,)


@dataclass(frozen=True, slots=True)
class Counts:
    """What one issue counts."""

    requesters: int
    companies: int
    votes: int
    customer: int
    pipeline: int

    @property
    def score(self) -> float:
        money = (self.customer + self.pipeline) / 100_000
        return round(round(math.log2(1 + self.requesters), 2) + round(math.log2(1 + money), 2), 2)


def worth_in(hubspot: HubSpot) -> dict[str, Worth]:
    """Company name to its worth, from the portal's records."""
    found: dict[str, Worth] = {}
    with hubspot.portal.lock:
        for company in hubspot.portal.live("companies"):
            won, open_ = 0, 0
            for ident in hubspot.portal.links.of("companies", company.id, "deals"):
                deal = hubspot.portal.must("deals", ident).properties
                stage, amount = str(deal["dealstage"]), Decimal(deal["amount"] or 0)
                if stage == "closedwon":
                    won += cents(amount)
                elif stage != "closedlost":
                    open_ += cents(amount * Decimal(STAGES[stage][1]))
            found[str(company.properties["name"])] = Worth(won, open_)
    return found


def cents(amount: Decimal) -> int:
    """Whole cents, what is less is dropped.

    >>> cents(Decimal("12.349"))
    1234
    """
    return int((amount * 100).to_integral_value(ROUND_FLOOR))


def expected(played: Played, worth: Mapping[str, Worth]) -> dict[str, Counts]:
    """Every issue on which something rests."""
    resting = {key for ask in played.asks for key in played.rests_on(ask)}
    return {key: _counts(played, worth, key) for key in resting}


def _counts(played: Played, worth: Mapping[str, Worth], key: str) -> Counts:
    here = [ask for ask in played.asks if key in played.rests_on(ask) or (played.parts and key == ask.key)]
    companies = {ask.who.company for ask in here}
    carried = [_carried(played, company, key, worth[company.name]) for company in companies]
    return Counts(
        requesters=len({ask.who.email for ask in here}),
        companies=len(companies),
        votes=sum(ask.vote for ask in here),
        customer=sum(one.customer for one in carried),
        pipeline=sum(one.pipeline for one in carried),
    )


def _carried(played: Played, company: Company, key: str, worth: Worth) -> Worth:
    """What one company brings to one issue: never more than it is worth."""
    asks = [ask for ask in played.asks if ask.who.company == company]
    whole = [ask for ask in asks if ask.key == played.cast.whole]
    direct = any(played.rests_on(ask) == (key,) for ask in asks if ask not in whole)
    return Worth(
        *(_amount(played, whole, key, total, direct=direct) for total in (worth.customer, worth.pipeline))
    )


def _amount(played: Played, whole: Iterable[Ask], key: str, total: int, *, direct: bool) -> int:
    asks = list(whole)
    found = total if direct else 0
    if asks and not played.parts and key == played.cast.whole:
        found += total
    elif asks and key in played.parts:
        found += shared(total, [_weight(played, asks, part) for part in played.parts])[
            played.parts.index(key)
        ]
    return min(found, total)


def _weight(played: Played, asks: Iterable[Ask], part: str) -> Fraction:
    chosen = [played.rests_on(ask) for ask in asks]
    return sum((Fraction(1, len(parts)) for parts in chosen if part in parts), Fraction(0))


def shared(total: int, weights: list[Fraction]) -> list[int]:
    """The parts of a total by weight: whole cents that add up to it.

    >>> shared(100, [Fraction(1), Fraction(1), Fraction(1)])
    [33, 33, 34]
    """
    every, reached, parts = sum(weights), Fraction(0), []
    for weight in weights:
        low, reached = reached, reached + weight
        parts.append(math.floor(total * reached / every) - math.floor(total * low / every))
    return parts
