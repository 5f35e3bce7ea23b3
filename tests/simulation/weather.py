"""How often what goes wrong. Each seed has its own weather: much of some faults and nothing of others.

Faults that always come together hide each other; a run without any crash reaches what a crash would end.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Weather:
    """Probabilities, each per call, per step of a process, or per reading."""

    crash: float = 0.0
    """Per step: our process dies there."""
    pause: float = 0.0
    """Per step: our process stands still, often for longer than its lease."""
    meddle: float = 0.0
    """Per step: somebody does something just there."""
    unread: float = 0.0
    """Per reading: it fails."""
    slow: float = 0.0
    """Per reading: it takes up to a minute, while the worker keeps its lease."""
    stale: float = 0.0
    """Per reading of audits: the list lags behind the ticket."""
    never: float = 0.0
    """Per write: it does not arrive, and nobody says so."""
    unanswered: float = 0.0
    """Per write: it is applied, and its answer is lost (or is a 5xx)."""
    late: float = 0.0
    """Per write: it arrives when we have long given up waiting."""
    twice: float = 0.0
    """Per write: it is delivered two times."""
    refused: float = 0.0
    """Per write: 422 by a rule of the account; of one that is delivered twice, for the second copy."""
    turned_away: float = 0.0
    """Per write: 429, a connection that is never made, or a 5xx before anything was done."""


CALM = Weather()
OFTEN = {"crash": 0.06, "pause": 0.06, "meddle": 0.15, "refused": 0.15, "slow": 0.2}
"""Crashes, pauses and meddling are per step, of which an attempt has a dozen."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a run is about. `always`: the faults that are frequent in it; the others are drawn."""

    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """What people do every second time, of all that they may do (`meddling.py`)."""
    closed: float = 0.3
    """Probability that the ticket is closed from the start, so that a follow-up must answer it."""
    outage: float = 0.25
    """Probability of three hours without Zendesk: longer than it keeps an `Idempotency-Key`."""
    torn_s: float = 0.0
    """How far apart the vendor's comparing and writing are, which it promises to be one step."""
    votes: bool = False
    """Whether she voted in the community instead of asking in a ticket: then one is opened for her."""


PLAIN = Scene()
LAGGING = Scene(always=("stale", "unanswered"), closed=0.0)
CLOSED = Scene(always=("unanswered", "late"), closed=1.0, outage=0.7)
BUSY = Scene(always=("twice", "meddle"), closed=0.0)
TORN = Scene(
    always=("late", "slow"), never=("twice", "crash", "unread", "meddle"), closed=0.0, torn_s=10.0, outage=0.0
)
"""Nothing can guard there against one request that is delivered twice."""

VOTED = Scene(always=("unanswered", "late"), outage=0.7, votes=True)

SCENES = (PLAIN, PLAIN, LAGGING, CLOSED, BUSY, TORN, VOTED)
IN_TICKETS = tuple(scene for scene in SCENES if not scene.votes)


def scene_of(seed: int, scenes: Sequence[Scene] = SCENES) -> Scene:
    return scenes[seed % len(scenes)]


def weather_of(rng: random.Random, scene: Scene) -> Weather:
    """Each of the faults not at all, sometimes or often."""
    drawn = {}
    for field in fields(Weather):
        often = OFTEN.get(field.name, 0.4)
        drawn[field.name] = rng.choice((0.0, often / 4, often))
        if field.name in scene.always:
            drawn[field.name] = often
        if field.name in scene.never:
            drawn[field.name] = 0.0
    return Weather(**drawn)
