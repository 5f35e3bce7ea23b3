"""Where an ask rests, by the letter: which links count, what the parts are, and every way an ask goes."""

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from tests.lineage.model.facts import Facts, Item, Link


class Node(NamedTuple):
    """An item, or (`own`) the part of a split that the item itself kept."""

    item: Item
    own: bool = False


def counting(links: set[Link], containers: set[Item]) -> list[Link]:
    """The links that count. Of what was split and keeps nothing, a merge has nothing to pass on (rule 6)."""
    while True:
        found = _standing(links)
        split = {link.src for link in found if link.kind == "split"}
        hollow = [link for link in found if link.kind == "merged" and link.src in split & containers]
        if not hollow:
            return found
        links = links - {*hollow[:1]}


def _standing(links: set[Link]) -> list[Link]:
    """The links that stand, by their ids (rules 2, 7 and 10).

    A merge back into the whole cancels the split while the merge stands. So: cancel every split that could
    be cancelled, see which of those merges stand then, and let the splits of the others count after all.
    """
    back = {
        (split, merge)
        for split in links
        for merge in links
        if (split.kind, merge.kind) == ("split", "merged") and (merge.dst, merge.src) == split[2:]
    }
    while True:
        found = _one_by_one(links - {split for split, _ in back})
        standing = {(split, merge) for split, merge in back if merge in found}
        if standing == back:
            return found
        back = standing


def _one_by_one(links: set[Link]) -> list[Link]:
    """One merge from an item, and no circles: who comes first by id stays."""
    found: list[Link] = []
    for link in sorted(links):
        second = any(one[1:3] == ("merged", link.src) for one in found) and link.kind == "merged"
        if not second and link.src not in _reached(link.dst, found):
            found.append(link)
    return found


def _reached(start: Item, links: list[Link]) -> set[Item]:
    found = {start}
    while more := {link.dst for link in links if link.src in found} - found:
        found |= more
    return found


def reach(start: Item, links: Collection[Link]) -> set[Item]:
    """What can be come to from an item by any of these links."""
    return _reached(start, [*links])


class Move(NamedTuple):
    """`share` of an ask goes from one place to the next."""

    giver: Node
    heir: Node
    share: Fraction


class Way(NamedTuple):
    """Where an ask came to rest, and every step on the way."""

    shares: dict[Node, Fraction]
    moves: list[Move]

    @property
    def items(self) -> set[Item]:
        return {node.item for node in self.shares} | {move.giver.item for move in self.moves}


class Where:
    """Where everything goes, as the facts are now."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.links = counting(facts.links, {item for item, keeps in facts.keeps.items() if not keeps})

    def parts(self, node: Node) -> list[Node]:
        """The item itself, where it keeps a part, then the others by link id; none where nothing is split."""
        others = [Node(link.dst) for link in self.links if link[1:3] == ("split", node.item)]
        if node.own or not others:
            return []
        own = [Node(node.item, own=True)] if self.facts.keeps.get(node.item, True) else []
        return own + list(dict.fromkeys(others))

    def heir(self, node: Node) -> Node | None:
        """Where all of it goes, if it is not split."""
        heirs = [Node(link.dst) for link in self.links if link[1:3] == ("merged", node.item)]
        return heirs[0] if heirs and not self.parts(node) else None

    def wanted(self, person: str, node: Node) -> list[Node]:
        """The parts that this person wants: all, unless some were chosen and one of those stands."""
        item, parts = node.item, self.parts(node)
        chosen = self.facts.choices.get((person, item), frozenset())
        split_off = {link.dst for link in self.facts.links if link[1:3] == ("split", item)}
        merged_back = {link.src for link in self.links if link[1::2] == ("merged", item)} & split_off
        meant = {item if part in merged_back else part for part in chosen}
        return [part for part in parts if part.item in meant] or parts

    def size(self, whole: Item, part: Item) -> int:
        return self.facts.sizes.get(whole, {}).get(part, 1)

    def way(self, person: str, item: Item) -> Way:
        """How an ask of this person goes that was linked to this item."""
        shares: dict[Node, Fraction] = defaultdict(Fraction)
        moves: list[Move] = []

        def go(node: Node, share: Fraction) -> None:
            parts, heir = self.wanted(person, node), self.heir(node)
            all_sizes = sum(self.size(node.item, part.item) for part in parts)
            for part in parts:
                hand_on(node, part, share * self.size(node.item, part.item) / all_sizes)
            if heir:
                hand_on(node, heir, share)
            elif not parts:
                shares[node] += share

        def hand_on(giver: Node, heir: Node, share: Fraction) -> None:
            moves.append(Move(giver, heir, share))
            go(heir, share)

        go(Node(item), Fraction(1))
        return Way(dict(shares), moves)
