"""What `closing.py` answers, as plain values: who would hear what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lineage.terms import ItemId


@dataclass(frozen=True, slots=True)
class WouldHear:
    """One message that would go out; `why_not` says why it would not, or would wait.

    `about`: the items that its words may name; `untitled`: those that `why_not` names. `unseen`: its words
    were left out for whoever reads this.
    """

    person_name: str
    where: str
    kind: str
    text: str
    why_not: str
    about: frozenset[ItemId] = frozenset()
    untitled: frozenset[ItemId] = frozenset()
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many persons more ask for an item, in so many requests and languages."""

    persons: int
    requests: int
    languages: int


@dataclass(frozen=True, slots=True)
class Closing:
    """If an item were delivered now: how many persons would hear what, `total` of them, in these words.

    `more`: of those for whom that is not worked out here, where they are very many. `named`: the items that
    a label names by key, of those labels that do.
    """

    hear: tuple[tuple[str, int], ...]
    notices: tuple[WouldHear, ...]
    total: int
    more: Crowd | None = None
    named: Mapping[str, frozenset[ItemId]] = field(default_factory=dict)
