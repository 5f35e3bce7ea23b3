"""What engineers decide for many at once, and take back; `changes.py` joins it to the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lineage.terms import ItemId, PersonId


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which parts of a split item each of these persons wants. None means all (unsure is all)."""

    item: ItemId
    wants: Mapping[PersonId, tuple[ItemId, ...] | None]
    by: str
    at: datetime

    @property
    def persons(self) -> set[PersonId]:
        return set(self.wants)


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """What one person wants of an item, exactly as it is kept. `chosen_at` is None where nothing is.

    `joined`: since when each part is wanted, ISO 8601, None from the start (`lineage/wishes.py`).
    """

    person: PersonId
    parts: tuple[ItemId, ...] = ()
    joined: Mapping[str, str | None] = field(default_factory=dict)
    chosen_by: str = ""
    chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """A person took back what was decided of an item: all of it is again as it was kept before.

    `whose`: who had decided it, at `since`; where it is told, the history says so in any case.
    """

    item: ItemId
    keeps: bool | None
    own_title: str | None
    choices: tuple[KeptChoice, ...]
    by: str
    at: datetime
    whose: str = ""
    since: datetime | None = None

    @property
    def persons(self) -> set[PersonId]:
        return {one.person for one in self.choices}
