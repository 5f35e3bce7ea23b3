"""What one change touched, so that only that is worked out again."""

from dataclasses import dataclass, field
from typing import NamedTuple

from lineage.terms import ItemId, PersonId


class Wanted(NamedTuple):
    """An object of another system that must be read before we know more."""

    system: str
    kind: str
    object_id: str


class Effect(NamedTuple):
    """What a change made of one item, for the history: this of it `was` so, and is so `now`.

    `what`: `state`, `status`, `key` or `summary`; or `merged` or `split`, where `was` and `now` are the
    item at the other end of the link, empty where there is none.
    """

    item: ItemId
    what: str
    was: str
    now: str


@dataclass(slots=True)
class Touched:
    """`changed` is False where what was seen was known already: then nothing is written at all."""

    changed: bool = True
    items: set[ItemId] = field(default_factory=set)
    """Items whose island must be worked out again."""
    persons: set[PersonId] = field(default_factory=set)
    """Persons whose news must be worked out again, even if no derived row changes."""
    restated: set[ItemId] = field(default_factory=set)
    """Items whose state or its time changed: reopened and done again unseen, it is news for some."""
    wanted: set[Wanted] = field(default_factory=set)
    effects: list[Effect] = field(default_factory=list)


UNCHANGED = Touched(changed=False)
