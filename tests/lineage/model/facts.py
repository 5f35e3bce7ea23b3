"""What the model knows: the present facts, and nothing that follows from them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

Item: TypeAlias = str


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


@dataclass
class Request:
    person: str
    company: str | None
    asked_at: datetime
    vote: bool = False
    withdrawn: bool = False


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
    asks: dict[tuple[str, Item], bool] = field(default_factory=dict)
    """By request and item: whether the ask stands; False once it is withdrawn."""
    staff: set[str] = field(default_factory=set)
    unproven: set[str] = field(default_factory=set)
    """Visitors of the forum who have proven no address: they vote, and are neither requesters nor credit."""
    amounts: dict[str, Amounts] = field(default_factory=dict)
    issues: dict[Item, Issue] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    on_release: bool = False
    """The workspace's policy: delivered means released."""
