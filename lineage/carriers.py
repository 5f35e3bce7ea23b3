"""On which items one ask rests now, and with which share.

Only processes data. An ask begins whole on the item it was linked to; a merge passes it on, a split
shares it out. Shares are exact and always sum to 1 (rules 1 to 8).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from lineage.graph import Edge, Flow, Node, Part
from lineage.terms import ItemId

Chosen: TypeAlias = Mapping[ItemId, frozenset[ItemId]]
"""Per split item, the parts that a person wants; the item itself stands for its own part."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where one ask rests, and how it came there."""

    shares: Mapping[Node, Fraction]
    passed: Mapping[Node, Fraction]
    """The share that came to each node on the way, those where it rests included."""
    given: Mapping[tuple[Node, Node], Fraction]
    """The share that went from one node to the next."""
    steps: tuple[Edge, ...]
    since: Mapping[Node, datetime]
    """When the ask came to rest there: the youngest link on the way, or when it was linked."""
    narrowed: frozenset[ItemId]
    """The splits at which a choice of parts took effect."""
    unheeded: frozenset[ItemId]
    """The splits at which none of the chosen parts stands any more."""


def rest(start: ItemId, linked_at: datetime, flow: Flow, chosen: Chosen | None = None) -> Rest:
    """Follow the flow from `start`.

    >>> from lineage.graph import flow
    >>> rest(ItemId("1"), datetime(2026, 1, 1), flow([])).shares
    {Node(item='1', own=False): Fraction(1, 1)}
    """
    return _Walk(flow, chosen or {}).from_item(start, linked_at)


class _Walk:
    def __init__(self, flow: Flow, chosen: Chosen) -> None:
        self._flow, self._chosen = flow, chosen
        self._shares: dict[Node, Fraction] = defaultdict(Fraction)
        self._passed: dict[Node, Fraction] = defaultdict(Fraction)
        self._given: dict[tuple[Node, Node], Fraction] = defaultdict(Fraction)
        self._steps: dict[str, Edge] = {}
        self._since: dict[Node, datetime] = {}
        self._narrowed: set[ItemId] = set()
        self._unheeded: set[ItemId] = set()

    def from_item(self, start: ItemId, linked_at: datetime) -> Rest:
        self._visit(Node(start), Fraction(1), linked_at)
        assert sum(self._shares.values()) == 1, "credit was made or lost"
        return Rest(
            dict(self._shares), dict(self._passed), dict(self._given), tuple(self._steps.values()),
            self._since, frozenset(self._narrowed), frozenset(self._unheeded),
        )  # fmt: skip

    def _visit(self, node: Node, share: Fraction, since: datetime) -> None:
        self._passed[node] += share
        if not node.own and node.item in self._flow.splits:
            self._share_out(node, share, since)
        elif merge := self._flow.merges.get(node):
            self._hand_on(node, Node(merge.dst), share, since, merge)
        else:
            self._shares[node] += share
            self._since[node] = min(since, self._since.get(node, since))

    def _share_out(self, node: Node, share: Fraction, since: datetime) -> None:
        parts = self._wanted(node.item)
        total = sum(part.size for part in parts)
        for part in parts:
            self._hand_on(node, part.node, share * part.size / total, since, part.edge)

    def _hand_on(self, giver: Node, heir: Node, share: Fraction, since: datetime, edge: Edge | None) -> None:
        self._given[giver, heir] += share
        if edge is not None:
            self._steps.setdefault(edge.link_id, edge)
            since = max(since, edge.at)
        self._visit(heir, share, since)

    def _wanted(self, whole: ItemId) -> tuple[Part, ...]:
        parts = self._flow.splits[whole]
        chosen = self._chosen.get(whole)
        if chosen is None:
            return parts
        meant = {whole if (whole, item) in self._flow.returned else item for item in chosen}
        wanted = tuple(part for part in parts if part.node.item in meant)
        (self._narrowed if wanted else self._unheeded).add(whole)
        return wanted or parts
