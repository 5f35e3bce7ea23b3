"""Sends a vendor's webhooks in the background, with that vendor's retries, as unreliably as a test asks."""

import contextlib
import heapq
import itertools
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import requests

TIMEOUT_S = 12.0
"""Zendesk waits this long for an answer; none of the vendors waits longer."""

RetryOn: TypeAlias = Callable[[int | None], float | None]
"""The vendor's rule: from the status (None: no answer) to the seconds until the next try (None: no more)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook call that is to be made."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    retry_on: RetryOn


class Attempt(NamedTuple):
    """One webhook call that was made. `status` is None when no answer came."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    status: int | None


def no_retry(_status: int | None) -> float | None:
    """The rule of a vendor that never asks twice."""
    return None


class Hooks:
    """A vendor's outgoing webhooks: one thread, in order, unless `hold` and `release` say otherwise.

    `time_scale` shortens the waits between tries. `lose` says of a body whether it gets lost on the way;
    `repeat` how often each is delivered.
    """

    def __init__(self, *, time_scale: float = 1.0) -> None:
        self.time_scale = time_scale
        self.lose: Callable[[bytes], bool] = lambda body: False
        self.repeat = 1
        self.attempts: list[Attempt] = []
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._held: list[Delivery] | None = None
        self._busy = self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def send(self, url: str, body: bytes, headers: dict[str, str], *, retry_on: RetryOn = no_retry) -> None:
        """Queue one call. Returns at once."""
        if self.lose(body):
            return
        with self._changed:
            for _ in range(self.repeat):
                delivery = Delivery(url, body, dict(headers), retry_on)
                if self._held is not None:
                    self._held.append(delivery)
                else:
                    self._put(delivery, wait_s=0)

    def hold(self) -> None:
        """Keep what is sent from now on until `release`."""
        with self._changed:
            self._held = [] if self._held is None else self._held

    def release(self, shuffle: random.Random | None = None) -> None:
        """Let go what was held: in order, or shuffled."""
        with self._changed:
            held, self._held = self._held or [], None
            if shuffle is not None:
                shuffle.shuffle(held)
            for delivery in held:
                self._put(delivery, wait_s=0)

    def settled(self, timeout_s: float = 10.0) -> bool:
        """Wait until nothing is queued, under way or due for another try. What is held does not count."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._due and not self._busy, timeout_s)

    def close(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(TIMEOUT_S)

    def _put(self, delivery: Delivery, *, wait_s: float) -> None:
        """Call with the lock held."""
        if self._closed:
            return
        heapq.heappush(self._due, (time.monotonic() + wait_s, next(self._order), delivery))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sandbox hooks", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False  # no proxy between the sandbox and us
            while (delivery := self._take()) is not None:
                status = self._post(session, delivery)
                wait_s = delivery.retry_on(status)
                with self._changed:
                    if wait_s is not None:
                        self._put(delivery, wait_s=wait_s * self.time_scale)
                    self._busy = False
                    self._changed.notify_all()

    def _take(self) -> Delivery | None:
        """Wait for the next call that is due; None once closed."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    self._busy = True
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._due[0][0] - now if self._due else None)
            return None

    def _post(self, session: requests.Session, delivery: Delivery) -> int | None:
        status: int | None = None
        with contextlib.suppress(requests.RequestException):  # no answer: the vendor's rule decides
            status = session.post(
                delivery.url,
                data=delivery.body,
                headers=dict(delivery.headers),
                timeout=TIMEOUT_S,
                allow_redirects=False,
            ).status_code
        self.attempts.append(Attempt(delivery.url, delivery.body, delivery.headers, status))
        return status
