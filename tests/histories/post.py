"""The vendors' webhooks on their way to us: as they were sent, or as a bad day has it.

Stands in the place of `sandbox.hooks.Hooks`, without its thread: whoever plays the history asks what arrives
next. The bodies, the signatures and the rules by which a vendor tries again are the vendors' own.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.hooks import Attempt, Delivery, RetryOn, no_retry

LOST = 0.1
REPEATED = 0.3
UNHEARD = 0.15
"""So often we do not answer, or our answer is lost, and the vendor's own rule decides."""

DELAYS_S = ((0.4, 2.0), (0.7, 240.0), (1.0, 3000.0))
"""With which chance at most so late: a good part comes after what happened later."""

Answer = Callable[[Delivery], int]


@dataclass
class Post:
    """`rough` None: everything arrives at once, in order, and once."""

    now: Callable[[], datetime]
    rough: random.Random | None = None
    attempts: list[Attempt] = field(default_factory=list)
    _due: list[tuple[datetime, int, Delivery]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)
    lost: int = 0
    sent: int = 0

    def send(self, url: str, body: bytes, headers: dict[str, str], *, retry_on: RetryOn = no_retry) -> None:
        """As the vendors call it."""
        delivery, rng = Delivery(url, body, dict(headers), retry_on), self.rough
        self.sent += 1
        if rng is None:
            self._put(delivery, 0.0)
        elif rng.random() < LOST:
            self.lost += 1
        else:
            for _ in range(1 + (rng.random() < REPEATED) * rng.randint(1, 2)):
                self._put(delivery, self._delay_s(rng))

    def next_at(self) -> datetime | None:
        return self._due[0][0] if self._due else None

    def deliver(self, answer: Answer) -> None:
        """Everything that arrives by now. Two that arrive together come in any order."""
        while self._due and self._due[0][0] <= self.now():
            _, _, delivery = heapq.heappop(self._due)
            status = self._status(delivery, answer)
            self.attempts.append(Attempt(delivery.url, delivery.body, delivery.headers, status))
            wait_s = delivery.retry_on(status)
            if wait_s is not None:
                self._put(delivery, wait_s)

    def forget(self) -> None:
        self._due.clear()
        self.attempts.clear()
        self.lost = self.sent = 0

    def _status(self, delivery: Delivery, answer: Answer) -> int | None:
        rng = self.rough
        if rng is None or rng.random() >= UNHEARD:
            return answer(delivery)
        if rng.random() < 0.5:  # we took it, and the vendor never heard so
            answer(delivery)
        return rng.choice((None, 503))

    def _delay_s(self, rng: random.Random) -> float:
        dice = rng.random()
        return rng.uniform(0, next(most for chance, most in DELAYS_S if dice < chance))

    def _put(self, delivery: Delivery, wait_s: float) -> None:
        at = self.now() + timedelta(seconds=wait_s)
        heapq.heappush(self._due, (at, next(self._order), delivery))
