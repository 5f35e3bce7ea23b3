"""What `lineage/notices.py` and `lineage/outbox.py` do, on the rows in memory.

The names and what they take are theirs, so that the real `connectors/delivery.py` runs on either.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from connectors import delivery
from lineage.notices import IN_FLIGHT_S, PARKED_S, PAUSED_S, Sending
from lineage.outbox import Receipt
from lineage.recipients import ANSWERABLE
from store import attempt
from store.waiting import Claimed
from tests.simulation.account import ANA, Ticket
from tests.simulation.house import House, Log, Unpaced, Unresting
from tests.simulation.planning import VOTE, Plan, Request
from tests.simulation.rows import LIVE, UNDER_WAY, Row, Shelf


class Notices(House):
    """Of one workspace."""

    def __init__(self) -> None:
        self.of = Plan()
        self.paused = False

    # What we know

    @property
    def rows(self) -> Mapping[int, Row]:
        return self.of.rows

    @property
    def told(self) -> bool:
        return self.of.told

    @property
    def erased(self) -> bool:
        return self.of.erased

    def owed(self) -> bool:
        return self.of.owed()

    def place(self) -> tuple[str, str]:
        return self.of.place()

    # What we hear

    def knows(self, ticket: Ticket, *, asks: bool) -> None:
        self.of.requests.append(Request(ticket.id, asks, ticket.id))

    def votes(self) -> None:
        self.of.requests.append(Request(VOTE, True, VOTE, "vote"))

    def issue(self, now: datetime, *, done: bool) -> None:
        self.of.done_since = now.timestamp() if done else None
        self.of.plan(now)

    def reads(self, ticket: Ticket, *, suspended: bool, now: datetime) -> None:
        if ticket.requester == ANA:
            self.of.suspended = suspended
        self.of.read(ticket.id, None if ticket.deleted else ticket, now)

    @property
    def SHELF(self) -> Shelf:  # noqa: N802 - the name that it has in `lineage/outbox.py`
        return self.of.shelf

    PACED = Unresting()

    def has_a_slot(self, _claimed: Claimed) -> bool:
        return False

    def hold(self, _conn: object, _workspace: int) -> "Notices":
        return self

    # What people do

    def cancel(self, row: Row, now: datetime) -> None:
        doubt = row.state in UNDER_WAY and row.in_doubt
        if doubt and row.parked_at is not None:
            row.sending = {**(row.sending or {}), "looked": "agnes"}
        row.set(settled_by="agnes", reason="cancelled by agnes", parked_at=None)
        if doubt:
            row.set(due_at=now, attempts=0)
        else:
            row.set(state="cancelled", due_at=None, lease_until=None)
        row.decided = row.lane != "note"

    def retry(self, row: Row, now: datetime) -> None:
        state = row.state if row.state in UNDER_WAY else "queued"
        row.set(state=state, due_at=now, parked_at=None, reason="", attempts=0)

    def pause(self, *, paused: bool) -> None:
        self.paused = paused

    def remark(self, now: datetime) -> None:
        for request in self.of.requests[:1]:
            if request.state in ANSWERABLE:
                self.note(f"zendesk:ticket:{request.reply_to}", "not what she meant", now)

    def erase(self, now: datetime) -> None:
        self.of.erased = True
        for row in self.of.rows.values():
            if row.state in LIVE:
                row.end("skipped", "asked to be forgotten")
        self.of.plan(now)

    # The shelf

    def claim(self, now: datetime, lease_s: float) -> Claimed | None:
        return self.SHELF.claim(now, lease_s)

    def renew(self, claimed: Claimed, now: datetime, lease_s: float) -> None:
        self.SHELF.renew(None, claimed, now=now, lease_s=lease_s)

    def next_at(self) -> datetime | None:
        return self.SHELF.next_at()

    @contextmanager
    def at_work(self, step: Callable[[], None], stepped: Callable[[], None]) -> Iterator[Any]:
        """The job's own code on these rows, until the end of the block. Gives the shelf."""

        @contextmanager
        def transaction(_engine: object) -> Iterator[None]:
            step()
            yield
            stepped()

        def left_unmarked(_engine: object, _work: object, claimed: Claimed) -> bool:
            return self.SHELF.held(claimed) is not None

        with (
            mock.patch.multiple(
                delivery,
                transaction=transaction,
                workspaces=self,
                notices=self,
                outbox=self,
                pacing=Unpaced(),
            ),
            mock.patch.multiple(attempt, transaction=transaction, _left_unmarked=left_unmarked, log=Log()),
        ):
            yield self.SHELF

    # Beginning

    def begin(
        self, _conn: object, _workspace: object, notice: int, *, now: datetime
    ) -> Sending | datetime | None:
        row = self.of.rows[notice]
        if row.state in UNDER_WAY and row.in_doubt:
            return self._sending(row, still_owed=self.of.still_owed(row))
        if row.settled_by:
            row.set(state="cancelled", sending=None, reason=f"cancelled by {row.settled_by}")
            self.of.plan(now)
            return None
        if self.paused:
            return now + timedelta(seconds=PAUSED_S)
        if row.state in UNDER_WAY:
            row.state = "queued"
        self.of.plan(now)
        if row.state not in {"held", "queued"}:
            return None
        if row.due_at and row.due_at > now:
            return row.due_at
        if other := self._in_flight(row):
            return now + timedelta(seconds=IN_FLIGHT_S if other.parked_at is None else PARKED_S)
        row.mark = row.words
        if row.place not in row.tried_places:
            row.tried_places = (*row.tried_places, row.place)
        row.set(state="sending", sending={"external_id": f"kithspark:{row.words}"}, reason="")
        return self._sending(row, still_owed=True)

    def keep(self, _conn: object, sending: Sending, kept: Mapping[str, Any]) -> None:
        self.of.rows[sending.notice].sending = {**sending.kept, **kept}

    def _in_flight(self, row: Row) -> Row | None:
        others = (one for one in self.of.rows.values() if one is not row and one.state in UNDER_WAY)
        return next(others, None)

    def _sending(self, row: Row, *, still_owed: bool) -> Sending:
        keys = () if self.of.erased else (str(ANA),)
        return Sending(
            row.id, 1, row.place, "It is done.", "<p>It is done.</p>", "en", row.mark, keys,
            row.tried_places, dict(row.sending or {}), row.lane != "note", still_owed, not self.paused,
        )  # fmt: skip

    # Ending

    def early(self, _conn: object, claimed: Claimed, *, until: datetime) -> bool:
        return self._end(claimed, due_at=until, lease_until=None, attempts=claimed.attempts - 1)

    def settled(self, _conn: object, claimed: Claimed) -> bool:
        return self._end(claimed, due_at=None, lease_until=None)

    def confirm(
        self, _conn: object, _workspace: object, claimed: Claimed, receipt: Receipt, *,
        now: datetime, words: Collection[str] = (),
    ) -> bool:  # fmt: skip
        row = self.SHELF.held(claimed)
        if row is None:
            return False
        state = "posted_not_emailed" if receipt.mailed is False else "confirmed"
        row.set(state=state, reason="", due_at=None, lease_until=None)
        if row.lane != "note":
            self.of.told = True
            self.of.answer_here_from_now_on(row.place, receipt.ticket)
            self._note_elsewhere(receipt, now)
            self.of.plan(now)
        return True

    def unknown(
        self, conn: object, claimed: Claimed, *, until: datetime, reason: str, counts: bool = False
    ) -> bool:
        self._end(claimed, state="unknown")
        return self.SHELF.later(conn, claimed, at=until, reason=reason, counts=counts)

    def wait(
        self, conn: object, _workspace: object, claimed: Claimed, *,
        until: datetime, reason: str, now: datetime, counts: bool = False,
    ) -> bool:  # fmt: skip
        row = self.SHELF.held(claimed)
        if row is None or self._settled_meanwhile(row):
            return self._cancel(claimed, reason)
        row.set(**({"state": "unknown"} if row.in_doubt else {"state": "queued", "sending": None}))
        held = self.SHELF.later(conn, claimed, at=until, reason=reason, counts=counts)
        if held and not row.in_doubt:
            self.of.plan(now)
        return held

    def plan_again(
        self, conn: object, _workspace: object, claimed: Claimed, *, at: datetime, reason: str, now: datetime
    ) -> bool:
        row = self.SHELF.held(claimed)
        if row is None or row.lane == "note" or row.settled_by:
            return self._cancel(claimed, reason)
        row.set(state="queued", sending=None)
        self.SHELF.later(conn, claimed, at=at, reason=reason)
        self.of.plan(now)
        return True

    def block(
        self, conn: object, _workspace: object, claimed: Claimed, *, reason: str, now: datetime
    ) -> bool:
        row = self.SHELF.held(claimed)
        if row is None or self._settled_meanwhile(row):
            return self._cancel(claimed, reason)
        row.state = "unknown" if row.in_doubt else "blocked"
        held = self.SHELF.park(conn, claimed, reason=reason, now=now)
        if held and not row.in_doubt:
            self.of.plan(now)
        return held

    def withdraw(
        self, _conn: object, _workspace: object, claimed: Claimed, *, reason: str, now: datetime
    ) -> bool:
        if not self._cancel(claimed, reason):
            return False
        self.of.plan(now)
        return True

    def _settled_meanwhile(self, row: Row) -> bool:
        return not row.in_doubt and (bool(row.settled_by) or self.of.erased)

    def _cancel(self, claimed: Claimed, reason: str) -> bool:
        row = self.SHELF.held(claimed)
        if row is None:
            return False
        row.sending = None
        row.end("cancelled", reason)
        return True

    def _end(self, claimed: Claimed, **values: Any) -> bool:
        return self.SHELF.mark(claimed, values)

    def _note_elsewhere(self, receipt: Receipt, now: datetime) -> None:
        told_here = {receipt.place, f"zendesk:ticket:{receipt.ticket}"}
        for request in self.of.requests:
            place = f"zendesk:ticket:{request.reply_to}"
            over = request.state in {"closed", "deleted", "vote"}
            if request.asks and place not in told_here and request.whose == ANA and not over:
                self.note(place, "told elsewhere", now)

    def note(self, place: str, word: str, now: datetime) -> None:
        """An internal note for the agents of a ticket."""
        row = Row(len(self.of.rows) + 1, "note", place, (f"{word} {len(self.of.rows)}",), 0.0)
        row.set(state="queued", due_at=now)
        self.of.rows[row.id] = row
