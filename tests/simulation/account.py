"""A Zendesk account in memory: tickets with audits, stamps of whole seconds, and its own clock.

It applies one request at a time, when it arrives; how requests travel is told in `edge.py`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from connectors.errors import Conflict, NotFound, Refused
from connectors.zendesk.marks import KEY, TAKEN_BACK
from tests.simulation.loop import EPOCH, Loop, Wrong

US, ANA, EVE, AGENT = 1, 11, 12, 21
KEY_KEPT_S = 7200.0
"""For how long Zendesk remembers an `Idempotency-Key`."""

OPEN = ("new", "open", "pending", "hold", "solved")
Json = dict[str, Any]


@dataclass(slots=True)
class Ticket:
    id: int
    requester: int
    changed: float
    """When it was last changed, by the loop's time: exactly. What it shows of that are whole seconds."""
    status: str = "open"
    source: int | None = None
    merged_into: int | None = None
    deleted: bool = False
    external_id: str = ""
    followups: list[int] = field(default_factory=list)
    audits: list[tuple[float, Json]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Write:
    """A comment of ours that stands on a ticket: a line of the ledger by which we are judged."""

    at: float
    ticket: int
    words: tuple[str, ...]
    public: bool
    requester: int


class Account:
    """One account. `landed` hears of every comment of ours the moment that it stands there.

    `torn_s`: how far apart comparing the stamp and writing are at most. Zero: one atomic step.
    """

    def __init__(self, loop: Loop, landed: Callable[[Write], None], *, torn_s: float = 0.0) -> None:
        self.loop = loop
        self.ahead_s = loop.rng.uniform(-40, 40)
        self.tickets: dict[int, Ticket] = {}
        self.suspended: set[int] = set()
        self.ledger: list[Write] = []
        self.torn_s = torn_s
        self._landed = landed
        self._frozen_at = self._frozen_until = 0.0
        self._keys: dict[str, tuple[float, bytes, Json | Refused | None]] = {}
        self._numbers = iter(range(1001, 10_000_000))

    # What its API shows

    def stamp(self, at: float) -> str:
        moment = EPOCH + timedelta(seconds=int(at + self.ahead_s))
        return moment.isoformat().replace("+00:00", "Z")

    def ticket(self, ident: int) -> Ticket:
        found = self.tickets.get(ident)
        if found is None or found.deleted:
            raise NotFound("no such ticket", status=404)
        return found

    def shown(self, ident: int) -> Json:
        ticket = self.ticket(ident)
        return {
            "id": ticket.id, "status": ticket.status, "requester_id": ticket.requester,
            "updated_at": self.stamp(ticket.changed), "subject": "PDF", "assignee_id": AGENT,
            "followup_ids": list(ticket.followups), "external_id": ticket.external_id,
        }  # fmt: skip

    def audits(self, ident: int, *, lag_s: float) -> list[Json]:
        now = self.loop.now
        seen_until = self._frozen_at if now < self._frozen_until else now - lag_s
        every = self.ticket(ident).audits
        return [audit for at, audit in reversed(every) if at <= seen_until][:100]

    def freeze_audits(self, seconds: float) -> None:
        """For so long the lists of audits stay what they are now."""
        self._frozen_at, self._frozen_until = self.loop.now, self.loop.now + seconds

    def named(self, external_id: str, *, lag_s: float) -> list[Json]:
        seen_until = self.loop.now - lag_s
        found = [t for t in self.tickets.values() if t.external_id == external_id and not t.deleted]
        return [{"id": t.id} for t in found if t.audits[0][0] <= seen_until]

    def user(self, ident: int) -> Json:
        staff = ident in {US, AGENT}
        suspended = ident in self.suspended
        return {
            "id": ident, "suspended": suspended, "role": "agent" if staff else "end-user", "active": True,
            "email": f"{ident}@acme.example",
        }  # fmt: skip

    def requested_by(self, ident: int) -> list[Json]:
        found = [one for one in self.tickets.values() if one.requester == ident and not one.deleted]
        return [{"id": one.id, "external_id": one.external_id} for one in found]

    # What arrives

    def put(self, ident: int, given: Mapping[str, Any]) -> Iterator[Json]:
        """Compare, then write; what is yielded first is the time between the two (nothing if atomic)."""
        ticket = self.ticket(ident)
        if ticket.status == "closed":
            raise Refused("Status: closed prevents ticket update", status=422)
        if "updated_stamp" in given and given["updated_stamp"] != self.stamp(ticket.changed):
            raise Conflict("Safe Update prevented the update due to outdated ticket data.")
        if self.torn_s:
            yield {}
        yield self._comment(ticket, given)

    def post(self, body: bytes, key: str) -> Iterator[Json]:
        """A new ticket, once per key, or one refusal; while the first is still being made, it answers 409."""
        kept = self._keys.get(key)
        if kept and self.loop.now - kept[0] < KEY_KEPT_S:
            if kept[1] != body:
                raise Wrong("one Idempotency-Key came with other bytes: it holds for the first ones")
            if kept[2] is None:
                raise Conflict("the same request is being worked on")
            if isinstance(kept[2], Refused):
                raise kept[2]
            yield kept[2]
            return
        given = json.loads(body)["ticket"]
        if given["requester_id"] in self.suspended:
            refusal = Refused("Requester: is suspended", status=422)
            self._keys[key] = (self.loop.now, body, refusal)
            raise refusal
        self._keys[key] = (self.loop.now, body, None)
        yield {}
        source = self.tickets.get(given.get("via_followup_source_id"))
        new = Ticket(next(self._numbers), given["requester_id"], self.loop.now, given["status"])
        new.external_id = given["external_id"]
        if source and source.status == "closed":
            new.source = source.id
            source.followups.append(new.id)
        self.tickets[new.id] = new
        answer = self._comment(new, given)
        self._keys[key] = (self.loop.now, body, answer)
        yield answer

    def _comment(self, ticket: Ticket, given: Mapping[str, Any]) -> Json:
        comment, metadata = given["comment"], given["metadata"]
        event = {"type": "Comment", "id": next(self._numbers), "public": comment["public"]}
        audit = self.change(ticket, US, [event], metadata)
        if words := metadata.get(KEY):
            write = Write(self.loop.now, ticket.id, tuple(words), comment["public"], ticket.requester)
            self.ledger.append(write)
            self._landed(write)
        elif TAKEN_BACK in metadata:
            self.loop.say("zendesk", f"#{ticket.id} has the note that takes it back")
        return {"ticket": self.shown(ticket.id) if not ticket.deleted else {}, "audit": audit}

    # What people do in it

    def open(self, requester: int) -> Ticket:
        ticket = Ticket(next(self._numbers), requester, self.loop.now)
        self.tickets[ticket.id] = ticket
        self.change(ticket, requester, [{"type": "Comment", "public": True}], {})
        return ticket

    def change(self, ticket: Ticket, author: int, events: list[Json], custom: Mapping[str, Any]) -> Json:
        """An audit, and with it the stamp."""
        at = self.loop.now
        if any(event["type"] == "Comment" and event["public"] for event in events) and author == US:
            events = [*events, {"type": "Notification", "recipients": [ticket.requester]}]
        audit: Json = {
            "id": next(self._numbers), "ticket_id": ticket.id, "created_at": self.stamp(at),
            "author_id": author, "events": events, "metadata": {"system": {}, "custom": dict(custom)},
        }  # fmt: skip
        ticket.audits.append((at, audit))
        ticket.changed = at
        return audit
