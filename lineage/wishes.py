"""Which parts of a split item one person wants, and since when (rule 5). Only processes data.

A part that is wanted only since an agent chose anew is one that the person's asks came to rest on late: if it
was out by then, a person approves the words (§5).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lineage.terms import ItemId


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person wants of one item. `parts`: None means all of them."""

    parts: frozenset[ItemId] | None = None
    joined: frozenset[tuple[ItemId, datetime | None]] = frozenset()
    """Since when each part is wanted that was ever chosen; None: from the start."""
    others_joined: datetime | None = None
    """The same for all parts beside those, where all are wanted again."""
    late: bool = field(init=False, compare=False)
    """Whether any part is wanted only since some day."""

    def __post_init__(self) -> None:
        late = self.others_joined is not None or any(at is not None for _, at in self.joined)
        object.__setattr__(self, "late", late)

    def wants(self, part: ItemId) -> bool:
        return self.parts is None or part in self.parts

    def since(self, part: ItemId) -> datetime | None:
        """Since when this part is wanted; None: from the start."""
        return dict(self.joined).get(part, self.others_joined)

    def then(self, parts: Iterable[ItemId] | None, at: datetime) -> "Wish":
        """What the person wants once an agent chose `parts` (None: all of them again).

        >>> day = datetime(2026, 3, 2)
        >>> only = EVERYTHING.then([ItemId("2")], day)
        >>> both = only.then([ItemId("2"), ItemId("3")], day.replace(day=9))
        >>> only.since(ItemId("2")), both.since(ItemId("2")), str(both.since(ItemId("3")))
        (None, None, '2026-03-09 00:00:00')
        """
        if parts is None:
            return self if self.parts is None else Wish(None, self._joined(self.parts, at), at)
        return Wish(frozenset(parts), self._joined(parts, at))

    def _joined(self, parts: Iterable[ItemId], at: datetime) -> frozenset[tuple[ItemId, datetime | None]]:
        return frozenset((part, self.since(part) if self.wants(part) else at) for part in parts)

    def together(self, other: "Wish", at: datetime) -> "Wish":
        """What two persons want who turn out to be one: what either wanted; what not both did, since `at`."""
        named = {part for part, _ in (*self.joined, *other.joined)}
        wanted = [part for part in named if self.wants(part) or other.wants(part)]
        joined = frozenset((part, self._both_since(other, part, at)) for part in wanted)
        if self.parts is None and other.parts is None:
            return Wish(None, joined, _later(self.others_joined, other.others_joined))
        if self.parts is None or other.parts is None:
            return Wish(None, joined, at)
        return Wish(self.parts | other.parts, joined)

    def _both_since(self, other: "Wish", part: ItemId, at: datetime) -> datetime | None:
        both = self.wants(part) and other.wants(part)
        return _later(self.since(part), other.since(part)) if both else at


EVERYTHING = Wish()
"""What somebody wants of whom nobody has said anything: unsure means all."""


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)
