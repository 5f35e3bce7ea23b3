"""What items count: every module of `lineage/counting` broken, and the rules that they share."""

from typing import Any

from lineage import credit
from lineage.counting import passing, purse, purse_rows, pushing, rebuild, shares, sums, whole
from lineage.counting.passing import Weight
from lineage.terms import NOTHING, Worth
from tests.lineage.mutations import histories
from tests.lineage.mutations.mutation import Mutation
from tests.lineage.twin.broken import CAP, COUNTS, DISTINCT, MENDED, PARTS, PUSHED, RECOMPUTE, UNDO

_add_up, _counts, _collect, _key = purse._add_up, purse._counts, sums.collect, passing._key


def _by_sizes(node: Any, flow: Any, given: Any) -> list[int]:
    return [part.size for part in flow.splits[node.item]]


def _forget_what_went(difference: Any) -> Any:
    """The reference count is never decremented."""
    went, difference.lost = difference.lost, []
    found = _counts(difference)
    difference.lost = went
    return found


def _a_company_for_each_ask(purse_: Any, worth: Any, revalued: Any, moved: Any) -> None:
    _add_up(purse_, worth, revalued, moved)
    for company, node, before, now in purse_.changed_claims():
        if not node.own and before.asks and now.asks > before.asks:
            more = worth[company]
            reach = moved.reach[node.item]
            moved.reach[node.item] = Worth(reach.customer + more.customer, reach.pipeline + more.pipeline)


def _votes_for_all(difference: Any, moved: Any) -> Any:
    found = _collect(difference, moved)
    for more in found.values():
        more.sums["votes"] += more.sums["asks"]
    return found


OF_COUNTS = {
    "credit: each part is rounded down by itself": Mutation(
        PARTS, credit, "telescoped",
        lambda amount, by: [amount * one // sum(by) for one in by], histories.thirds),
    "credit: what comes together is not capped": Mutation(
        CAP, credit, "carries",
        lambda worth, inflow, *, direct: worth if direct else inflow, histories.merged_askers),
    "credit: a narrowed colleague shifts no money": Mutation(
        COUNTS, credit, "weights", _by_sizes, histories.narrowed),
    "credit: the score forgets the money": Mutation(
        COUNTS, credit, "score", lambda requesters, credit, weights=None: (float(requesters), []),
        histories.thirds),
    "passing: colleagues count": Mutation(
        COUNTS, passing, "weight_of", lambda ask: Weight.FULL, histories.colleague),
    "passing: a person counts once for each ask": Mutation(
        DISTINCT, passing, "_counted", lambda conn, workspace_id, concerned: set(), histories.asks_twice),
    "passing: what was passed before stays": Mutation(
        RECOMPUTE, passing, "_key", lambda workspace_id, row: _key(0, row), histories.takes_one_back),
    "purse: a company that asks twice is reached twice": Mutation(
        DISTINCT, purse, "_add_up", _a_company_for_each_ask, histories.asks_twice),
    "purse: the reference count is never decremented": Mutation(
        UNDO, purse, "_counts", _forget_what_went, histories.a_link_and_back),
    "purse: what went along a removed link stays": Mutation(
        UNDO, purse._Purse, "_take_back_what_goes_nowhere", lambda self: None, histories.a_link_and_back),
    "purse_rows: a portion is not written": Mutation(
        RECOMPUTE, purse_rows, "write_portions", lambda *_: None, histories.thirds),
    "shares: nobody is narrowed": Mutation(
        COUNTS, shares, "shares_of_the_narrowed", lambda *_: {}, histories.narrowed),
    "sums: every ask is a vote": Mutation(
        DISTINCT, sums, "collect", _votes_for_all, histories.asks_twice),
    "sums: the oldest ask stays when it went": Mutation(
        RECOMPUTE, sums, "_oldest", lambda conn, workspace_id, item, was, more: was or min(more.came),
        histories.takes_one_back),
    "pushing: the tracker is not told": Mutation(
        PUSHED, pushing, "push", lambda conn, workspace_id, items, *, now: None, histories.asks_twice),
    "rebuild: what is missing is not found": Mutation(
        MENDED, rebuild, "_differences", lambda name, before, rows: [], histories.thirds),
    "whole: what differs is not written": Mutation(
        MENDED, whole, "mend", lambda conn, before, after: {}, histories.thirds),
    "whole: nothing comes from elsewhere": Mutation(
        RECOMPUTE, whole, "_inflow", lambda money, node: NOTHING, histories.thirds),
}  # fmt: skip
