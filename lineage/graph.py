"""Which of Jira's links count, and what flows where because of them.

Only processes data. The same set of links gives the same answer, in whatever order it was heard
(rule 9). What does not count is set aside with the reason, never dropped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from lineage.terms import EdgeKind, ItemId


class Node(NamedTuple):
    """Where an ask can rest: an item, or (`own`) the part that a split item kept for itself."""

    item: ItemId
    own: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One link between two items. `src` passes on to `dst`; `at` is when it was made."""

    link_id: str
    kind: EdgeKind
    src: ItemId
    dst: ItemId
    at: datetime


@dataclass(frozen=True, slots=True)
class SplitFacts:
    """What people said about a split item: whether it keeps a part (None: nobody said), and sizes."""

    keeps: bool | None = None
    sizes: Mapping[ItemId, int] = field(default_factory=dict)


class Part(NamedTuple):
    """One part of a split item. `edge` is None for the part that the item kept."""

    node: Node
    size: int
    edge: Edge | None


@dataclass(frozen=True, slots=True)
class Aside:
    """A link that does not count while something stands against it, and what."""

    edge: Edge
    why: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What counts: `splits` shares an item out, `merges` passes a node on."""

    splits: Mapping[ItemId, tuple[Part, ...]]
    merges: Mapping[Node, Edge]
    returned: frozenset[tuple[ItemId, ItemId]]
    """(whole, part) where the part was merged back: choosing that part means the whole's own part."""
    aside: tuple[Aside, ...]


def jira_id(link_id: str) -> str:
    """What Jira calls the link: the first word of our name for it."""
    return link_id.partition(":")[0]


def link_order(edge: Edge) -> tuple[int, int, str]:
    """Jira's link ids are numbers written as text; the lower one is older. Two with one id: by their ends.

    A child that is a part has no link: it comes after all that have one, by its own number.
    """
    if (number := jira_id(edge.link_id)).isdigit():
        return int(number), 0, f"{edge.src}:{edge.dst}"
    return 1 << 62, int(edge.dst) if edge.dst.isdigit() else 0, edge.link_id


NO_FACTS = SplitFacts()


def flow(edges: Iterable[Edge], facts: Mapping[ItemId, SplitFacts] | None = None) -> Flow:
    """The flow of the edges that stand now (rules 2, 3, 6, 7 and 10).

    Setting one edge aside can free another, so the edges are weighed again until nothing changes;
    each round sets at least one more aside, so it ends.
    """
    ordered = sorted(edges, key=link_order)
    facts = facts or {}
    refused: dict[str, Aside] = {}
    while True:
        accepted, returned, newly = _weigh(ordered, facts, refused)
        if not newly:
            return _assemble(accepted, facts, returned, tuple(refused.values()))
        refused |= {aside.edge.link_id: aside for aside in newly}


def _weigh(
    ordered: list[Edge], facts: Mapping[ItemId, SplitFacts], refused: Mapping[str, Aside]
) -> tuple[list[Edge], frozenset[tuple[ItemId, ItemId]], list[Aside]]:
    standing = [edge for edge in ordered if edge.link_id not in refused]
    merges = _first_merges(standing)
    returned = _merged_back(standing, merges)
    accepted: list[Edge] = []
    onward: dict[ItemId, set[ItemId]] = {}
    for edge in standing:
        if edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) in returned:
            continue
        if why := _objection(edge, merges, onward):
            return accepted, returned, [Aside(edge, why)]
        accepted.append(edge)
        onward.setdefault(edge.src, set()).add(edge.dst)
    split = {edge.src for edge in accepted if edge.kind is EdgeKind.SPLIT}
    hollow = [
        Aside(edge, "it was split and keeps no part of its own, so it has nothing to pass on")
        for edge in accepted
        if edge.kind is EdgeKind.MERGED and edge.src in split and facts.get(edge.src, NO_FACTS).keeps is False
    ]
    return accepted, returned, hollow[:1]


def _first_merges(standing: list[Edge]) -> dict[ItemId, Edge]:
    first: dict[ItemId, Edge] = {}
    for edge in standing:
        if edge.kind is EdgeKind.MERGED:
            first.setdefault(edge.src, edge)
    return first


def _merged_back(standing: list[Edge], merges: Mapping[ItemId, Edge]) -> frozenset[tuple[ItemId, ItemId]]:
    splits = {(edge.src, edge.dst) for edge in standing if edge.kind is EdgeKind.SPLIT}
    return frozenset((merge.dst, merge.src) for merge in merges.values() if (merge.dst, merge.src) in splits)


def _objection(edge: Edge, merges: Mapping[ItemId, Edge], onward: Mapping[ItemId, set[ItemId]]) -> str:
    if edge.src == edge.dst:
        return "it links an item to itself"
    if edge.kind is EdgeKind.MERGED and merges[edge.src].link_id != edge.link_id:
        return f"an older link ({merges[edge.src].link_id}) already says what it is a duplicate of"
    if _reaches(edge.dst, edge.src, onward):
        return "it would close a circle; remove one of the links of the circle in Jira"
    return ""


def _reaches(start: ItemId, goal: ItemId, onward: Mapping[ItemId, set[ItemId]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for item in onward.get(waiting.pop(), ()):
            if item == goal:
                return True
            if item not in seen:
                seen.add(item)
                waiting.append(item)
    return False


def _assemble(
    accepted: list[Edge],
    facts: Mapping[ItemId, SplitFacts],
    returned: frozenset[tuple[ItemId, ItemId]],
    aside: tuple[Aside, ...],
) -> Flow:
    parts: dict[ItemId, dict[Node, Part]] = {}
    for edge in (e for e in accepted if e.kind is EdgeKind.SPLIT):
        said = facts.get(edge.src, NO_FACTS)
        own = parts.setdefault(edge.src, {})
        if not own and said.keeps is not False:
            kept = Node(edge.src, own=True)
            own[kept] = Part(kept, said.sizes.get(edge.src, 1), None)
        own.setdefault(Node(edge.dst), Part(Node(edge.dst), said.sizes.get(edge.dst, 1), edge))
    merges = {
        Node(edge.src, own=edge.src in parts): edge for edge in accepted if edge.kind is EdgeKind.MERGED
    }
    return Flow({item: tuple(of.values()) for item, of in parts.items()}, merges, returned, aside)
