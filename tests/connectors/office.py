"""A helpdesk over real HTTP and a real ledger, and the job that tells people: the words of its tests."""

import dataclasses
from itertools import count
from typing import Any

from sqlalchemy import Engine, select

from connectors.delivery import Delivery
from connectors.zendesk.channel import ZendeskReplies
from connectors.zendesk.client import Zendesk as Client
from connectors.zendesk.reader import read_ticket
from lineage import ledger
from lineage.changes import Change, IssueSeen, Linked, Titled
from lineage.outbox import SHELF
from lineage.outcomes import notices, told
from lineage.terms import ItemId, Origin
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from store import workspaces
from store.database import reading, transaction
from store.waiting import Claimed
from store.workspaces import Workspace

KS_1 = ItemId("10001")


class Office:
    """One workspace with one issue KS-1, and a Zendesk whose tickets ask for it."""

    def __init__(self, engine: Engine, workspace: Workspace) -> None:
        self.engine = engine
        self.zendesk = Zendesk().start()
        self.clock = self.zendesk.clock.now
        self.client = Client(
            url=self.zendesk.url, client_id=self.zendesk.client_id, client_secret=self.zendesk.client_secret
        )
        with transaction(engine) as conn:
            workspaces.set_policy(conn, workspace.id, dataclasses.replace(workspace.policy, hold_s=60))
            self.workspace = workspaces.by_id(conn, workspace.id)
        self._causes = count()
        self.issue("new")
        self.record(Titled(KS_1, "Export to PDF", own_part=False, by="Eve", at=self.clock()))
        replies = ZendeskReplies(engine, lambda _: self.client, 90.0)
        self.deliver = Delivery(engine, {"zendesk": replies}, self.clock, 20.0)

    def close(self) -> None:
        self.client.close()
        self.zendesk.stop()

    def record(self, change: Change) -> bool:
        with transaction(self.engine) as conn:
            cause = f"test:{next(self._causes)}"
            return ledger.record(conn, self.workspace, change, cause=cause, now=self.clock())

    def issue(self, category: str) -> None:
        """KS-1 as Jira shows it now: `new`, `indeterminate` or `done`."""
        now = self.clock()
        seen = IssueSeen(
            item=KS_1, key="KS-1", summary="internal words", project="KS", issue_type="Story", status="x",
            category=category, resolution_id=None, resolution=None, meaning=None, created=now, updated=now,
            state_at=now,
        )  # fmt: skip
        self.record(seen)

    def ticket(self, requester: User, subject: str = "PDF, please") -> Ticket:
        """A ticket that asks for KS-1, linked by an agent."""
        ticket = self.zendesk.open_ticket(requester, subject, "We need it")
        self.see(ticket)
        origin = Origin("zendesk:ticket", str(ticket.id))
        self.record(Linked(origin, KS_1, by="Agnes", at=self.clock()))
        self.pass_time(10)
        return ticket

    def see(self, ticket: Ticket) -> None:
        self.record(read_ticket(self.client, ticket.id))

    def pass_time(self, seconds: float) -> None:
        self.zendesk.clock.advance(seconds)

    def claim(self) -> list[Claimed]:
        with transaction(self.engine) as conn:
            return SHELF.claim(conn, now=self.clock(), lease_s=20, limit=10)

    def work(self, rounds: int = 3) -> None:
        """Do what is due, a few times, as the worker would."""
        for _ in range(rounds):
            for claimed in self.claim():
                self.deliver(claimed)
            self.pass_time(5)

    def notices(self, **wanted: Any) -> list[Any]:
        query = select(notices).where(*(notices.c[name] == value for name, value in wanted.items()))
        with reading(self.engine) as conn:
            return list(conn.execute(query.order_by(notices.c.id)).all())

    def told(self) -> list[Any]:
        with reading(self.engine) as conn:
            return list(conn.execute(select(told).order_by(told.c.id)).all())

    def heard(self, ticket: Ticket) -> list[str]:
        """What stands on the ticket in our name, for the customer to read."""
        ours = self.zendesk.service.id
        return [str(one["body"]) for one in self.zendesk.public_comments(ticket) if one["author_id"] == ours]
