"""What holds for all links, choices and amounts: the invariants of the pure rules."""

import random
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.carriers import Chosen, rest
from lineage.credit import (
    Claim,
    company_amounts,
    demand,
    score,
    telescoped,
    whole_weights,
)
from lineage.graph import Edge, Flow, Node, SplitFacts, flow
from lineage.terms import NOTHING, CompanyId, EdgeKind, ItemId, Worth
from tests.lineage.random_links import (
    DAY,
    ITEMS,
    amounts,
    choices,
    claims,
    facts,
    flows,
    item_ids,
    links,
    worths,
)

quick = settings(max_examples=150, deadline=None)


# --- where asks rest


@quick
@given(links, facts, item_ids, choices)
def test_shares_sum_to_one(
    edges: list[Edge], said: dict[ItemId, SplitFacts], start: ItemId, chosen: Chosen
) -> None:
    found = rest(start, DAY, flow(edges, said), chosen)
    assert sum(found.shares.values()) == 1
    assert all(share > 0 for share in found.shares.values())


@quick
@given(links, facts, item_ids, choices, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(
    edges: list[Edge], said: dict[ItemId, SplitFacts], start: ItemId, chosen: Chosen, chance: random.Random
) -> None:
    heard = [*edges, *chance.sample(edges, len(edges) // 2)]
    chance.shuffle(heard)
    once, again = flow(edges, said), flow(heard, said)
    assert (once.splits, once.merges, once.returned) == (again.splits, again.merges, again.returned)
    assert {aside.edge.link_id: aside.why for aside in once.aside} == {
        aside.edge.link_id: aside.why for aside in again.aside
    }
    assert rest(start, DAY, once, chosen) == rest(start, DAY, again, chosen)


@quick
@given(flows(), item_ids, choices)
def test_shares_are_those_of_the_obvious_slow_way(where: Flow, start: ItemId, chosen: Chosen) -> None:
    assert rest(start, DAY, where, chosen).shares == slow_shares(where, Node(start), chosen)


def slow_shares(where: Flow, node: Node, chosen: Chosen) -> dict[Node, Fraction]:
    """Hand the whole on at every node, by every way there is."""
    found: dict[Node, Fraction] = defaultdict(Fraction)
    parts = where.splits.get(node.item, ()) if not node.own else ()
    if parts:
        wanted = chosen.get(node.item, frozenset())
        meant = {node.item if (node.item, one) in where.returned else one for one in wanted}
        kept = [part for part in parts if part.node.item in meant] or parts
        for part in kept:
            for end, share in slow_shares(where, part.node, chosen).items():
                found[end] += share * Fraction(part.size, sum(one.size for one in kept))
        return dict(found)
    if merge := where.merges.get(node):
        return slow_shares(where, Node(merge.dst), chosen)
    return {node: Fraction(1)}


@quick
@given(links, facts)
def test_every_link_counts_or_is_set_aside_with_a_reason(
    edges: list[Edge], said: dict[ItemId, SplitFacts]
) -> None:
    found = flow(edges, said)
    counting = {edge.link_id for edge in found.merges.values()}
    counting |= {part.edge.link_id for parts in found.splits.values() for part in parts if part.edge}
    aside = {one.edge.link_id for one in found.aside}
    assert not counting & aside and all(one.why for one in found.aside)
    for edge in edges:
        twice = edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) in {
            (whole, part.node.item) for whole, parts in found.splits.items() for part in parts
        }
        returned = edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) in found.returned
        assert edge.link_id in counting | aside or twice or returned


@quick
@given(links, facts)
def test_no_item_has_two_merges_and_nothing_flows_in_a_circle(
    edges: list[Edge], said: dict[ItemId, SplitFacts]
) -> None:
    found = flow(edges, said)
    sources = [edge.src for edge in found.merges.values()]
    assert len(sources) == len(set(sources))
    onward: dict[ItemId, set[ItemId]] = defaultdict(set)
    for edge in found.merges.values():
        onward[edge.src].add(edge.dst)
    for whole, parts in found.splits.items():
        onward[whole] |= {part.node.item for part in parts} - {whole}
    assert all(item not in _beyond(item, onward) for item in ITEMS)


def _beyond(start: ItemId, onward: dict[ItemId, set[ItemId]]) -> set[ItemId]:
    found: set[ItemId] = set()
    waiting = [start]
    while waiting:
        fresh = onward[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


def test_many_ways_through_shared_parts_cost_no_more_than_one() -> None:
    """Forty splits whose parts are merged again: a million million ways, walked as eighty nodes."""
    edges = []
    for step in range(40):
        top, left, right = (ItemId(str(10 * step + part)) for part in (0, 1, 2))
        below = ItemId(str(10 * step + 10))
        pairs = [(EdgeKind.SPLIT, top, left), (EdgeKind.SPLIT, top, right)]
        pairs += [(EdgeKind.MERGED, left, below), (EdgeKind.MERGED, right, below)]
        edges += [
            Edge(str(1000 + 10 * step + one), kind, src, dst, DAY)
            for one, (kind, src, dst) in enumerate(pairs)
        ]
    said = {ItemId(str(10 * step)): SplitFacts(keeps=False) for step in range(40)}
    assert rest(ItemId("0"), DAY, flow(edges, said)).shares == {Node(ItemId("400")): 1}


def test_a_chain_of_merges_may_be_long() -> None:
    edges = [Edge(str(n), EdgeKind.MERGED, ItemId(str(n)), ItemId(str(n + 1)), DAY) for n in range(300)]
    assert rest(ItemId("0"), DAY, flow(edges)).shares == {Node(ItemId("300")): 1}


# --- money


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_the_parts_add_up_to_the_whole_to_the_cent(amount: int, weights: list[int]) -> None:
    parts = telescoped(amount, weights)
    assert sum(parts) == amount and all(part >= 0 for part in parts)
    assert all(
        abs(part - Fraction(amount * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True)
    )


@given(st.lists(st.fractions(0, 1, max_denominator=60), min_size=1, max_size=6))
def test_whole_weights_keep_the_proportions(shares: list[Fraction]) -> None:
    weights = whole_weights(shares)
    for (a, b), (x, y) in zip(pairwise(shares), pairwise(weights), strict=True):
        assert a * y == b * x


@quick
@given(st.data(), flows(), worths)
def test_no_company_counts_above_its_amount_anywhere(data: st.DataObject, where: Flow, worth: Worth) -> None:
    found = company_amounts(data.draw(claims(where)), where, worth)
    assert all(
        0 <= one.customer <= worth.customer and 0 <= one.pipeline <= worth.pipeline for one in found.values()
    )


@quick
@given(st.data(), flows(), worths, item_ids)
def test_what_one_item_is_worth_rests_whole_on_its_parts(
    data: st.DataObject, where: Flow, worth: Worth, start: ItemId
) -> None:
    asked = data.draw(claims(where, start=start))
    found = company_amounts(asked, where, worth)
    ends = {node for claim in asked for node in claim.rest.shares}
    assert sum(found[node].customer for node in ends) == worth.customer
    assert sum(found[node].pipeline for node in ends) == worth.pipeline


@quick
@given(st.data(), flows(), worths)
def test_the_amounts_are_those_of_the_obvious_slow_way(
    data: st.DataObject, where: Flow, worth: Worth
) -> None:
    asked = data.draw(claims(where))
    found = company_amounts(asked, where, worth)
    for node in {node for claim in asked for node in claim.rest.passed}:
        assert found[node] == slow_amount(asked, where, worth, node)


def slow_amount(asked: list[Claim], where: Flow, worth: Worth, node: Node) -> Worth:
    """What was asked for here, and what every giver hands on; never more than the company has."""
    direct = not node.own and any(claim.item == node.item for claim in asked)
    customer, pipeline = worth if direct else NOTHING
    for giver in {giver for claim in asked for giver, heir in claim.rest.given if heir == node}:
        there = slow_amount(asked, where, worth, giver)
        parts = where.splits.get(giver.item, ()) if not giver.own else ()
        if not parts:
            customer, pipeline = customer + there.customer, pipeline + there.pipeline
            continue
        if any(giver.item in claim.rest.narrowed for claim in asked):
            shares = [
                sum(claim.rest.given.get((giver, p.node), Fraction(0)) for claim in asked) for p in parts
            ]
        else:
            shares = [Fraction(part.size) for part in parts]
        at = [part.node for part in parts].index(node)
        low, high = Fraction(sum(shares[:at])) / sum(shares), Fraction(sum(shares[: at + 1])) / sum(shares)
        customer += int(there.customer * high) - int(there.customer * low)
        pipeline += int(there.pipeline * high) - int(there.pipeline * low)
    return Worth(min(customer, worth.customer), min(pipeline, worth.pipeline))


@quick
@given(st.data(), flows(), worths)
def test_distinct_counts_equal_a_recount(data: st.DataObject, where: Flow, worth: Worth) -> None:
    asked = data.draw(claims(where))
    found = demand(asked, where, {CompanyId(1): worth})
    for item in ITEMS:
        here = [claim for claim in asked if item in {node.item for node in claim.rest.passed}]
        assert (item in found) == bool(here)
        if here:
            assert found[item].people == {claim.person for claim in here}
            assert found[item].reach == worth
            resting = any(item == node.item for claim in here for node in claim.rest.shares)
            assert found[item].rests == resting


@given(st.integers(0, 10**6), worths)
def test_the_terms_of_the_score_add_up(requesters: int, credit: Worth) -> None:
    points, why = score(requesters, credit)
    assert round(sum(float(line.rsplit(" = ", 1)[1]) for line in why), 2) == points
