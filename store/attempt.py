"""One try at one row, and what becomes of the row if the try fails."""

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import structlog
from sqlalchemy import Engine, select

from store import writable
from store.database import reading, transaction
from store.errors import GiveUp, TryLater
from store.schedule import RETRY_AFTER_S, next_try
from store.waiting import Claimed, Shelf, Superseded

ROOT = Path(__file__).parent.parent
MOST_TRIES = len(RETRY_AFTER_S) + 1
NO_ROOM_S = 30.0
"""When a row is tried again for which there was no room on the disk."""

log = structlog.get_logger()


class Outcome(StrEnum):
    """What became of a row that a worker took."""

    DONE = "done"
    LATER = "later"
    PARKED = "parked"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Work:
    """A shelf and the function that does its rows.

    `handle` runs its own transactions, holds none open while it speaks to others, and marks its row
    (`done` and the like) in the last of them. It raises TryLater, GiveUp or Superseded otherwise. Where it
    only put its row off it says so, by LATER; else nothing.
    `batch`: how many rows one worker holds at most; `lanes`: how many of them it does at the same time.
    `each`: how many of those are one workspace's at most; then it takes some rows of a workspace of which it
    holds none, however many it holds. None: a workspace may have every lane.
    """

    shelf: Shelf
    handle: Callable[[Claimed], Outcome | None]
    batch: int = 20
    lanes: int = 2
    each: int | None = None


def attempt(
    engine: Engine, work: Work, claimed: Claimed, *, clock: Callable[[], datetime], rng: random.Random
) -> Outcome:
    """Does the row; on failure marks it for later or parks it. Raises only if that cannot be written."""
    if claimed.attempts > MOST_TRIES:
        return _park(engine, work, claimed, _stuck(claimed), clock())
    try:
        ended = work.handle(claimed) or Outcome.DONE
        if not _left_unmarked(engine, work, claimed):
            return ended
        reason, after_s = "bug: the row was done but not marked", None
    except Superseded:
        return Outcome.LOST
    except GiveUp as end:
        return _park(engine, work, claimed, str(end), clock())
    except TryLater as delay:
        reason, after_s = str(delay), delay.after_s
    except Exception as bug:  # noqa: BLE001 - a bug in one row must not stop the others
        reason, after_s = writable.trouble(bug), NO_ROOM_S
        if not reason:
            reason, after_s = _describe(bug), None
            _log_bug(claimed, bug, reason)
    at = next_try(claimed.attempts, clock(), after_s=after_s, rng=rng)
    if at is None:
        return _park(engine, work, claimed, f"{reason} (tried {claimed.attempts} times)", clock())
    with transaction(engine) as conn:
        kept = work.shelf.later(conn, claimed, at=at, reason=reason, counts=after_s is None)
    log.info("row_later", shelf=claimed.shelf, row=claimed.id, attempts=claimed.attempts, at=at.isoformat())
    return Outcome.LATER if kept else Outcome.LOST


def _park(engine: Engine, work: Work, claimed: Claimed, reason: str, now: datetime) -> Outcome:
    with transaction(engine) as conn:
        kept = work.shelf.park(conn, claimed, reason=reason, now=now)
    log.warning("row_parked", shelf=claimed.shelf, row=claimed.id, attempts=claimed.attempts)
    return Outcome.PARKED if kept else Outcome.LOST


def _left_unmarked(engine: Engine, work: Work, claimed: Claimed) -> bool:
    with reading(engine) as conn:
        return conn.scalar(select(work.shelf.table.c.id).where(work.shelf.held(claimed))) is not None


def _stuck(claimed: Claimed) -> str:
    return (
        f"Taken {claimed.attempts - 1} times, and each time the worker died over it or lost it: look for the "
        "cause in the log (memory, time-outs), then retry it."
    )


def _describe(bug: Exception) -> str:
    """Type and place only: an exception's own words may hold what customers wrote."""
    frames = traceback.extract_tb(bug.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)] or list(frames)
    file = Path(ours[-1].filename)
    place = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file.name
    return f"bug: {type(bug).__name__} at {place}:{ours[-1].lineno} in {ours[-1].name}"


def _log_bug(claimed: Claimed, bug: Exception, reason: str) -> None:
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(bug.__traceback__)]
    log.error("row_failed", shelf=claimed.shelf, row=claimed.id, reason=reason, frames=frames)
