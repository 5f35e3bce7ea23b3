"""How one attempt to say something ended: what a channel answers to `connectors/delivery.py`."""

from dataclasses import dataclass
from typing import TypeAlias

from lineage.outbox import Receipt


@dataclass(frozen=True, slots=True)
class Said:
    """It stands there, by this attempt or an earlier one.

    `words`: those of the mark that were found, where an earlier message said only a part of it.
    """

    receipt: Receipt
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing was written by this attempt; come back in `after_s` seconds.

    None leaves the time to our schedule and counts as a failed try: after the last one a person is asked.
    """

    after_s: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was written. It is read back in `after_s` seconds.

    `tried`: whether this attempt wrote; so many of them are made, then a person is asked.
    """

    after_s: float
    reason: str
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """It cannot be said there any more, and no write is in flight. `ticket` is to be read again first."""

    ticket: str
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is not to be said any more, and no write is in flight."""

    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """It can be said nowhere as things are: a person must act."""

    reason: str


Outcome: TypeAlias = Said | NotYet | Unknown | Elsewhere | GivenUp | Blocked
