"""One kill at one point, and what became of everybody."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass

from tests.crashes.at_the_vendor import MOMENTS
from tests.crashes.roads import begin, road_to
from tests.crashes.town import QUIET_S, Row, Town

REACHED_S = 30.0


@dataclass(frozen=True)
class Result:
    """`again_s`: when the last of the rows that were held or due was tried again; 0 where there was none."""

    point: str
    reached: bool
    wrong: tuple[str, ...]
    again_s: float

    @property
    def good(self) -> bool:
        return self.reached and not self.wrong


def killed_at(town: Town, point: str, *, patience_s: float = QUIET_S) -> Result:
    """The story, with a kill at the point; whatever died is started again."""
    story, road = begin(town, point), road_to(point)
    try:
        road.walk(story, lambda: _order(town, point))
        reached = _wait(town, point)
    finally:
        _withdraw(town)
    again_s = _again(town)
    road.afterwards(story)
    town.quiet(patience_s=patience_s)
    return Result(point, reached, tuple(story.wrong()), again_s)


def _order(town: Town, point: str) -> None:
    if point not in MOMENTS:
        town.arm(point)
        return
    worker = town.processes.running[town.worker]

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker, signal.SIGKILL)

    for watch in town.watches:
        watch.order(point, kill)


def _withdraw(town: Town) -> None:
    town.disarm()
    for watch in town.watches:
        watch.clear()
    for vendor in (town.zendesk, town.jira):
        vendor.faults.clear()


def _wait(town: Town, point: str) -> bool:
    """Until somebody died of the order. False: nobody came to the point."""
    until = time.monotonic() + REACHED_S
    while time.monotonic() < until:
        if town.obeyed if point not in MOMENTS else any(watch.obeyed for watch in town.watches):
            return _died(town)
        time.sleep(0.005)
    return False


def _died(town: Town) -> bool:
    until, every = time.monotonic() + REACHED_S, len(town.processes.commands)
    while not town.processes.ended() and len(town.processes.running) == every:
        assert time.monotonic() < until, "a process that was killed is still there"
        time.sleep(0.002)
    return True


def _again(town: Town) -> float:
    """Start what died. Seconds from the death until the last row that was held or due is tried again."""
    died = time.monotonic()
    waiting: dict[Row, int] = town.overdue()
    town.processes.start()
    seen_s, until = 0.0, died + REACHED_S + 30
    while waiting:
        there = town.fences()
        waiting = {row: fence for row, fence in waiting.items() if there.get(row, -1) == fence}
        seen_s = time.monotonic() - died
        assert time.monotonic() < until, f"Nobody tries again: {waiting}"
        time.sleep(0.01)
    return seen_s
