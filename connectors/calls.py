"""Every call to a vendor: a word in the log, a count, and a note for whoever asked for the calls of a job.

Neither a path nor a body is kept: both can hold names and addresses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

from store import tally
from store.row_log import called

COUNT = "vendor_calls"

log = structlog.get_logger()
_made: ContextVar[list["Call"] | None] = ContextVar("made", default=None)


@dataclass(frozen=True, slots=True)
class Call:
    """One request and what became of it. `status` 0: no answer came."""

    system: str
    method: str
    status: int
    took_s: float
    changes: bool = False
    """Whether it was to change something over there."""
    ceiling: float | None = None
    """How many such changes a minute the answer leaves to us, where it says so."""
    rest_s: float | None = None
    """For how long nothing more is to be asked, where the answer says so."""

    @property
    def outcome(self) -> str:
        """`ok`, `limited` (429), `refused` (other 4xx), `trouble` (5xx) or `silent`."""
        if self.status == 0:
            return "silent"
        if self.status == 429:
            return "limited"
        return "ok" if self.status < 400 else "refused" if self.status < 500 else "trouble"


def made(call: Call) -> None:
    """To be called after each request to a vendor, whatever became of it."""
    tally.count(COUNT, system=call.system, outcome=call.outcome)
    called(f"{call.system} {call.method} {call.status or 'no answer'}")
    if call.outcome != "ok":
        log.info(
            "vendor_call_failed",
            system=call.system,
            method=call.method,
            status=call.status,
            ms=round(call.took_s * 1000),
        )
    if (mine := _made.get()) is not None:
        mine.append(call)


@contextmanager
def noted() -> Iterator[list[Call]]:
    """The calls that this thread makes inside, as they are made. Who notes around it hears of them after."""
    mine: list[Call] = []
    token = _made.set(mine)
    try:
        yield mine
    finally:
        _made.reset(token)
        if (outer := _made.get()) is not None:
            outer += mine
