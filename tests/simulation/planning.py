"""What is owed and where it is said: `lineage/planning.py` in memory, for one person and one thing.

Ana asked for it in one ticket or in two. It is done or it is not; she was told or she was not.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lineage.recipients import ANSWERABLE
from tests.simulation.account import ANA, Ticket
from tests.simulation.rows import LIVE, UNDER_WAY, Row, Shelf

HOLD_S = 20.0
SAYS = ("it is done",)
VOTE = 0
"""Instead of a ticket: where a vote was made."""
NO_PLACE = "no place to answer: the ticket is deleted"


@dataclass(slots=True)
class Request:
    """Where a request is answered, as far as we have read."""

    origin: int
    asks: bool
    """Whether it was linked to the thing; else it is only a ticket that we know."""
    reply_to: int
    state: str = "open"
    whose: int = ANA


@dataclass(slots=True)
class Plan:
    """Everything that our side knows, and the rows of what it is about to say."""

    shelf: Shelf = field(default_factory=lambda: Shelf("notices"))
    requests: list[Request] = field(default_factory=list)
    done_since: float | None = None
    told: bool = False
    erased: bool = False
    suspended: bool = False

    @property
    def rows(self) -> dict[int, Row]:
        return self.shelf.rows

    def owed(self) -> bool:
        return self.done_since is not None and not self.told and not self.erased

    def still_owed(self, row: Row) -> bool:
        if row.settled_by:
            return False
        return row.lane == "note" or (self.owed() and not self.place()[1])

    def place(self) -> tuple[str, str]:
        """The place, and why nothing can be said there."""
        asking = [request for request in self.requests if request.asks]
        if self.suspended:
            return self._best(asking)[0], "suspended in Zendesk: lift the suspension first"
        theirs = [request for request in asking if request.whose == ANA]
        if not theirs:
            return self._best(asking)[0], "not the requester of the ticket any more"
        return self._best(theirs)

    def _best(self, asking: list[Request]) -> tuple[str, str]:
        newest = sorted(asking, key=lambda request: -request.origin)
        for request in newest:
            if request.state in ANSWERABLE:
                return f"zendesk:ticket:{request.reply_to}", ""
        for request in newest:
            if request.state == "closed":
                return f"zendesk:followup:{request.reply_to}", ""
        if any(request.state == "vote" for request in newest):
            return f"zendesk:proactive:77:{ANA}", ""
        return "", NO_PLACE

    def plan(self, now: datetime) -> None:
        """Bring the notice in line with what is owed."""
        rows = [row for row in self.rows.values() if row.lane != "note"]
        owed = self.owed()
        for row in rows:
            row.decided &= owed
        spoken = any(row.state in UNDER_WAY or row.decided for row in rows)
        live = next((row for row in rows if row.state in LIVE), None)
        if not owed or spoken:
            if live:
                live.end("cancelled", "nothing is owed any more")
            return
        assert self.done_since is not None
        (place, why), since = self.place(), self.done_since
        anew = live is None or bool(why)
        if live is None:
            live = Row(len(self.rows) + 1, "automatic", place, SAYS, since)
            self.rows[live.id] = live
        fresh = live.true_since != since
        anew |= live.state == "blocked" and (fresh or live.place != place)
        anew |= live.state == "queued" and fresh
        live.set(place=place, true_since=since)
        due = now + timedelta(seconds=HOLD_S)
        if anew and why:
            live.set(state="blocked", reason=why, due_at=None, lease_until=None, parked_at=now)
        elif anew:
            live.set(state="held", reason="", due_at=due, parked_at=None, attempts=0)
        elif fresh and live.state == "held":
            live.due_at = due

    def answer_here_from_now_on(self, place: str, ticket: str) -> None:
        """What was said in a ticket that was opened for it is answered there (`lineage/telling.py`)."""
        kind, number = place.split(":")[1:3]
        opened = kind != "ticket" and ticket
        answered = VOTE if kind == "proactive" else int(number)
        for request in self.requests if opened else ():
            if request.reply_to == answered:
                request.reply_to, request.state = int(ticket), "solved"

    def read(self, ident: int, ticket: Ticket | None, now: datetime) -> None:
        """A ticket was read: what is answered there is answered as it is now (`reply_places.py`)."""
        for request in self.requests:
            if request.reply_to == ident:
                self._bring_up_to_date(request, ticket)
        self.plan(now)

    def _bring_up_to_date(self, request: Request, ticket: Ticket | None) -> None:
        if ticket is None and request.origin == VOTE:
            self._back(request)
        elif ticket is None:
            request.state = "deleted"
        elif ticket.merged_into:
            survivor = next((one for one in self.requests if one.origin == ticket.merged_into), None)
            if survivor and survivor.whose == ANA:
                request.reply_to, request.state = survivor.reply_to, survivor.state
            else:
                self._back(request)
        elif request.origin in {ticket.id, ticket.source} or ticket.requester == ANA:
            request.state, request.whose = ticket.status, ticket.requester
        else:
            self._back(request)

    @staticmethod
    def _back(request: Request) -> None:
        state = "vote" if request.origin == VOTE else "closed"
        request.reply_to, request.state, request.whose = request.origin, state, ANA
