"""How much each item counts: people, companies and their money, to the cent.

Only processes data; exact sets and whole minor units, no floats but in the score (§3).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import NamedTuple

from lineage.carriers import Rest
from lineage.graph import Flow, Node
from lineage.terms import NOTHING, AskId, CompanyId, ItemId, PersonId, RequestId, Worth


@dataclass(frozen=True, slots=True)
class Claim:
    """One ask that counts: whose, for which company, from where, and where it rests."""

    ask: AskId
    person: PersonId
    company: CompanyId | None
    item: ItemId
    vote: RequestId | None
    """The request, where it is a vote: it counts once, on however many ways it comes."""
    rest: Rest


@dataclass(slots=True)
class Demand:
    """What one item counts. `rests` says whether anything rests on it; only such items are ranked."""

    people: set[PersonId] = field(default_factory=set)
    companies: set[CompanyId] = field(default_factory=set)
    votes: set[RequestId] = field(default_factory=set)
    rests: bool = False
    reach: Worth = NOTHING
    whole: Worth = NOTHING
    """The credit of the item with everything that passes it."""
    credit: Worth = NOTHING
    """The credit that rests on the item: its own part where it keeps one, nothing where it passes all on."""


def demand(claims: Sequence[Claim], flow: Flow, worth: Mapping[CompanyId, Worth]) -> dict[ItemId, Demand]:
    """The demand of each item that any of `claims` rests on or passes."""
    items: dict[ItemId, Demand] = defaultdict(Demand)
    for claim in claims:
        for item in {node.item for node in claim.rest.passed}:
            of = items[item]
            of.people.add(claim.person)
            if claim.vote is not None:
                of.votes.add(claim.vote)
            if claim.company is not None:
                of.companies.add(claim.company)
        for node in claim.rest.shares:
            items[node.item].rests = True
    for of in items.values():
        of.reach = _sum(worth.get(company, NOTHING) for company in of.companies)
    for node, amount in amounts(claims, flow, worth).items():
        of = items[node.item]
        if not node.own:
            of.whole = amount
        if node not in flow.merges and (node.own or node.item not in flow.splits):
            of.credit = amount
    return dict(items)


def amounts(claims: Sequence[Claim], flow: Flow, worth: Mapping[CompanyId, Worth]) -> dict[Node, Worth]:
    """The credit at each node, summed over companies."""
    by_company: dict[CompanyId, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.company is not None:
            by_company[claim.company].append(claim)
    totals: dict[Node, Worth] = defaultdict(lambda: NOTHING)
    for company, of in by_company.items():
        for node, amount in company_amounts(of, flow, worth.get(company, NOTHING)).items():
            totals[node] = _sum((totals[node], amount))
    return dict(totals)


class Carried(NamedTuple):
    """The money of one company: what it carries at each node, and what goes from one node to the next."""

    amounts: dict[Node, Worth]
    portions: dict[tuple[Node, Node], Worth]


def company_amounts(claims: Sequence[Claim], flow: Flow, worth: Worth) -> dict[Node, Worth]:
    """What one company carries at each node that its asks pass."""
    return carried(claims, flow, worth).amounts


def carried(claims: Sequence[Claim], flow: Flow, worth: Worth) -> Carried:
    """Where the money of one company is, and how it came there.

    At an item it is never more than the company's amount, however many ways lead there; at a split it
    is shared as the asks that pass are, or by the sizes where none of them is narrowed.
    """
    given: dict[tuple[Node, Node], Fraction] = defaultdict(Fraction)
    for claim in claims:
        for way, share in claim.rest.given.items():
            given[way] += share
    narrowed = {item for claim in claims for item in claim.rest.narrowed}
    direct = {Node(claim.item) for claim in claims}
    inflow: dict[Node, Worth] = defaultdict(lambda: NOTHING)
    found = Carried({}, {})
    for node in _givers_first(given, direct):
        found.amounts[node] = amount = carries(worth, inflow[node], direct=node in direct)
        shared_by = weights(node, flow, given) if node.item in narrowed else None
        for heir, portion in shared_out(node, amount, flow, shared_by):
            inflow[heir] = _sum((inflow[heir], portion))
            found.portions[node, heir] = portion
    return found


def carries(worth: Worth, inflow: Worth, *, direct: bool) -> Worth:
    """What a company carries at a node: all it is worth where it asked `direct`, else what came there."""
    if direct:
        return worth
    return Worth(min(inflow.customer, worth.customer), min(inflow.pipeline, worth.pipeline))


def _givers_first(given: Mapping[tuple[Node, Node], Fraction], starts: Iterable[Node]) -> list[Node]:
    order: TopologicalSorter[Node] = TopologicalSorter(dict.fromkeys(starts, ()))
    for giver, heir in given:
        order.add(heir, giver)
    return list(order.static_order())


def weights(node: Node, flow: Flow, given: Mapping[tuple[Node, Node], Fraction]) -> list[int]:
    """How a company's money is shared out at a split where one of its asks is narrowed."""
    parts = flow.splits.get(node.item, ()) if not node.own else ()
    return whole_weights([given.get((node, part.node), Fraction(0)) for part in parts])


