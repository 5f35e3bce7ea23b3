"""How far our clock is from a vendor's, by the `Date` of its answers; said in the log when it is too far.

A wrong clock makes signed webhooks look too old, and gives rows a time that comes late.
"""

import time
from datetime import UTC, datetime

import structlog

from connectors import waits

AWRY_S = 60.0
SAID_EVERY_S = 600.0

log = structlog.get_logger()
_said: dict[str, float] = {}


def compare(system: str, date: str) -> float | None:
    """Seconds that our clock is ahead; None where the answer named no time."""
    at = waits.moment(date)
    if at is None:
        return None
    ahead_s = (datetime.now(UTC) - at).total_seconds()
    now = time.monotonic()
    if abs(ahead_s) > AWRY_S and now - _said.get(system, -SAID_EVERY_S) >= SAID_EVERY_S:
        _said[system] = now
        log.warning("clock_is_wrong", ahead_of=system, seconds=round(ahead_s), mend="set it by NTP")
    return ahead_s


def in_words(ahead_s: float | None) -> tuple[str, bool, str]:
    """For `kithspark doctor`."""
    if ahead_s is None or abs(ahead_s) <= AWRY_S:
        return ("clocks", True, "in step")
    return ("clocks", False, f"{abs(ahead_s):.0f} s apart: set this machine's clock by NTP")
