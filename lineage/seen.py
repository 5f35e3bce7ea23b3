"""What one reading of an issue lists: its links, and its children."""

from dataclasses import dataclass
from datetime import datetime

from lineage.terms import EdgeKind, ItemId


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """One issue link as one of its two ends lists it, already mapped to our words.

    `src` is the item that passes its asks on: the duplicate of a merge, the original of a split.
    `at` is when Jira made the link, where Jira's changelog says so; `type_id` is Jira's type of the link.
    """

    link_id: str
    kind: EdgeKind
    src: ItemId
    dst: ItemId
    dst_key: str = ""
    at: datetime | None = None
    type_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChildSeen:
    """A sub-task of an issue, or an issue of an epic, as its parent lists it. `done`: as Jira has it."""

    item: ItemId
    key: str
    done: bool
