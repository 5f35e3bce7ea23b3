"""Time, chance and processes: a simulated hour takes no time, and nothing happens but by the seed."""

import heapq
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from greenlet import GreenletExit, greenlet

EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process died here: nothing of what comes after this line in it ever happens."""


class Wrong(BaseException):
    """The promise is broken. Nothing of ours may catch it."""


class Loop:
    """What is to happen, by the time at which it happens, in seconds since the beginning."""

    def __init__(self, seed: int, *, telling: bool = False) -> None:
        self.rng = random.Random(seed)
        self.now = 0.0
        self.telling = telling
        self.history: list[str] = []
        self._coming: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()

    def after(self, seconds: float, what: Callable[[], object]) -> None:
        heapq.heappush(self._coming, (self.now + seconds, next(self._order), what))

    def run(self, until: float) -> None:
        coming = self._coming
        while coming and coming[0][0] <= until:
            self.now, _, what = heapq.heappop(coming)
            what()
        self.now = until

    def clock(self) -> datetime:
        return EPOCH + timedelta(seconds=self.now)

    def chance(self, p: float) -> bool:
        return p > 0 and self.rng.random() < p

    def say(self, who: str, what: str) -> None:
        """A line of the history; it is only written where somebody is going to read it."""
        if self.telling:
            minutes, seconds = divmod(self.now, 60)
            self.history.append(f"{int(minutes):5}:{seconds:05.2f}  {who:9} {what}")


class Process:
    """Code of ours that runs until it waits for something; meanwhile everybody else goes on."""

    def __init__(self, loop: Loop, name: str) -> None:
        self.loop = loop
        self.name = name
        self._rests = 0
        self._resting = 0
        self.greenlet = greenlet(self.live)
        loop.after(0, self.greenlet.switch)

    def live(self) -> None:
        raise NotImplementedError

    def wait(self, seconds: float) -> None:
        self.loop.after(seconds, self.greenlet.switch)
        self._give_way()

    def rest(self, seconds: float) -> None:
        """So long, or until somebody rings."""
        self._rests += 1
        number = self._resting = self._rests
        self.loop.after(seconds, lambda: self._wake(number))
        self._give_way()

    def ring(self) -> None:
        if number := self._resting:
            self.loop.after(self.loop.rng.uniform(0, 1), lambda: self._wake(number))

    def end(self) -> None:
        if not self.greenlet.dead:
            self.greenlet.throw(GreenletExit)

    def _wake(self, number: int) -> None:
        if self._resting == number:
            self._resting = 0
            self.greenlet.switch()

    def _give_way(self) -> None:
        assert self.greenlet.parent is not None
        self.greenlet.parent.switch()
