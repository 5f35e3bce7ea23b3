"""What a serving process does besides: it moves what was committed into the file, and writes its counts down.

SQLite would otherwise do the first in the middle of somebody's commit, once its log is long enough.
"""

import threading

import structlog
from sqlalchemy import Engine

from store import tally
from store.database import checkpoint

EVERY_S = 1.0

log = structlog.get_logger()


def start(engine: Engine, stop: threading.Event) -> None:
    """On a thread of its own, until `stop` is set."""
    threading.Thread(target=_keep_house, args=(engine, stop), name="housekeeping", daemon=True).start()


def _keep_house(engine: Engine, stop: threading.Event) -> None:
    ended = False
    while not ended:
        ended = stop.wait(EVERY_S)
        try:
            checkpoint(engine)
            tally.write(engine)
        except Exception as trouble:  # noqa: BLE001 - the next time may go well
            log.warning("housekeeping_failed", error=type(trouble).__name__)
