"""One line of the log for each try at a row: whose it is, which, how often, what became of it, how long.

Lines that are said meanwhile name the row too. Nothing of what the row holds is ever among them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars

from store.waiting import Claimed

CALLS = "calls"

log = structlog.get_logger()


@dataclass(slots=True)
class Line:
    """`outcome`: to be set when it is known."""

    outcome: str = "left"


@contextmanager
def line_of(claimed: Claimed) -> Iterator[Line]:
    """Around a try."""
    line, begun = Line(), time.monotonic()
    about = {"workspace": claimed.workspace_id, "shelf": claimed.shelf, "row": claimed.id}
    with bound_contextvars(**about, attempt=claimed.attempts, **{CALLS: []}):
        try:
            yield line
        finally:
            log.info("row_tried", outcome=line.outcome, ms=round((time.monotonic() - begun) * 1000))


def called(what: str) -> None:
    """The row that this thread does made this call: `zendesk PUT 200`. Elsewhere nothing happens."""
    before = get_contextvars().get(CALLS)
    if before is not None:
        bind_contextvars(**{CALLS: [*before, what]})
