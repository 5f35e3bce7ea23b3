"""Where asks rested before: what the links say that stood then, those that are gone by now included.

Only processes data. What people said about parts counts as it is now; of that no day is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lineage.carriers import Chosen, rest
from lineage.graph import Edge, Flow, Node, SplitFacts, flow
from lineage.terms import ItemId


@dataclass(frozen=True, slots=True)
class Stood:
    """A link that stands, or stood `until` it was removed."""

    edge: Edge
    until: datetime | None = None

    def stood_before(self, moment: datetime) -> bool:
        return self.edge.at < moment and (self.until is None or self.until >= moment)


class Past:
    """The links around some items, now and before."""

    def __init__(self, links: Iterable[Stood], facts: Mapping[ItemId, SplitFacts]) -> None:
        self._links, self._facts = list(links), facts
        self._around: dict[ItemId, Around] = {}

    def around(self, start: ItemId) -> "Around":
        """What asks that begin at this item could pass, now or before."""
        if start not in self._around:
            reach = _reach(start, self._links)
            near = [link for link in self._links if link.edge.src in reach]
            self._around[start] = Around(start, near, self._facts)
        return self._around[start]


def _reach(start: ItemId, links: Iterable[Stood]) -> set[ItemId]:
    onward = defaultdict[ItemId, set[ItemId]](set)
    for link in links:
        onward[link.edge.src].add(link.edge.dst)
    found, waiting = {start}, [start]
    while waiting:
        fresh = onward.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


class Around:
    """The same for one item where asks begin. Every answer is worked out once."""

    def __init__(self, start: ItemId, links: list[Stood], facts: Mapping[ItemId, SplitFacts]) -> None:
        self._start, self._links, self._facts = start, links, facts
        moments = {at for link in links for at in (link.edge.at, link.until) if at is not None}
        self._moments = sorted(moments, reverse=True)
        self._flows: dict[datetime, Flow] = {}
        self._items: dict[tuple[datetime, frozenset[tuple[ItemId, frozenset[ItemId]]]], set[ItemId]] = {}

    def since(self, item: ItemId, chosen: Chosen, *, known: datetime, after: datetime) -> datetime:
        """When an ask came to rest on an item where it rests now, if that was after a day.

        `known`: the youngest link on its way, before which it was not there. But it may have been there
        before, gone elsewhere, and come back as a link was removed.
        """
        for moment in self._moments:
            if moment <= max(known, after):
                break
            if item not in self._items_before(moment, chosen):
                return moment
        return known

    def went_on_to(self, node: Node, at: datetime) -> tuple[Node, list[ItemId]]:
        """The node as it was then, and the items to which it handed on all that it had, by a merge.

        Nothing where no link came or went since: then it is as it is now. Nor where no link led there from
        where the asks began, counting or not (a part that is merged back is still one of what was asked for).
        """
        later = min((moment for moment in self._moments if moment > at), default=None)
        if later is None:
            return node, []
        then = self._flow_before(later)
        was = Node(node.item, own=node.own and node.item in then.splits)
        stood = (link for link in self._links if link.stood_before(later))
        merged = was in then.merges and node.item in _reach(self._start, stood)
        return was, all_goes_to(then, was) if merged else []

    def _items_before(self, moment: datetime, chosen: Chosen) -> set[ItemId]:
        """Where asks rested just before."""
        alike = (moment, frozenset(chosen.items()))
        if alike not in self._items:
            shares = rest(self._start, moment, self._flow_before(moment), chosen).shares
            self._items[alike] = {node.item for node in shares}
        return self._items[alike]

    def _flow_before(self, moment: datetime) -> Flow:
        if moment not in self._flows:
            stood = [link.edge for link in self._links if link.stood_before(moment)]
            self._flows[moment] = flow(stood, self._facts)
        return self._flows[moment]


def all_goes_to(now: Flow, node: Node) -> list[ItemId]:
    """The items to which a node hands on all that it has, by merges, or where a container has but one part.

    >>> all_goes_to(flow([]), Node(ItemId("1")))
    []
    """
    found = list[ItemId]()
    while heir := _sole_heir(now, node):
        found.append(heir.item)
        node = heir
    return found


def _sole_heir(now: Flow, node: Node) -> Node | None:
    if not node.own and node.item in now.splits:
        parts = now.splits[node.item]
        return parts[0].node if len(parts) == 1 else None
    merge = now.merges.get(node)
    return Node(merge.dst) if merge else None
