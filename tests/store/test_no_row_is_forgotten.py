import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select

from store.database import transaction
from store.inbox import SHELF, inbox
from store.waiting import Claimed
from store.workspaces import Workspace


def mark(conn: Connection, claimed: Claimed, now: datetime, rng: random.Random) -> bool:
    """One of the things that a worker does with a row it took, maybe too late. True if it is final now."""
    marks: list[Callable[[], bool]] = [
        lambda: SHELF.done(conn, claimed),
        lambda: SHELF.later(conn, claimed, at=now + timedelta(seconds=10), reason="x") and False,
        lambda: SHELF.park(conn, claimed, reason="x", now=now) and False,
        lambda: SHELF.release(conn, claimed) and False,
        lambda: SHELF.renew(conn, claimed, now=now, lease_s=20) and False,
    ]
    return rng.choice(marks)()


def look_after(conn: Connection, workspace: Workspace, now: datetime, rng: random.Random) -> set[int]:
    """What a person does with what is parked. The rows that are final by that."""
    final = set()
    for row in SHELF.parked(conn, workspace_id=workspace.id, limit=1):
        if rng.random() < 0.5:
            SHELF.retry(conn, row.id, workspace_id=workspace.id, now=now)
        elif SHELF.dismiss(conn, row.id, workspace_id=workspace.id):
            final.add(row.id)
    return final


@pytest.mark.parametrize("seed", range(6))
def test_every_row_that_nobody_finished_is_due_leased_or_parked(
    database: Engine, workspace: Workspace, now: datetime, seed: int
) -> None:
    rng, held, final = random.Random(seed), list[Claimed](), set[int]()
    row = {"workspace_id": workspace.id, "system": "jira", "headers": {}, "body": b"", "received_at": now}
    with transaction(database) as conn:
        conn.execute(insert(inbox), [row | {"delivery_id": str(n), "due_at": now} for n in range(25)])
        for _ in range(120):
            now += timedelta(seconds=rng.choice([0, 1, 25]))
            held += SHELF.claim(conn, now=now, lease_s=20, limit=rng.randint(0, 4))
            rng.shuffle(held)
            if held and mark(conn, claimed := held.pop(), now, rng):
                final.add(claimed.id)
            if rng.random() < 0.3:
                final |= look_after(conn, workspace, now, rng)
            rows = conn.execute(select(inbox)).all()
            assert {found.id for found in rows if found.due_at is None and found.parked_at is None} == final
            assert not any(found.due_at and found.parked_at for found in rows)
            assert not any(found.lease_until and not found.due_at for found in rows)
            counts = SHELF.counts(conn, now=now)
            assert counts.due + counts.leased + counts.waiting + counts.parked == 25 - len(final)
    assert len(final) > 5
