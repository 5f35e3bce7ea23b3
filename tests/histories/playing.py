"""A history, played in order or roughly: the same deeds at the same moments, another day for the webhooks."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from store.workspaces import Deliver, Policy
from tests.histories.deeds import DEEDS, Deed
from tests.histories.state import State, state
from tests.histories.town import Town

LONG_S, SHORT_S = 86_400, 120
"""Quiet periods: longer than any history, and so short that people are told in the middle of it."""

AFTER_S = 900.0
"""From the last deed to the reconciliation: more than any vendor's index or export lags behind."""

ASLEEP = 0.35
"""So often no worker of ours is awake when something comes."""


@dataclass(frozen=True)
class History:
    """`deeds`: each with the seconds that pass before it, and its own chance."""

    seed: int
    deeds: tuple[tuple[float, Deed, int], ...]
    quiet_s: int
    deliver: Deliver
    reconciled_after: int
    """How many deeds come before a reconciliation in the middle; more than there are: there is none."""

    @property
    def policy(self) -> Policy:
        return Policy(hold_s=self.quiet_s, deliver=self.deliver, push_amounts=True)


@dataclass
class Played:
    """`said`: the deeds in words, each with the moment it was done."""

    state: State
    said: list[tuple[datetime, str]]
    true: set[tuple[str, str]]
    """What each issue was at some moment, by Jira itself: its id, and what we would call that."""
    last_deed_at: datetime

    def __str__(self) -> str:
        return "\n".join(f"  {at:%H:%M:%S} {words}" for at, words in self.said)


def drawn(seed: int, *, quiet_s: int, only: Sequence[Deed] = ()) -> History:
    """`only`: of these deeds, and on release; else of all."""
    rng = random.Random(seed)
    among = {deed: often for deed, often in DEEDS.items() if not only or deed in only}
    names = rng.choices(list(among), list(among.values()), k=rng.randint(4, 9))
    gaps = [rng.choice((5.0, 20.0, 400.0)) * rng.uniform(0.5, 1.5) for _ in names]
    deeds = tuple((gap, deed, rng.getrandbits(32)) for gap, deed in zip(gaps, names, strict=True))
    return History(
        seed, deeds, quiet_s, rng.choice(("done", "done", "release")), rng.randrange(3 * len(deeds))
    )


def play(town: Town, history: History, *, day: int | None = None) -> Played:
    """In order, or as it comes on one of its bad days.

    Raises AssertionError where something is left that never comes to an end.
    """
    chance = None if day is None else random.Random(f"{history.seed} {day}")
    town.begin_again(history.policy, random.Random(history.seed))
    town.scene.post.rough = chance
    run = _Run(town, chance)
    moment, true = town.now, now_true(town)
    for number, (gap_s, deed, seed) in enumerate(history.deeds):
        moment += timedelta(seconds=gap_s)
        run.until(moment)
        if number == history.reconciled_after:
            town.reconcile()
        if words := deed(town, random.Random(seed)):
            run.said.append((moment, words))
        true |= now_true(town)
        run.wake()
    run.until(moment + timedelta(seconds=AFTER_S))
    town.reconcile()
    run.to_the_end()
    return Played(state(town), run.said, true, moment)


def now_true(town: Town) -> set[tuple[str, str]]:
    """Of each issue that is done or under way, what Jira says of it now."""
    found = set()
    for issue in town.scene.jira.site.issues.values():
        category, resolution = issue.status.category, issue.resolution and issue.resolution.name
        if category == "indeterminate":
            found.add((issue.id, "started"))
        elif category == "done":
            found.add((issue.id, "declined" if resolution == "Won't Do" else "delivered"))
    return found


@dataclass
class _Run:
    town: Town
    chance: random.Random | None
    said: list[tuple[datetime, str]] = field(default_factory=list)

    def until(self, end: datetime) -> None:
        """What arrives and falls due by then."""
        while (at := self._next()) is not None and at <= end:
            self._go_to(at)
        self.town.scene.clock.at = max(self.town.now, end)

    def to_the_end(self) -> None:
        """What is under way still arrives, and everybody hears what they are owed."""
        for _ in range(200):
            at = self._next()
            if at is None:
                return
            self.chance = None
            self._go_to(at)
        raise AssertionError("It never comes to an end.")

    def wake(self) -> None:
        self.town.scene.post.deliver(self.town.hear)
        if self.chance is None or self.chance.random() >= ASLEEP:
            self.town.work()

    def _go_to(self, at: datetime) -> None:
        self.town.scene.clock.at = max(self.town.now, at)
        self.wake()

    def _next(self) -> datetime | None:
        """The next arrival; or, where a worker is awake anyway, the next row that falls due."""
        moments = [self.town.scene.post.next_at(), self.town.next_at()]
        return min((at for at in moments if at is not None), default=None)