def shared_out(
    node: Node, amount: Worth, flow: Flow, shared_by: Sequence[int] | None = None
) -> list[tuple[Node, Worth]]:
    """What each heir of a node gets of `amount`; at a split by size, unless `shared_by` says otherwise."""
    if merge := flow.merges.get(node):
        return [(Node(merge.dst), amount)]
    parts = flow.splits.get(node.item, ()) if not node.own else ()
    if not parts:
        return []
    by = shared_by or [part.size for part in parts]
    customer, pipeline = telescoped(amount.customer, by), telescoped(amount.pipeline, by)
    return [
        (part.node, Worth(won, open_))
        for part, weight, won, open_ in zip(parts, by, customer, pipeline, strict=True)
        if weight
    ]


def whole_weights(shares: Sequence[Fraction]) -> list[int]:
    """The same proportions in whole numbers.

    >>> whole_weights([Fraction(1, 2), Fraction(1, 3)])
    [3, 2]
    """
    scale = math.lcm(*(share.denominator for share in shares))
    return [int(share * scale) for share in shares]


def telescoped(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` shared by `weights` as cumulative floors: the parts add up to it exactly.

    >>> telescoped(100, [1, 1, 1])
    [33, 33, 34]
    """
    total, low, shares = sum(weights), 0, []
    for weight in weights:
        high = low + weight
        shares.append(amount * high // total - amount * low // total)
        low = high
    return shares


@dataclass(frozen=True, slots=True)
class Weights:
    """How people and money weigh against each other in the score; `unit_minor` is what log2 counts in."""

    people: float = 1.0
    value: float = 1.0
    unit_minor: int = 100_000


def score(requesters: int, credit: Worth, weights: Weights = Weights()) -> tuple[float, list[str]]:
    """The number to rank by, and the terms that add up to it.

    >>> score(3, Worth(100_000, 0))
    (3.0, ['people: 1 × log2(1 + 3) = 2.00', 'money: 1 × log2(1 + 1.00) = 1.00'])
    """
    money = (credit.customer + credit.pipeline) / weights.unit_minor
    people_term = round(weights.people * math.log2(1 + requesters), 2)
    value_term = round(weights.value * math.log2(1 + money), 2)
    why = [
        f"people: {weights.people:g} × log2(1 + {requesters}) = {people_term:.2f}",
        f"money: {weights.value:g} × log2(1 + {money:.2f}) = {value_term:.2f}",
    ]
    return round(people_term + value_term, 2), why


def _sum(worths: Iterable[Worth]) -> Worth:
    customer = pipeline = 0
    for one in worths:
        customer += one.customer
        pipeline += one.pipeline
    return Worth(customer, pipeline)
