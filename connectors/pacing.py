"""What a job's calls to the account say of its pace: slots to give back, a limit, a complaint."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from connectors.calls import Call
from store.database import reading, transaction
from store.pace import Pace, Paced

UNTOLD_S = 30.0
"""The rest after a 429 that names none."""


def settle(
    engine: Engine, paced: Paced, workspace_id: int, made: Sequence[Call], *, slots: int, now: datetime
) -> None:
    """Brings a workspace's pace in line with what its account answered. `slots`: how many were taken."""
    mine = [call for call in made if call.system == paced.system]

    def after(pace: Pace) -> Pace:
        return _after(pace, mine, slots, now)

    with reading(engine) as conn:
        before = paced.read(conn, workspace_id, now=now)
    if after(before) != before:
        with transaction(engine) as conn:
            paced.change(conn, workspace_id, after, now=now)


def _after(pace: Pace, made: Sequence[Call], slots: int, now: datetime) -> Pace:
    written = sum(call.changes for call in made)
    if written != slots:
        pace = pace.taken(written - slots, now)
    for call in made:
        if call.ceiling is not None and call.ceiling != pace.ceiling:
            pace = pace.with_ceiling(call.ceiling)
        if call.outcome == "limited":
            pace = pace.refused(now, call.rest_s or UNTOLD_S)
        elif call.rest_s is not None:
            pace = pace.resting(now + timedelta(seconds=call.rest_s))
    return pace
