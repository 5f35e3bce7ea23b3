"""The words of the domain. Plain values: none knows a database, a vendor or a screen.

Source of the words: the lineage rules in `lineage/README.md`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, NewType

ItemId = NewType("ItemId", str)
"""A work item: Jira's numeric id, as text. Keys change when an issue moves; ids never do."""

PersonId = NewType("PersonId", int)
CompanyId = NewType("CompanyId", int)
RequestId = NewType("RequestId", int)
AskId = NewType("AskId", int)


class State(StrEnum):
    """Where one work item is, in the words that the rules know."""

    OPEN = "open"
    STARTED = "started"
    DELIVERED = "delivered"
    DECLINED = "declined"
    CLOSED = "closed"
    GONE = "gone"


class Standing(StrEnum):
    """How far one ask is."""

    WAITING = "waiting"
    STARTED = "started"
    PART_DELIVERED = "part_delivered"
    DELIVERED = "delivered"
    DELIVERED_IN_PART = "delivered_in_part"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({Standing.DELIVERED, Standing.DELIVERED_IN_PART, Standing.DECLINED, Standing.WITHDRAWN})
"""Standings after which nothing more is to be said unless something is reopened."""


class EdgeKind(StrEnum):
    """What Jira says about two items."""

    MERGED = "merged"
    SPLIT = "split"


class Kind(StrEnum):
    """The kinds of news."""

    LINKED = "linked"
    STARTED = "started"
    PART_DELIVERED = "part_delivered"
    DELIVERED = "delivered"
    DECLINED = "declined"
    CORRECTION = "correction"


class Lane(StrEnum):
    """How a notice gets to leave: by itself after the quiet period, or once a person said yes."""

    AUTOMATIC = "automatic"
    APPROVAL = "approval"


class NoticeState(StrEnum):
    """The life of one notice."""

    HELD = "held"
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    CONFIRMED = "confirmed"
    POSTED_NOT_EMAILED = "posted_not_emailed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request was made, and so where it is answered: a ticket, or a vote on a post.

    >>> str(Origin("zendesk:ticket", "123"))
    'zendesk:ticket:123'
    >>> Origin.parse("forum:vote:9:4")
    Origin(kind='forum:vote', id='9:4')
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Origin":
        """The origin that `str` wrote. Raises ValueError on anything else."""
        system, what, ident = text.split(":", 2)
        return cls(f"{system}:{what}", ident)


class Worth(NamedTuple):
    """What one company stands for, in whole minor units: won and in term, and open times probability."""

    customer: int
    pipeline: int


NOTHING = Worth(0, 0)


@dataclass(frozen=True, slots=True)
class Money:
    """Whole minor units (cents) of one currency; never a float."""

    minor: int
    currency: str

    def as_json(self) -> dict[str, int | str]:
        return {"minor": self.minor, "currency": self.currency}
