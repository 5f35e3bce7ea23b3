"""From when a reconciliation reads, where no watermark says it, or one says what cannot be.

A mark that lies ahead was written while a clock was wrong. Nobody knows what it passed over: who reads on
from there leaves that out for good.
"""

from datetime import datetime, timedelta

from connectors.looking import Looking

AHEAD = timedelta(minutes=2)
"""Clocks differ by less; a mark that lies further ahead is believed no more."""

LONG = timedelta(days=30)
"""Where even the account was connected in a future that did not come: longer than any clock stays wrong."""


def lies_ahead(mark: datetime, now: datetime) -> bool:
    """`now`: the vendor's own time, where its answers tell it; else ours."""
    return mark > now + AHEAD


def beginning(looking: Looking, now: datetime) -> datetime:
    """Nothing from before it can have been missed: what we know was read since the account was connected.

    Where our clock was wrong even then, since there is the workspace. `now` as in `lies_ahead`.
    """
    for at in (looking.account.created_at, looking.workspace.created_at):
        if at is not None and at <= now:
            return at
    return now - LONG
