"""The rate limits of one account: windows that slide, headers that tell, 429 with Retry-After."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from sandbox.zendesk.problems import too_many

MINUTE_S = 60
TEN_MINUTES_S = 600


@dataclass
class Limits:
    """How many calls; the defaults are those of a Professional account. A test sets what it needs."""

    account_per_min: int = 700
    updates_per_min: int = 100
    per_ticket_per_10_min: int = 30
    exports_per_min: int = 10
    _spent: dict[str, deque[float]] = field(default_factory=dict)

    def call(self, now: datetime) -> dict[str, str]:
        """Any call at all: the headers that tell of it. Raises Problem 429."""
        total = self.account_per_min
        left, resets = self._spend("account", total, MINUTE_S, now, scope="API requests per minute")
        return {
            "x-rate-limit": str(total),
            "x-rate-limit-remaining": str(left),
            "ratelimit-limit": str(total),
            "ratelimit-remaining": str(left),
            "ratelimit-reset": str(resets),
        }

    def update(self, ticket: int, user: int, now: datetime) -> dict[str, str]:
        """An update of a ticket. Raises Problem 429."""
        one, account = self.per_ticket_per_10_min, self.updates_per_min
        left, resets = self._spend(
            f"ticket {ticket} {user}", one, TEN_MINUTES_S, now, scope="updates of this ticket per 10 minutes"
        )
        every, turns = self._spend("updates", account, MINUTE_S, now, scope="ticket updates per minute")
        return {
            "zendesk-ratelimit-per-ticket-updates": f"total={one}; remaining={left}; resets={resets}",
            "zendesk-rate-limit-tickets-update": f"total={account}; remaining={every}; resets={turns}",
        }

    def export(self, now: datetime) -> None:
        """A page of the incremental export. Raises Problem 429."""
        self._spend("export", self.exports_per_min, MINUTE_S, now, scope="exports per minute")

    def _spend(self, what: str, total: int, window_s: int, now: datetime, *, scope: str) -> tuple[int, int]:
        """What is left, and the seconds until the window is empty again."""
        spent, at = self._spent.setdefault(what, deque()), now.timestamp()
        while spent and spent[0] <= at - window_s:
            spent.popleft()
        if len(spent) >= total:
            raise too_many(ceil(spent[0] + window_s - at) if spent else window_s, scope=scope)
        spent.append(at)
        return total - len(spent), ceil(spent[0] + window_s - at)
