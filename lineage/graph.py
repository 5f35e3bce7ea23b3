"""Which of Jira's links count, and what flows where because of them.

Only processes data. The same set of links gives the same answer, in whatever order it was heard
(rule 9). What does not count is set aside with the reason, never dropped.
"""

from collections.abc import Collection, Iterable, Mapping
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

    Whether one link counts can hang on another that comes after it, so it is decided in this order:

    - A merge back into the whole is taken to cancel its split (7). Then the links are admitted by their ids:
      of an item's merges the first that can be (2), and none that closes a circle (10). Where a merge back
      was not admitted, its split counts after all, and all is admitted anew.
    - The merge of a container that is split has nothing to hand on (6): it is set aside, the oldest first,
      and all is admitted anew as if it were not there. So a circle that it closed is open; should the split
      close that circle now, the merge stays aside all the same.

    A merge back that could count only if it did not, does not. In `1: B split A; 2: D dup B; 3: A dup D; 4: A
    dup B` 4 would cancel 1; then 3 closes no circle and comes before 4, which does not count: so 1 and 2 do.
    """
    facts, hollow = facts or {}, dict[str, Aside]()
    ordered = list({edge.link_id: edge for edge in sorted(edges, key=link_order)}.values())
    while True:
        admitted = _standing([edge for edge in ordered if edge.link_id not in hollow])
        split = {edge.src for edge in admitted.edges if edge.kind is EdgeKind.SPLIT}
        for edge in admitted.edges:
            if edge.kind is EdgeKind.MERGED and edge.src in split and _keeps(edge.src, facts) is False:
                hollow[edge.link_id] = Aside(edge, HOLLOW)
                break
        else:
            return _assemble(admitted, facts, (*admitted.aside, *hollow.values()))


HOLLOW = "it was split and keeps no part of its own, so it has nothing to pass on"


def _keeps(item: ItemId, facts: Mapping[ItemId, SplitFacts]) -> bool | None:
    return facts.get(item, NO_FACTS).keeps


class _Admitted(NamedTuple):
    edges: list[Edge]
    aside: list[Aside]
    returned: frozenset[tuple[ItemId, ItemId]]


def _standing(edges: list[Edge]) -> _Admitted:
    """What stands of these, given the splits that merges back cancel: in each round those are fewer."""
    splits = {(edge.src, edge.dst) for edge in edges if edge.kind is EdgeKind.SPLIT}
    back = _merged_back(edges, splits)
    while True:
        found = _admit(edges, back)
        standing = _merged_back(found.edges, back)
        if standing == back:
            return found
        back = standing


def _merged_back(
    edges: Iterable[Edge], splits: Collection[tuple[ItemId, ItemId]]
) -> frozenset[tuple[ItemId, ItemId]]:
    """The (whole, part) of those `splits` of which the part is merged into the whole."""
    merges = ((edge.dst, edge.src) for edge in edges if edge.kind is EdgeKind.MERGED)
    return frozenset(ends for ends in merges if ends in splits)


def _admit(edges: list[Edge], cancelled: frozenset[tuple[ItemId, ItemId]]) -> _Admitted:
    """One merge from an item, and no circles: who comes first by id stays."""
    found = _Admitted([], [], cancelled)
    merges: dict[ItemId, Edge] = {}
    onward: dict[ItemId, set[ItemId]] = {}
    for edge in edges:
        if edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) in cancelled:
            continue
        if why := _objection(edge, merges, onward):
            found.aside.append(Aside(edge, why))
            continue
        found.edges.append(edge)
        onward.setdefault(edge.src, set()).add(edge.dst)
        if edge.kind is EdgeKind.MERGED:
            merges[edge.src] = edge
    return found


def _objection(edge: Edge, merges: Mapping[ItemId, Edge], onward: Mapping[ItemId, set[ItemId]]) -> str:
    if edge.src == edge.dst:
        return "it links an item to itself"
    if edge.kind is EdgeKind.MERGED and edge.src in merges:
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


def _assemble(admitted: _Admitted, facts: Mapping[ItemId, SplitFacts], aside: tuple[Aside, ...]) -> Flow:
    parts: dict[ItemId, dict[Node, Part]] = {}
    for edge in (e for e in admitted.edges if e.kind is EdgeKind.SPLIT):
        said = facts.get(edge.src, NO_FACTS)
        own = parts.setdefault(edge.src, {})
        if not own and said.keeps is not False:
            kept = Node(edge.src, own=True)
            own[kept] = Part(kept, said.sizes.get(edge.src, 1), None)
        own.setdefault(Node(edge.dst), Part(Node(edge.dst), said.sizes.get(edge.dst, 1), edge))
    merges = {
        Node(edge.src, own=edge.src in parts): edge for edge in admitted.edges if edge.kind is EdgeKind.MERGED
    }
    return Flow({item: tuple(of.values()) for item, of in parts.items()}, merges, admitted.returned, aside)
