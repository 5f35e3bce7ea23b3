"""Our side on the real rows of `lineage/` and `store/`, in a transaction that is undone at the end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any
from unittest import mock

from sqlalchemy import Connection, select

from connectors import delivery
from connectors.zendesk import gone
from lineage import ledger, notices, outbox, people
from lineage.changes import Change, Erased, IssueSeen, Linked, PersonSeen, TicketSeen, Titled
from lineage.outcomes import notices as kept
from lineage.outcomes import told
from lineage.recipients import place_for
from lineage.requester_changes import NotMeant
from lineage.tables import asks, persons, requests
from lineage.terms import ItemId, Origin, PersonId
from store import attempt, workspaces
from store.waiting import Claimed
from tests.simulation.account import ANA, Ticket
from tests.simulation.house import House, Log, Unpaced
from tests.simulation.loop import EPOCH
from tests.simulation.planning import HOLD_S
from tests.simulation.rows import Row

KS_1 = ItemId("10001")
NAMES = {ANA: "Ana"}


class OnRows(House):
    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._causes = count()
        self._done = False
        added = workspaces.add(conn, slug="acme", name="Acme", now=EPOCH)
        workspaces.set_policy(conn, added.id, replace(added.policy, hold_s=int(HOLD_S)))
        self._issue(EPOCH)
        self._record(Titled(KS_1, "Export to PDF", own_part=False, by="Eve", at=EPOCH), EPOCH)

    @property
    def workspace(self) -> workspaces.Workspace:
        found = workspaces.by_slug(self.conn, "acme")
        assert found is not None
        return found

    # What we know

    @property
    def paused(self) -> bool:  # type: ignore[override]
        return self.workspace.policy.paused

    @property
    def rows(self) -> Mapping[int, Row]:
        query = select(kept).where(kept.c.lane != "approval").order_by(kept.c.id)
        return {row.id: _row(row) for row in self.conn.execute(query)}

    @property
    def told(self) -> bool:
        return self.conn.scalar(select(told.c.id).limit(1)) is not None

    @property
    def erased(self) -> bool:
        return self._ana().erased_at is not None

    def owed(self) -> bool:
        return self._done and not self.told and not self.erased

    def place(self) -> tuple[str, str]:
        asking = select(asks.c.request_id)
        hers = list(self.conn.execute(select(requests).where(requests.c.id.in_(asking))))
        found = place_for(self._ana(), hers)
        return found.place, found.reason

    def _ana(self) -> Any:
        named = select(persons).where(persons.c.name.in_(("Ana", ""))).order_by(persons.c.name.desc())
        return self.conn.execute(named).first()

    # What we hear

    def knows(self, ticket: Ticket, *, asks: bool) -> None:
        self._record(_seen(ticket, suspended=False), EPOCH)
        if asks:
            self._record(Linked(Origin("zendesk:ticket", str(ticket.id)), KS_1, by="Agnes", at=EPOCH), EPOCH)

    def votes(self) -> None:
        raise NotImplementedError("the real rows write on the post as well, and no account here has posts")

    def issue(self, now: datetime, *, done: bool) -> None:
        self._done = done
        self._issue(now)

    def reads(self, ticket: Ticket, *, suspended: bool, now: datetime) -> None:
        seen: TicketSeen | None = _seen(ticket, suspended=suspended)
        if ticket.deleted:
            seen = gone.deleted(self.conn, 1, str(ticket.id), now=now)
        if seen is not None:
            self._record(seen, now)

    def _issue(self, now: datetime) -> None:
        seen = IssueSeen(
            item=KS_1, key="KS-1", summary="internal words", project="KS", issue_type="Story", status="x",
            category="done" if self._done else "new", resolution_id=None, resolution=None, meaning=None,
            created=EPOCH, updated=now, state_at=now,
        )  # fmt: skip
        self._record(seen, now)

    def _record(self, change: Change, now: datetime) -> None:
        ledger.record(self.conn, self.workspace, change, cause=f"simulated:{next(self._causes)}", now=now)

    # What people do

    def cancel(self, row: Row, now: datetime) -> None:
        notices.cancel(self.conn, self.workspace, row.id, by="agnes", now=now)

    def retry(self, row: Row, now: datetime) -> None:
        notices.retry(self.conn, self.workspace, row.id, now=now, by="agnes")

    def pause(self, *, paused: bool) -> None:
        workspaces.set_policy(self.conn, 1, replace(self.workspace.policy, paused=paused))

    def remark(self, now: datetime) -> None:
        first = min(int(place.rpartition(":")[2]) for place in self.conn.scalars(select(requests.c.origin)))
        words = f"not this {next(self._causes)}"
        self._record(NotMeant(Origin("zendesk:ticket", str(first)), words, by="Ana", at=now), now)

    def erase(self, now: datetime) -> None:
        ana = people.by_address(self.conn, 1, "zendesk", str(ANA))
        if ana is not None:
            self._record(Erased(PersonId(ana), by="agnes", at=now), now)

    # What workers do

    def claim(self, now: datetime, lease_s: float) -> Claimed | None:
        return next(iter(outbox.SHELF.claim(self.conn, now=now, lease_s=lease_s, limit=1)), None)

    def renew(self, claimed: Claimed, now: datetime, lease_s: float) -> None:
        outbox.SHELF.renew(self.conn, claimed, now=now, lease_s=lease_s)

    def next_at(self) -> datetime | None:
        query = select(kept.c.due_at, kept.c.lease_until).where(kept.c.due_at.is_not(None))
        return min((max(due, lease or due) for due, lease in self.conn.execute(query)), default=None)

    @contextmanager
    def at_work(self, step: Callable[[], None], stepped: Callable[[], None]) -> Iterator[Any]:
        @contextmanager
        def transaction(_engine: object) -> Iterator[Connection]:
            step()
            with self.conn.begin_nested():
                yield self.conn
            stepped()

        @contextmanager
        def reading(_engine: object) -> Iterator[Connection]:
            yield self.conn

        with (
            mock.patch.multiple(delivery, transaction=transaction, pacing=Unpaced()),
            mock.patch.multiple(attempt, transaction=transaction, reading=reading, log=Log()),
        ):
            yield outbox.SHELF


def _row(row: Any) -> Row:
    over = all(fact.get("over") for fact in row.facts)
    decided = row.state == "skipped" or (row.state == "cancelled" and row.settled_by)
    return Row(
        row.id, row.lane, row.place, tuple(row.mark or ()), 0.0, row.state, row.due_at, row.lease_until,
        row.fence, row.attempts, row.parked_at, row.reason, row.settled_by or "",
        bool(decided) and not over and row.lane != "note", tuple(row.mark or ()), row.sending,
        tuple(row.tried_places),
    )  # fmt: skip


def _seen(ticket: Ticket, *, suspended: bool) -> TicketSeen:
    name = NAMES.get(ticket.requester, "Eve")
    return TicketSeen(
        ticket=str(ticket.id), status=ticket.status, subject="PDF", words="We need it",
        requester=PersonSeen(
            "zendesk", str(ticket.requester), name, (f"{name}@acme.example".lower(),), suspended=suspended
        ),
        created=EPOCH, updated=EPOCH, merged_into=str(ticket.merged_into) if ticket.merged_into else None,
        followup_of=str(ticket.source) if ticket.source else None,
    )  # fmt: skip
