"""Which items lie on a circle of links. Only processes data."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TypeAlias

from lineage.terms import ItemId

Ends: TypeAlias = tuple[ItemId, ItemId]


def on_circles(among: Collection[Ends], links: Collection[Ends]) -> set[ItemId]:
    """Every item on a circle with one of `links`, whether those stand `among` the others or not.

    >>> sorted(on_circles([("1", "2"), ("2", "1"), ("2", "3")], [("1", "2")]))
    ['1', '2']
    """
    onward, back = defaultdict[ItemId, set[ItemId]](set), defaultdict[ItemId, set[ItemId]](set)
    for src, dst in (*links, *among):
        onward[src].add(dst)
        back[dst].add(src)
    starts = {src for src, _ in links}
    circles = (_reached(start, onward) & _reached(start, back) for start in starts)
    return {item for circle in circles if len(circle) > 1 for item in circle}


def _reached(start: ItemId, onward: Mapping[ItemId, set[ItemId]]) -> set[ItemId]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = onward.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found
