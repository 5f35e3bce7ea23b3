"""What people do meanwhile: agents and customers in Zendesk, and those who work with us."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.simulation.account import AGENT, ANA, EVE, OPEN, Json, Ticket
from tests.simulation.rows import LIVE, UNDER_WAY
from tests.simulation.weather import CALM

if TYPE_CHECKING:
    from tests.simulation.run import Run

COMMENT: Json = {"type": "Comment", "public": True}
CHANGE: Json = {"type": "Change"}


class People:
    """Each method is something that somebody may do at any time; it does nothing where it cannot be done."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        over_there: list[Callable[[Ticket], None]] = [
            *[self.agent_writes] * 6, *[self.customer_writes] * 3, self.solve, self.solve, self.close,
            self.merge, self.merge, self.change_requester, self.change_requester, self.delete_or_restore,
        ]  # fmt: skip
        self._over_there = over_there
        self._often = run.scene.people
        self._done = False
        self._here = [
            *[self.reopened_or_done] * 3, self.cancel, self.cancel, self.retry, self.pause, self.remark,
            self.suspend_or_lift,
        ]  # fmt: skip

    def do_something(self) -> None:
        """Once all is well, nobody does anything any more."""
        if self.run.weather is CALM:
            return
        rng = self.run.loop.rng
        tickets = list(self.run.account.tickets.values())
        if self._often and rng.random() < 0.5:
            what = getattr(self, rng.choice(self._often))
            what(rng.choice(tickets)) if what in self._over_there else what()
        elif rng.random() < 0.6:
            rng.choice(self._over_there)(rng.choice(tickets))
        elif rng.random() < 0.02:
            self.erase()
        else:
            rng.choice(self._here)()

    # In Zendesk

    def agent_writes(self, ticket: Ticket) -> None:
        if ticket.status != "closed":
            self._change(ticket, AGENT, COMMENT, "an agent writes")

    def customer_writes(self, ticket: Ticket) -> None:
        if ticket.status != "closed":
            ticket.status = "open"
            self._change(ticket, ticket.requester, COMMENT, "the requester writes")

    def solve(self, ticket: Ticket) -> None:
        if ticket.status != "closed":
            ticket.status = "solved"
            self._change(ticket, AGENT, CHANGE, "is solved")

    def close(self, ticket: Ticket) -> None:
        if ticket.status != "closed":
            ticket.status = "closed"
            self._change(ticket, AGENT, CHANGE, "is closed")

    def merge(self, ticket: Ticket) -> None:
        others = [one for one in self.run.account.tickets.values() if one.status in OPEN and not one.deleted]
        into = self.run.loop.rng.choice(others) if others else ticket
        if into is ticket or ticket.status not in OPEN or "solved" in {ticket.status, into.status}:
            return
        self._change(into, AGENT, COMMENT, f"takes in #{ticket.id}")
        ticket.merged_into, ticket.status = into.id, "closed"
        self._change(ticket, AGENT, COMMENT, f"is merged into #{into.id}")

    def change_requester(self, ticket: Ticket) -> None:
        if ticket.status != "closed":
            ticket.requester = EVE if ticket.requester == ANA else ANA
            self._change(ticket, AGENT, CHANGE, f"has the requester {ticket.requester}")

    def delete_or_restore(self, ticket: Ticket) -> None:
        if ticket.external_id:
            return  # nobody deletes a ticket that we have just made: it could not be found any more
        ticket.deleted = not ticket.deleted
        self._change(ticket, AGENT, CHANGE, "is deleted" if ticket.deleted else "is restored")

    def suspend_or_lift(self) -> None:
        account = self.run.account
        account.suspended ^= {ANA}
        if ANA not in account.suspended:
            self.run.judge.suspension_lifted()
        self.run.loop.say("zendesk", f"suspended: {sorted(account.suspended)}")
        self.run.hear_of_ana()

    def _change(self, ticket: Ticket, who: int, event: Json, what: str) -> None:
        self.run.loop.say("zendesk", f"#{ticket.id} {what}")
        self.run.account.change(ticket, who, [event], {})
        self.run.hear_of(ticket.id)

    # With us

    def reopened_or_done(self) -> None:
        self._done = not self._done
        self.run.loop.say("ours", "the issue is done" if self._done else "the issue is open again")
        self.run.house.issue(self.run.loop.clock(), done=self._done)

    def cancel(self) -> None:
        waiting = [row for row in self.run.rows.values() if row.state in (*LIVE, *UNDER_WAY)]
        if waiting:
            row = self.run.loop.rng.choice(waiting)
            if row.parked_at and any(set(row.mark) & set(one.words) for one in self.run.account.ledger):
                return  # whoever looks, as they are asked to, sees that it arrived
            self.run.house.cancel(row, self.run.loop.clock())
            self.run.loop.say("ours", f"notice {row.id} is cancelled by a person: {row.state}")

    def retry(self) -> None:
        for row in self.run.rows.values():
            if row.parked_at is not None:
                self.run.loop.say("ours", f"notice {row.id} is tried again by a person")
                self.run.house.retry(row, self.run.loop.clock())

    def pause(self) -> None:
        self.run.house.pause(paused=not self.run.house.paused)
        self.run.loop.say("ours", "paused" if self.run.house.paused else "not paused any more")

    def remark(self) -> None:
        self.run.loop.say("ours", "Ana says that she meant something else")
        self.run.house.remark(self.run.loop.clock())

    def erase(self) -> None:
        self.run.loop.say("ours", "Ana is forgotten")
        self.run.house.erase(self.run.loop.clock())

    # When all is well again

    def make_good(self) -> None:
        """Nobody is suspended, nothing is deleted or paused any more, and everything is read."""
        self.run.account.suspended.clear()
        self.run.house.pause(paused=False)
        for ticket in list(self.run.account.tickets.values()):
            if ticket.deleted:
                self.delete_or_restore(ticket)
            self.run.hear_of(ticket.id)
        self.run.hear_of_ana()
