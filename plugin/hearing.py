"""A trial in which a vendor's call is listened for: did it arrive, does one wait, or why does none come.

What a vendor's calls look like, and what is said of them, is the vendor's own: `Ear`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from store import trials
from store.connections import Connection as Account
from store.trials import Line, Trial

WAITS = timedelta(seconds=90)
"""Vendors call within half a minute, as a rule; what comes later counts too, while somebody listens."""

Heard: TypeAlias = Literal["arrived", "waits", "deaf"]


@dataclass(frozen=True, slots=True)
class Ear:
    """One vendor. `about`: the objects that a call tells of, by their ids; none where it cannot be read.

    `arrived` and `waits` say it; `deaf`: why no call can count, as far as that is known at once, else empty;
    `nothing`: what to look at where the time is over, given whether other calls came.
    """

    about: Callable[[bytes], set[str]]
    arrived: Callable[[Trial, str], str]
    waits: Callable[[], str]
    deaf: Callable[[Account, Trial, datetime], str]
    nothing: Callable[[Account, Trial, bool], str]


def listened(
    conn: Connection, account: Account, trial: Trial, ear: Ear, *, now: datetime
) -> tuple[Line, Heard]:
    """The line of the webhook, and how it stands."""
    calls = trials.heard(conn, account.workspace_id, account.system, trial)
    for at, body in calls:
        if trial.about in ear.about(body):
            seconds = max((at - trial.at).total_seconds(), 0.0)
            return ("webhook", True, ear.arrived(trial, f"{seconds:.1f}")), "arrived"
    why = ear.deaf(account, trial, now)
    if now < trial.at + WAITS and not why:
        return ("webhook", True, ear.waits()), "waits"
    return ("webhook", False, why or ear.nothing(account, trial, bool(calls))), "deaf"
