"""How much an item counts, by the letter: sets of persons, companies and votes, and money to the cent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from math import floor, log2
from typing import NamedTuple

from tests.lineage.model.facts import Amounts, Item, Request
from tests.lineage.model.resting import Node, Way, Where


class Demand(NamedTuple):
    requesters: int
    companies: int
    votes: int
    reach: Amounts
    credit: Amounts
    score: float
    ranked: bool
    oldest_at: datetime | None


class Claim(NamedTuple):
    """An ask that stands, and the way it went."""

    key: str
    request: Request
    item: Item
    way: Way


class Counting:
    def __init__(self, where: Where) -> None:
        self.where, self.facts = where, where.facts
        asks = [
            (key, self.facts.requests[key], item) for (key, item), stands in self.facts.asks.items() if stands
        ]
        self.all_claims = [
            Claim(key, request, item, where.way(request.person, item))
            for key, request, item in asks
            if not request.withdrawn
        ]
        self.claims = [one for one in self.all_claims if one.request.person not in self.facts.staff]
        """Colleagues never count."""

    def demand(self, item: Item) -> Demand:
        here = [claim for claim in self.claims if item in claim.way.items]
        known = [claim for claim in here if claim.request.person not in self.facts.unproven]
        companies = {claim.request.company for claim in known if claim.request.company}
        ends = {node for claim in here for node in claim.way.shares if node.item == item}
        requesters = len({claim.request.person for claim in known})
        credit = _sum(self.carried(company, end) for company in companies for end in ends)
        return Demand(
            requesters=requesters,
            companies=len(companies),
            votes=len({claim.key for claim in here if claim.request.vote}),
            reach=_sum(self.worth(company) for company in companies),
            credit=credit,
            score=score(requesters, credit),
            ranked=bool(ends),
            oldest_at=min((claim.request.asked_at for claim in here), default=None),
        )

    def asks_on(self, item: Item) -> set[tuple[str, Item]]:
        return {(claim.key, claim.item) for claim in self.all_claims if item in claim.way.items}

    def worth(self, company: str) -> Amounts:
        return self.facts.amounts.get(company, Amounts())

    def carried(self, company: str, node: Node) -> Amounts:
        """What a company carries at a place: for its asks there and what it was handed, up to its amount."""
        claims = [
            claim
            for claim in self.claims
            if claim.request.company == company and claim.request.person not in self.facts.unproven
        ]
        handed: dict[tuple[Node, Node], Fraction] = defaultdict(Fraction)
        for claim in claims:
            for giver, heir, share in claim.way.moves:
                handed[giver, heir] += share

        def at(place: Node) -> Amounts:
            direct = any(Node(claim.item) == place for claim in claims)
            gifts = [gift(giver, heir) for giver, heir in handed if heir == place]
            return _at_most(self.worth(company), _sum([*gifts, self.worth(company) if direct else Amounts()]))

        def gift(giver: Node, heir: Node) -> Amounts:
            """A merge hands on everything, a split the heir's slice."""
            parts, there = self.where.parts(giver), at(giver)
            weights = [handed[giver, part] if (giver, part) in handed else Fraction(0) for part in parts]
            lo = sum(weights[: parts.index(heir)]) if parts else 0
            hi, tot = (lo + handed[giver, heir], sum(weights)) if parts else (1, 1)
            return Amounts(*(floor(amount * hi / tot) - floor(amount * lo / tot) for amount in there))

        return at(node)


def score(requesters: int, credit: Amounts) -> float:
    """Each term as it is shown, to the digit; money counts in thousands."""
    return round(round(log2(1 + requesters), 2) + round(log2(1 + sum(credit) / 100_000), 2), 2)


def _sum(amounts: Iterable[Amounts]) -> Amounts:
    every = list(amounts)
    return Amounts(sum(one.customer for one in every), sum(one.pipeline for one in every))


def _at_most(most: Amounts, amounts: Amounts) -> Amounts:
    return Amounts(min(amounts.customer, most.customer), min(amounts.pipeline, most.pipeline))
