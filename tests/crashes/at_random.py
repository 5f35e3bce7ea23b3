"""Kills at random instants, while messages go out to several at once."""

import random
import time
from collections.abc import Sequence

from tests.crashes.story import Story, begun
from tests.crashes.town import Town

STORIES = 4
KILLS = 6
"""In one round: a row that is taken many more times than this is parked, for a person to look at."""

WITHIN_S = 1.3
"""A little more than a lease: by then what was cut off is taken up again."""

WORKER_MORE_OFTEN = 4


def round_of_kills(town: Town, rng: random.Random, *, victims: Sequence[int] | None = None) -> int:
    """Four stories, killed up to six times before all are told. How often. Raises AssertionError.

    `victims`: the numbers of the commands that may die; else any, the one that works more often.
    """
    stories = [begun(town, quiet=False) for _ in range(STORIES)]
    town.quiet()
    for story in stories:
        story.done()
    who = victims or [*range(len(town.processes.commands)), *[town.worker] * WORKER_MORE_OFTEN]
    killed = 0
    while killed < KILLS and _still_busy(town, rng.uniform(0, WITHIN_S)):
        town.processes.kill(rng.choice(who))
        town.processes.start()
        killed += 1
    town.quiet()
    town.ten_minutes_pass()  # a server that was dead at each of Jira's tries hears of it only now
    town.quiet()
    wrong = wrong_in(stories)
    assert not wrong, wrong
    return killed


def wrong_in(stories: Sequence[Story]) -> list[str]:
    return [f"{story.key}: {problem}" for story in stories for problem in story.wrong()]


def _still_busy(town: Town, seconds: float) -> bool:
    """Let this much time pass. False: there is nothing left to interrupt."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(0.05, max(0.0, until - time.monotonic())))
    return town.busy()
