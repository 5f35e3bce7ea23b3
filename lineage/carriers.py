"""On which items one ask rests now, and with which share.

Only processes data. An ask begins whole on the item it was linked to; a merge passes it on, a split
shares it out. Shares are exact and always sum to 1 (rules 1 to 8).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from lineage.graph import Edge, Flow, Node, Part
from lineage.terms import ItemId
from lineage.wishes import Wish

Chosen: TypeAlias = Mapping[ItemId, frozenset[ItemId]]
"""Per split item, the parts that a person wants; the item itself stands for its own part."""

Wishes: TypeAlias = Mapping[ItemId, Wish]
"""Per split item, since when the parts are wanted: only where that was not from the start."""


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
    """When the ask came to rest there: by the youngest link or choice on the way, or when it was linked."""
    narrowed: frozenset[ItemId]
    """The splits at which a choice of parts took effect."""
    unheeded: frozenset[ItemId]
    """The splits at which none of the chosen parts stands any more."""

    def linked_at(self, at: datetime) -> "Rest":
        """The same for an ask that was linked then: it came nowhere before that."""
        return replace(self, since={node: max(at, came) for node, came in self.since.items()})


def rest(
    start: ItemId,
    linked_at: datetime,
    flow: Flow,
    chosen: Chosen | None = None,
    wishes: Wishes | None = None,
) -> Rest:
    """Follow the flow from `start`. `chosen` decides where to; `wishes` only since when.

    >>> from lineage.graph import flow
    >>> rest(ItemId("1"), datetime(2026, 1, 1), flow([])).shares
    {Node(item='1', own=False): Fraction(1, 1)}
    """
    walk = _Walk(flow, chosen or {}, wishes or {})
    passed: dict[Node, Fraction] = defaultdict(Fraction, {Node(start): Fraction(1)})
    since: dict[Node, datetime] = {Node(start): linked_at}
    given: dict[tuple[Node, Node], Fraction] = {}
    steps: dict[str, Edge] = {}
    order = walk.order(Node(start))
    for node in order:  # each only once all that reaches it is known: many ways cost no more than one
        for heir, portion, edge, joined in walk.heirs(node):
            given[node, heir] = passed[node] * portion
            passed[heir] += given[node, heir]
            came = max(at for at in (since[node], edge.at if edge else None, joined) if at)
            since[heir] = min(came, since.get(heir, came))
            if edge:
                steps[edge.link_id] = edge
    ends = [node for node in order if not walk.heirs(node)]
    shares = {node: passed[node] for node in ends}
    assert sum(shares.values()) == 1, "credit was made or lost"
    return Rest(
        shares, {node: passed[node] for node in order}, given, tuple(steps.values()),
        {node: since[node] for node in ends}, frozenset(walk.narrowed), frozenset(walk.unheeded),
    )  # fmt: skip


Heir: TypeAlias = tuple[Node, Fraction, Edge | None, datetime | None]
"""Who gets which portion, by which link, and since when it is wanted."""


class _Walk:
    def __init__(self, flow: Flow, chosen: Chosen, wishes: Wishes) -> None:
        self._flow, self._chosen, self._wishes = flow, chosen, wishes
        self._heirs: dict[Node, tuple[Heir, ...]] = {}
        self.narrowed: set[ItemId] = set()
        self.unheeded: set[ItemId] = set()

    def order(self, start: Node) -> list[Node]:
        """Every node that `start` reaches, each after all that lead to it. The flow has no circle."""
        done: dict[Node, None] = {}
        waiting = [(start, False)]
        while waiting:
            node, left = waiting.pop()
            if left:
                done[node] = None
            elif node not in done:
                waiting.append((node, True))
                waiting += [(heir, False) for heir, *_ in self.heirs(node)]
        return list(reversed(done))

    def heirs(self, node: Node) -> tuple[Heir, ...]:
        """To whom this node hands its asks on, in which proportion; nobody where they rest."""
        if node not in self._heirs:
            self._heirs[node] = tuple(self._hand_on(node))
        return self._heirs[node]

    def _hand_on(self, node: Node) -> Iterator[Heir]:
        if not node.own and node.item in self._flow.splits:
            parts = self._wanted(node.item)
            total = sum(part.size for part in parts)
            for part in parts:
                joined = self._wanted_since(node.item, part)
                yield part.node, Fraction(part.size, total), part.edge, joined
        elif merge := self._flow.merges.get(node):
            yield Node(merge.dst), Fraction(1), merge, None

    def _wanted(self, whole: ItemId) -> tuple[Part, ...]:
        parts = self._flow.splits[whole]
        chosen = self._chosen.get(whole)
        if chosen is None:
            return parts
        meant = {whole if (whole, item) in self._flow.returned else item for item in chosen}
        wanted = tuple(part for part in parts if part.node.item in meant)
        (self.narrowed if wanted else self.unheeded).add(whole)
        return wanted or parts

    def _wanted_since(self, whole: ItemId, part: Part) -> datetime | None:
        """None: from the start. A part that was merged back was the whole's own part by another name."""
        if (wish := self._wishes.get(whole)) is None:
            return None
        names = [part.node.item]
        if part.node.own:
            names += [item for where, item in self._flow.returned if where == whole]
        since = [wish.since(name) for name in names if wish.wants(name)]
        return None if None in since else min((at for at in since if at), default=None)
