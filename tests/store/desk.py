"""A workspace's inbox, and somebody who does what lies in it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine, select

from store import inbox
from store.attempt import Work
from store.database import reading, transaction, utc_now
from store.inbox import SHELF
from store.waiting import Claimed
from store.worker import Worker
from store.workspaces import Workspace


@dataclass
class Desk:
    """A workspace's inbox, and somebody who does what lies in it."""

    engine: Engine
    workspace: Workspace
    seen: list[int] = field(default_factory=list)
    meddle: Callable[[Claimed], None] = lambda _: None

    def keep(self, *names: str) -> None:
        with transaction(self.engine) as conn:
            for name in names:
                inbox.keep(
                    conn,
                    workspace_id=self.workspace.id,
                    system="jira",
                    delivery_id=name,
                    headers={},
                    body=b"",
                    now=utc_now(),
                )

    def handle(self, claimed: Claimed) -> None:
        self.seen.append(claimed.id)
        self.meddle(claimed)
        with transaction(self.engine) as conn:
            SHELF.done(conn, claimed)

    def worker(self, *, batch: int = 20, lanes: int = 2, lease_s: float = 20) -> Worker:
        work = Work(SHELF, self.handle, batch=batch, lanes=lanes)
        return Worker(self.engine, {"inbox": work}, lease_s=lease_s, sweep_s=0.2)

    def claim(self) -> Claimed:
        with transaction(self.engine) as conn:
            [claimed] = SHELF.claim(conn, now=utc_now(), lease_s=20, limit=1)
        return claimed

    def reason(self) -> str:
        with reading(self.engine) as conn:
            return str(conn.scalar(select(inbox.inbox.c.reason)))


@pytest.fixture
def desk(database: Engine, workspace: Workspace) -> Desk:
    return Desk(database, workspace)
