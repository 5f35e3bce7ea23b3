"""Measuring by ratios: subject and anchor take turns in one run, so that both meet the same weather."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Do: TypeAlias = Callable[[], object]

OWN_TIME = ("board", "panel", "sidebar", "suggest")
"""Parts that do all of their work in this very process."""
_clock: Callable[[], float] = time.perf_counter


def count_own_time() -> None:
    """From now on only what the processor does for us counts: for a machine that others use meanwhile."""
    global _clock  # noqa: PLW0603 - one clock for the whole run
    _clock = time.process_time


def clock() -> float:
    """Seconds, of the clock of this run."""
    return _clock()


@dataclass(frozen=True, slots=True)
class Line:
    """One goal: a ratio of medians, round by round. `lower`: whether small is good."""

    what: str
    subject_s: float
    anchor_s: float
    ratios: Sequence[float]
    goal: float
    lower: bool = True
    note: str = ""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def passes(self) -> bool:
        return self.ratio <= self.goal if self.lower else self.ratio >= self.goal

    def __str__(self) -> str:
        low, high = min(self.ratios), max(self.ratios)
        sign = "≤" if self.lower else "≥"
        return (
            f"{'PASS' if self.passes else 'FAIL':<5}{self.what:<66}{self._shown(self.subject_s):>9} /"
            f"{self._shown(self.anchor_s):>9}  ={self.ratio:>10,.2f}  ({low:,.2f}..{high:,.2f})  "
            f"goal {sign} {self.goal:,g}  {self.note}"
        )

    def _shown(self, value: float) -> str:
        return _time(value) if self.unit == "s" else f"{value:,.0f} {self.unit}".rstrip()


@dataclass(slots=True)
class Timed:
    """The times of one thing, round by round, in seconds."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def medians(self) -> list[float]:
        return [statistics.median(times) for times in self.rounds]

    @property
    def median(self) -> float:
        return statistics.median(self.medians)

    def over(self, other: "Timed") -> list[float]:
        return [mine / theirs for mine, theirs in zip(self.medians, other.medians, strict=True)]


def in_turns(
    things: dict[str, Callable[[int], Do]], *, rounds: int, times: int, between: Do = lambda: None
) -> dict[str, Timed]:
    """Every thing once, then again, `times` times a round. `things`: from a running number to what is timed.

    What is done to get ready is not timed, nor what happens `between` rounds.
    """
    found = {name: Timed() for name in things}
    number = 0
    for _ in range(rounds):
        between()
        for timed in found.values():
            timed.rounds.append([])
        for _ in range(times):
            for name, ready in things.items():
                do = ready(number)
                begin = _clock()
                do()
                found[name].rounds[-1].append(_clock() - begin)
            number += 1
    return found


def line(
    what: str, subject: Timed, anchor: Timed, goal: float, *, lower: bool = True, note: str = ""
) -> Line:
    """`lower`: the subject's time over the anchor's; else the other way round, as many times faster."""
    ratios = subject.over(anchor) if lower else anchor.over(subject)
    return Line(what, subject.median, anchor.median, ratios, goal, lower, note)


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"
