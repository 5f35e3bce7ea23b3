"""What the model knows: the present facts, what was said so far, and nothing that follows from them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

Item: TypeAlias = str
Ask: TypeAlias = tuple[str, Item]
"""A request, and the item that it was linked to."""

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Link(NamedTuple):
    """A link that stands in Jira. The number is Jira's link id."""

    id: int
    kind: str
    src: Item
    dst: Item


@dataclass
class Issue:
    """What Jira says of one item. `resolution` is what its resolution means; None where it has none."""

    category: str = "new"
    resolution: str | None = None
    versions: tuple[str, ...] = ()
    deleted: bool = False
    at: datetime = LONG_AGO
    """Since when it is so, by Jira's time."""


@dataclass
class Request:
    person: str
    company: str | None
    asked_at: datetime
    vote: bool = False
    withdrawn: bool = False


@dataclass
class Told:
    """What was said to one person: what happened to an item, for which asks. The number names it."""

    number: int
    item: Item
    own: bool
    happened: str
    asks: frozenset[Ask]
    promised: frozenset[Ask]
    """Those of the asks for which more was said to follow."""
    links: frozenset[Link] = frozenset()
    """Those that stood when it was said."""
    taken_back: bool = False
    """A correction of it was sent."""
    left_standing: bool = False
    """A correction of it was dismissed."""


class Amounts(NamedTuple):
    customer: int = 0
    pipeline: int = 0


@dataclass
class Facts:
    links: set[Link] = field(default_factory=set)
    keeps: dict[Item, bool] = field(default_factory=dict)
    """Whether an item keeps a part of its own, where somebody has said so."""
    sizes: dict[Item, dict[Item, int]] = field(default_factory=dict)
    choices: dict[tuple[str, Item], frozenset[Item]] = field(default_factory=dict)
    """By person and split item: the parts that the person wants."""
    requests: dict[str, Request] = field(default_factory=dict)
    asks: dict[Ask, bool] = field(default_factory=dict)
    """Whether the ask stands; False once it is withdrawn."""
    staff: set[str] = field(default_factory=set)
    unproven: set[str] = field(default_factory=set)
    """Visitors of the forum who have proven no address: they vote, and are neither requesters nor credit."""
    amounts: dict[str, Amounts] = field(default_factory=dict)
    issues: dict[Item, Issue] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    released_at: dict[str, datetime] = field(default_factory=dict)
    """Since when each version is out, or is not."""
    on_release: bool = False
    """The workspace's policy: delivered means released."""
    told: list[Told] = field(default_factory=list)
    """What was said, oldest first."""
