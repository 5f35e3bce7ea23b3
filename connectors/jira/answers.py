"""What a Jira site tells besides issues, as small values."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from lineage.terms import ItemId

IssueJson: TypeAlias = dict[str, Any]
"""One issue as Jira gave it. Only `reader` looks inside."""


@dataclass(frozen=True, slots=True)
class LinkType:
    """A kind of issue link. The source says `outward` of the destination, which says `inward` back."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """A reason for closing, as this site calls it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project that our account can see."""

    id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """Whom our credentials belong to."""

    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One issue found for a person who looks for it."""

    item: ItemId
    key: str
    summary: str
    status: str
    category: str
    project: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to a bulk fetch by id.

    `missing` were not mentioned at all: deleted or hidden. `failed` Jira wants to be asked for again.
    """

    issues: tuple[IssueJson, ...]
    missing: tuple[ItemId, ...]
    failed: tuple[ItemId, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """The ids that a search gave. Not `complete`: paging went wrong, so no watermark may pass it."""

    ids: tuple[ItemId, ...]
    complete: bool
