"""What a delivery comes down to: objects to look at, and the few things that only an event proves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lineage.changes import IssueDeleted


@dataclass(frozen=True, slots=True)
class Wish:
    """`at`: when it changed by the vendor's own stamp of the object, where that tells a stale reading;
    `hint`: what only the event knows.
    """

    kind: str
    id: str
    at: datetime | None = None
    hint: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    wishes: Sequence[Wish] = ()
    gone: Sequence[IssueDeleted] = ()

    def __str__(self) -> str:
        """For the inbox row: what was made of it."""
        if not self.wishes and not self.gone:
            return "nothing that concerns us"
        return ", ".join([*(f"look at {one.kind} {one.id}" for one in self.wishes[:20]), *(
            f"issue {one.item} deleted" for one in self.gone[:20])])  # fmt: skip
