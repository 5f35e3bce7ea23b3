"""A workspace that came back from a backup: how far the reading of what was said since has come.

What was told after the backup is not in the database, but it is on the tickets. Until the tickets of every
person were read back, nothing goes out: else somebody would be told twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, select, update

from lineage.outcomes import pushes, readbacks, restores
from lineage.past_places import past_days, past_places
from lineage.tables import addresses, persons
from store.rows import find_row
from store.waiting import Shelf
from store.workspaces import Workspace

SHELF = Shelf("restores", restores)
READBACKS = Shelf("readbacks", readbacks)

HOLDS_S = 15.0
"""How soon a message that must wait for the reading looks again."""

OVERLAP = timedelta(hours=1)
"""So much further back than the backup is read: clocks differ."""

FAR_AHEAD = 1_000_000
"""Demand that is pushed carries a number, the newest wins. More changes than that no issue has had since."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`persons`: whose tickets are read back; None while the vendors are read first."""

    backup_at: datetime
    restored_at: datetime
    reading_at: datetime | None
    persons: int | None
    left: int
    parked: int
    finished_at: datetime | None

    def ends_at(self, now: datetime) -> datetime | None:
        """When the reading ends if it goes on as so far; None while nobody can say."""
        if self.finished_at or self.reading_at is None or not self.persons or self.left == self.persons:
            return self.finished_at
        read = self.persons - self.left
        return now + (now - self.reading_at) / read * (self.left - self.parked)


def begin(conn: Connection, workspace: Workspace, *, backup_at: datetime, now: datetime) -> None:
    """This workspace was just restored: from now on nothing goes out.

    A backup may have been made while an older one was still being read back: then that reading begins anew.
    """
    before = of(conn, workspace.id)
    if before is not None and before.finished_at is None:
        backup_at = min(backup_at, before.backup_at)
    # Places of past days go, too: another database may put in another order what counts the same.
    for table in (restores, readbacks, past_places, past_days):
        conn.execute(table.delete().where(table.c.workspace_id == workspace.id))
    fresh = {"workspace_id": workspace.id, "backup_at": backup_at, "restored_at": now, "due_at": now}
    conn.execute(insert(restores).values(fresh))


def of(conn: Connection, workspace_id: int) -> Row[Any] | None:
    """The row of a workspace that was restored at some time."""
    return find_row(conn, restores, workspace_id=workspace_id)


def begin_reading(conn: Connection, workspace: Workspace, *, now: datetime) -> None:
    """The vendors are read: from now on each person's tickets are, as many at a time as the worker takes."""
    known = (
        select(addresses.c.workspace_id, addresses.c.person_id, literal(now, restores.c.restored_at.type))
        .distinct()
        .join(persons, persons.c.id == addresses.c.person_id)
        .where(addresses.c.workspace_id == workspace.id, addresses.c.kind == "zendesk")
        .where(persons.c.workspace_id == workspace.id, persons.c.erased_at.is_(None))
    )
    conn.execute(insert(readbacks).from_select(["workspace_id", "person_id", "due_at"], known))
    conn.execute(update(restores).where(restores.c.workspace_id == workspace.id).values(reading_at=now))


def finish(conn: Connection, workspace: Workspace, *, now: datetime) -> None:
    """Everybody's tickets are read: what is still owed may go out, and demand is pushed anew."""
    conn.execute(update(restores).where(restores.c.workspace_id == workspace.id).values(finished_at=now))
    ahead = {"rev": pushes.c.rev + FAR_AHEAD, "due_at": now, "parked_at": None, "attempts": 0}
    conn.execute(update(pushes).where(pushes.c.workspace_id == workspace.id).values(ahead))


def progress(conn: Connection, workspace: Workspace) -> Progress | None:
    """How far it is; None for a workspace that was never restored."""
    row = find_row(conn, restores, workspace_id=workspace.id)
    if row is None:
        return None
    here = readbacks.c.workspace_id == workspace.id
    query = select(func.count(), func.count(readbacks.c.due_at), func.count(readbacks.c.parked_at))
    every, due, parked = conn.execute(query.select_from(readbacks).where(here)).one()
    return Progress(
        row.backup_at, row.restored_at, row.reading_at, every if row.reading_at else None,
        due + parked, parked, row.finished_at,
    )  # fmt: skip
