"""Who is owed which words, by the letter (§5), from what was said so far and how things are now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tests.lineage.model.counting import Claim, Counting
from tests.lineage.model.facts import Ask, Facts, Item, Told
from tests.lineage.model.resting import Node, Where, reach
from tests.lineage.model.standing import progress, state_at, state_of

UNTRUE = {
    "delivered": {"open", "started", "declined"},
    "declined": {"open", "started", "delivered"},
}
"""The states of which any makes untrue what was said."""


class Owed(NamedTuple):
    ask: Ask
    item: Item
    own: bool
    what: str
    """What happened to the item; or `closing`, the last word on the ask."""
    takes_back: int = 0
    """The number of what was told and is corrected."""


def owed(counting: Counting) -> set[Owed]:
    """All that anybody is owed, whether or not they may be told."""
    return {one for claim in counting.all_claims for one in _owed(counting.where, claim)}


def _owed(where: Where, claim: Claim) -> set[Owed]:
    ask = (claim.key, claim.item)
    said = [one for one in where.facts.told if ask in one.asks and not one.taken_back]
    spoke = [name for one in said for name in (*_by_other_names(where, claim, one), one)]
    news = {
        Owed(ask, node.item, node.own, state)
        for node in claim.way.shares
        if (state := state_at(where, node)) in UNTRUE and not _answered(where, spoke, node.item, state)
        if not (claim.request.vote and claim.request.asked_at > _since(where.facts, node.item))
    }
    if not news and spoke and ask in spoke[-1].promised and _is_final(where, claim):
        news.add(Owed(ask, claim.item, False, "closing"))
    return news | {
        Owed(ask, one.item, one.own, one.happened, one.number)
        for one in spoke
        if not one.left_standing and _states_below(where, claim, one) & UNTRUE.get(one.happened, set())
    }


def _answered(where: Where, spoke: Iterable[Told], item: Item, what: str) -> bool:
    """Whether the same was said of this item, or of one that is merged into it now."""
    return any(one.happened == what and item in _merged_into(where, one.item) for one in spoke)


def _merged_into(where: Where, item: Item) -> set[Item]:
    found = {item}
    while heir := where.heir(Node(item, own=bool(where.parts(Node(item))))):
        item = heir.item
        found.add(item)
    return found


def _by_other_names(where: Where, claim: Claim, told: Told) -> list[Told]:
    """The same, said of what was merged into the item then and is no more: an unmerge is no second message.

    Of what lay on the way that this ask could take then; the last one on each way that it takes now.
    """
    then = Where(replace(where.facts, links=set(told.links)))
    reached = reach(claim.item, told.links)
    found: dict[Node, Node] = {}
    for node in {*claim.way.shares} | {move.giver for move in claim.way.moves}:
        was = Node(node.item, own=node.own and bool(then.parts(Node(node.item))))
        merged = then.heir(was) is not None and node.item in reached
        if merged and told.item in _all_goes_to(then, was) and told.item not in _all_goes_to(where, node):
            found[node] = was
    unmerged = {node.item for node in found}
    return [
        replace(told, item=was.item, own=was.own)
        for node, was in found.items()
        if not unmerged & _all_goes_to(where, node)
    ]


def _all_goes_to(where: Where, node: Node) -> set[Item]:
    """The items to which all of it goes: by merges, or where a container has but one part."""
    found = set[Item]()
    while heir := where.heir(node) or _only_part(where, node):
        found.add(heir.item)
        node = heir
    return found


def _only_part(where: Where, node: Node) -> Node | None:
    parts = where.parts(node)
    return parts[0] if len(parts) == 1 else None


def _is_final(where: Where, claim: Claim) -> bool:
    return progress(where, claim.way.shares).standing in ("delivered", "delivered_in_part", "declined")


def _states_below(where: Where, claim: Claim, told: Told) -> set[str]:
    """The states on which this ask rests, as far as it came there by way of what was told of."""
    way, node = claim.way, Node(told.item, told.own)
    passed = {*way.shares} | {move.giver for move in way.moves}
    below = {node if node in passed else Node(told.item)} & passed
    while more := {move.heir for move in way.moves if move.giver in below} - below:
        below |= more
    return {state_at(where, one) for one in below & {*way.shares}}


def _since(facts: Facts, item: Item) -> datetime:
    issue = facts.issues[item]
    if facts.on_release and state_of(facts, item) == "delivered":
        return max([issue.at, *(facts.released_at[version] for version in issue.versions)])
    return issue.at
