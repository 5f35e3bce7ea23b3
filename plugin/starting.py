"""Begins for good, also where nothing can be written yet: the disk is full, or the database read-only.

A command that does one thing says so and ends. What is to run for good says so, waits and goes on by itself:
maybe a power cut started it, and nobody would start it again once there is room. A server that waits answers
as one does whose disk fills up later: vendors are asked to come back, monitors hear why. Only where there is
no database yet, somebody sits there and sets it up: that ends with the sentence.
"""

import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.engine import make_url

from plugin.answering import Reason, answering
from plugin.settings import Settings
from store import writable

LEAST_BYTES = 1_000_000
"""With less than this, whatever SQLite calls it: the disk is full."""

log = structlog.get_logger()


def when_it_can_be_written(settings: Settings, begin: Callable[[], None], *, listens: bool) -> bool:
    """Calls `begin` until nothing is in its way; False: told to stop before that.

    Raises what `begin` raises, where waiting does not help, and CannotServe.
    """
    reason = Reason(_why_not(settings, begin))
    if not reason.words:
        return True
    with ExitStack() as ending:
        stop = ending.enter_context(_told_to_stop())
        if listens:
            ending.enter_context(answering(settings, reason))
        while reason.words:
            log.warning("waiting_until_it_can_be_written", reason=reason.words)
            if stop.wait(settings.sweep_s):
                return False
            reason.words = _why_not(settings, begin)
    return True


def _why_not(settings: Settings, begin: Callable[[], None]) -> str:
    try:
        begin()
    except Exception as error:
        words, file = writable.trouble(error), _file(settings)
        if not words or (file and not _is_there(file)):
            raise
        full = words == writable.FAILING and file and shutil.disk_usage(file.parent).free < LEAST_BYTES
        return writable.FULL if full else words
    return ""


def _file(settings: Settings) -> Path | None:
    """SQLite's; None where the database is a server's."""
    url = make_url(settings.database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _is_there(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by SIGTERM and Ctrl-C, which do what they did before once the block ends."""
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
