"""What one change touched, so that only that is worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lineage.terms import AskId, CompanyId, ItemId, PersonId, Worth


class Wanted(NamedTuple):
    """An object of another system that must be read before we know more."""

    system: str
    kind: str
    object_id: str


@dataclass(slots=True)
class Touched:
    """`changed` is False where what was seen was known already: then nothing is written at all."""

    changed: bool = True
    asks: set[AskId] = field(default_factory=set)
    """Asks that came, went, or count otherwise: followed anew."""
    items: set[ItemId] = field(default_factory=set)
    """Items whose ways on changed: every ask that passes one is followed anew."""
    links: set[tuple[ItemId, ItemId]] = field(default_factory=set)
    """Links that came, went or changed, by their ends: the ways on from the first end changed."""
    companies: Mapping[CompanyId, Worth] = field(default_factory=dict)
    """Companies that are worth another amount now, with what they were worth before."""
    rescored: set[ItemId] = field(default_factory=set)
    """Items whose score weighs otherwise now."""
    restated: set[ItemId] = field(default_factory=set)
    """Items whose state or its time changed: reopened and done again unseen, it is news for some."""
    retitled: set[ItemId] = field(default_factory=set)
    """Items of which customers read other words now."""
    persons: set[PersonId] = field(default_factory=set)
    """Persons whose news must be worked out again, even if no derived row changes."""
    wanted: set[Wanted] = field(default_factory=set)


UNCHANGED = Touched(changed=False)
