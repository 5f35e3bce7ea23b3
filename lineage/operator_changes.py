"""What operators set for a whole workspace; `changes.py` joins it to the others."""

from dataclasses import dataclass
from datetime import datetime

from lineage.terms import ItemId, Kind, Origin


@dataclass(frozen=True, slots=True)
class WordingSet:
    """The operator's own template for one kind and language; an empty one: ours is used again."""

    kind: Kind
    language: str
    template: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkImported:
    """Elsewhere this ticket was linked to this item, `at` that time. What was so `as_of` is no news."""

    origin: Origin
    item: ItemId
    by: str
    at: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class FindingImported:
    """What somebody said elsewhere, in an interview or a call, or what their usage shows, `at` that time.

    `email` is a proven address. What was so `as_of` is no news.
    """

    origin: Origin
    item: ItemId
    name: str
    email: str
    company: str
    words: str
    by: str
    at: datetime
    as_of: datetime
