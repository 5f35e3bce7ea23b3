"""Planning for many: a few persons at once, the others soon, by the worker.

One change can concern ten thousand people. Their asks and the sums move in its transaction; the messages are
worked out a hundred persons at a time, so that nobody waits for the database meanwhile. Who is to be planned
for is written in the transaction of the change, so nobody is forgotten.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from lineage.batches import batched
from lineage.outcomes import replans
from lineage.planning import plan
from lineage.terms import PersonId
from lineage.world import World
from store.database import upsert_many
from store.waiting import Shelf
from store.workspaces import Workspace

SHELF = Shelf("replans", replans)

AT_ONCE = 100
"""How many persons are planned for in one transaction."""


def plan_now_or_soon(
    conn: Connection, workspace: Workspace, world: World, persons: Collection[PersonId], *, now: datetime
) -> None:
    """Bring the notices of these persons in line, the first at once and the rest by the worker."""
    everybody = sorted(persons)
    plan(conn, workspace, world, everybody[:AT_ONCE], now=now)
    waits = {"due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    for some in batched(everybody[AT_ONCE:], 10 * AT_ONCE):
        rows = [{"workspace_id": workspace.id, "person_id": person, **waits} for person in some]
        upsert_many(conn, replans, ("workspace_id", "person_id"), rows)


def plan_waiting(conn: Connection, workspace: Workspace, *, first: PersonId, now: datetime) -> None:
    """Plan for this person and the next who wait, as many as one transaction takes; they wait no more."""
    query = (
        select(replans.c.id, replans.c.person_id)
        .where(replans.c.workspace_id == workspace.id, replans.c.due_at <= now)
        .where(replans.c.lease_until.is_(None))
        .order_by(replans.c.due_at, replans.c.id)
        .limit(AT_ONCE - 1)
    )
    others = conn.execute(query.with_for_update(skip_locked=True)).all()
    everybody: Sequence[PersonId] = [first, *(PersonId(row.person_id) for row in others)]
    plan(conn, workspace, World(conn, workspace.id), everybody, now=now)
    done = [row.id for row in others]
    conn.execute(delete(replans).where(replans.c.workspace_id == workspace.id, replans.c.id.in_(done)))
