"""The row of a notice in memory: leases and fences as `store/waiting.py` keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from store.waiting import Claimed

LIVE = ("held", "queued", "blocked")
UNDER_WAY = ("sending", "unknown")
FINAL = ("confirmed", "posted_not_emailed", "cancelled", "skipped")


@dataclass(slots=True)
class Row:
    id: int
    lane: str
    place: str
    words: tuple[str, ...]
    """What it says, by the words of its mark."""
    true_since: float
    state: str = "held"
    due_at: datetime | None = None
    lease_until: datetime | None = None
    fence: int = 0
    attempts: int = 0
    parked_at: datetime | None = None
    reason: str = ""
    settled_by: str = ""
    decided: bool = False
    """Whether a person decided not to say this, and it has stayed true without a break since."""
    mark: tuple[str, ...] = ()
    sending: dict[str, Any] | None = None
    tried_places: tuple[str, ...] = ()

    @property
    def in_doubt(self) -> bool:
        kept = self.sending or {}
        return bool(kept.get("sent_at") or kept.get("created_at"))

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    def end(self, state: str, reason: str) -> None:
        self.set(state=state, reason=reason, due_at=None, parked_at=None, lease_until=None)


@dataclass(slots=True)
class Shelf:
    """What `store.waiting.Shelf` does, on rows in memory. `conn` is what a transaction gave: nothing."""

    name: str
    rows: dict[int, Row] = field(default_factory=dict)

    def held(self, claimed: Claimed) -> Row | None:
        row = self.rows[claimed.id]
        return row if row.fence == claimed.fence and row.lease_until is not None else None

    def claim(self, now: datetime, lease_s: float) -> Claimed | None:
        free = [row for row in self.rows.values() if row.due_at and row.due_at <= now and _free(row, now)]
        if not free:
            return None
        row = min(free, key=lambda one: (one.due_at, one.id))
        row.set(lease_until=now + timedelta(seconds=lease_s), fence=row.fence + 1, attempts=row.attempts + 1)
        return Claimed(self.name, row.id, 1, row.fence, row.attempts, {"facts": [], "place": row.place})

    def next_at(self) -> datetime | None:
        """When the next row can be claimed."""
        moments = [max(row.due_at, row.lease_until or row.due_at) for row in self.rows.values() if row.due_at]
        return min(moments, default=None)

    def renew(self, _conn: object, claimed: Claimed, *, now: datetime, lease_s: float) -> bool:
        return self._mark(claimed, lease_until=now + timedelta(seconds=lease_s))

    def done(self, _conn: object, claimed: Claimed) -> bool:
        return self._mark(claimed, due_at=None, lease_until=None, reason="")

    def later(
        self, _conn: object, claimed: Claimed, *, at: datetime, reason: str, counts: bool = True
    ) -> bool:
        attempts = claimed.attempts if counts else claimed.attempts - 1
        return self._mark(claimed, due_at=at, lease_until=None, attempts=attempts, reason=reason)

    def park(self, _conn: object, claimed: Claimed, *, reason: str, now: datetime) -> bool:
        return self._mark(claimed, due_at=None, lease_until=None, parked_at=now, reason=reason)

    def mark(self, claimed: Claimed, values: Mapping[str, Any]) -> bool:
        return self._mark(claimed, **values)

    def _mark(self, claimed: Claimed, **values: Any) -> bool:
        row = self.held(claimed)
        if row is None:
            return False
        row.set(**values)
        return True


def _free(row: Row, now: datetime) -> bool:
    return row.lease_until is None or row.lease_until <= now
