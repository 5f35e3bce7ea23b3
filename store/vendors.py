"""How far behind each vendor we are, and what of theirs was given up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Text, func, literal_column, select

from store.database import EPOCH, Instant
from store.inbox import inbox
from store.looks import looks

NOTHING = literal_column("''", Text)


@dataclass(frozen=True, slots=True)
class Behind:
    """`lag_s`: how old the oldest thing is that one vendor told and that was not taken in yet, in seconds.

    `failures`: what was given up: deliveries that nobody understood, objects that could not be read.
    """

    lag_s: float = 0.0
    failures: int = 0


def behind(conn: Connection, workspace_id: int, *, now: datetime) -> dict[str, Behind]:
    """By system; those for which there is nothing to say are left out."""
    oldest: dict[str, datetime] = {}
    failures: dict[str, int] = {}
    for table, told_at in ((inbox, inbox.c.received_at), (looks, looks.c.event_at)):
        # With '' it is no column of an index: SQLite then looks by what waits, and not by the system.
        here, system_of = table.c.workspace_id == workspace_id, table.c.system + NOTHING
        waits = select(system_of, func.min(told_at, type_=Instant)).where(here, table.c.due_at > EPOCH)
        for system, at in conn.execute(waits.group_by(system_of)):
            if at is not None:
                oldest[system] = min(at, oldest.get(system, at))
        parked = select(system_of, func.count()).where(here, table.c.parked_at > EPOCH)
        for system, number in conn.execute(parked.group_by(system_of)):
            failures[system] = failures.get(system, 0) + number
    return {
        system: Behind(
            max((now - oldest[system]).total_seconds(), 0.0) if system in oldest else 0.0,
            failures.get(system, 0),
        )
        for system in oldest.keys() | failures.keys()
    }
