"""Which neighbours a picture shows: outwards level by level, few of many alike, never more than fit.

Only processes data: who the neighbours are is told by the caller, so an item's are read from the database
as far as they are shown, and an ask's way is walked in memory.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from lineage.terms import EdgeKind

MOST = 200
"""Nodes in one picture."""
LEVELS = 12
"""So far it goes each way."""
HANDFUL = 5
"""So many siblings are shown; if there are at least two more, they fold into one node."""

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """The neighbours of `at` by links of one kind. `up`: they lead to it, as duplicates do.

    `kept` are to be shown, the oldest links first; `hidden` more are not, for they are too many.
    """

    at: T
    kind: EdgeKind
    up: bool
    kept: tuple[T, ...]
    hidden: int = 0


@dataclass(slots=True)
class Near(Generic[T]):
    """What is shown, the nearest first. `folds`: groups of which some are hidden."""

    shown: dict[T, None]
    folds: list[Group[T]] = field(default_factory=list)
    beyond: dict[T, int] = field(default_factory=lambda: defaultdict(int))
    """Neighbours for which there is no room, by the node that they belong to."""
    size: int = 1


def kept_of(total: int) -> int:
    """How many of so many siblings are shown.

    >>> [kept_of(total) for total in (3, 6, 7, 10_000)]
    [3, 6, 5, 5]
    """
    return total if total <= HANDFUL + 1 else HANDFUL


def walk(start: T, neighbours: Callable[[Sequence[T], bool], Sequence[Group[T]]]) -> Near[T]:
    """`neighbours` gives the groups of some nodes, those that lead to them (True) or to which they lead."""
    near = Near({start: None})
    for up in (True, False):
        frontier = [start]
        for level in range(LEVELS + 1):
            frontier = [
                fresh
                for group in neighbours(frontier, up)
                for fresh in _take(near, group, room=MOST - near.size if level < LEVELS else 0)
            ]
            if not frontier:
                break
    return near


def _take(near: Near[T], group: Group[T], *, room: int) -> list[T]:
    """The nodes of this group that are new, now shown; none where the group does not fit as a whole."""
    fresh = [one for one in group.kept if one not in near.shown]
    own_part = group.kind is EdgeKind.SPLIT and not group.up
    size = len(fresh) + bool(group.hidden) + own_part
    if not fresh and not group.hidden:
        return []
    if size > room:
        near.beyond[group.at] += len(fresh) + group.hidden
        return []
    near.size += size
    near.shown.update(dict.fromkeys(fresh))
    if group.hidden:
        near.folds.append(group)
    return fresh
