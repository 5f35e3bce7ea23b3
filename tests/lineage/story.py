"""A small vocabulary, so that a history of requests reads as sentences.

The tracker, the helpdesk and the forum are played by values alone: whatever changes there is told to the
ledger as their readers would tell it, the whole object, both ends of a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, select, update

from lineage import changes, ledger, notices, outbox, people
from lineage.changes import OrganisationSeen, TicketSeen
from lineage.questions import AskView, NoticeView, asks_of_ticket, asks_on, item
from lineage.questions import notices as notices_of
from lineage.tables import persons, requests
from lineage.terms import EdgeKind, ItemId, Origin, PersonId
from store import workspaces
from store.workspaces import Workspace
from tests.lineage.cast import member, person
from tests.lineage.sent import Sent
from tests.lineage.tracker import Tracker

HOLD = timedelta(minutes=15)


@dataclass
class Story:
    conn: Connection
    workspace: Workspace
    now: datetime
    tracker: Tracker = field(default_factory=Tracker)
    tickets: dict[str, TicketSeen] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    notes: list[Sent] = field(default_factory=list)
    _causes: Any = field(default_factory=count)
    _tickets: Any = field(default_factory=lambda: count(101))

    # --- time, and the one door

    def later(self, *, minutes: float = 1) -> None:
        self.now += timedelta(minutes=minutes)

    def record(self, change: changes.Change, cause: str = "") -> bool:
        """One change, a minute after the one before."""
        self.later()
        return self.again(change, cause)

    def again(self, change: changes.Change, cause: str = "") -> bool:
        return ledger.record(
            self.conn, self.workspace, change, cause=cause or f"test:{next(self._causes)}", now=self.now
        )

    def policy(self, **changed: Any) -> None:
        policy = replace(self.workspace.policy, **changed)
        workspaces.set_policy(self.conn, self.workspace.id, policy)
        self.workspace = replace(self.workspace, policy=policy)
        self.record(changes.PolicyChanged(by="agent", at=self.now))

    # --- the helpdesk

    def ticket(self, who: str, *, org: str | None = None, **more: Any) -> str:
        """A ticket of this person, read; its number."""
        number = str(next(self._tickets))
        self.later()
        self.tickets[number] = TicketSeen(
            ticket=number,
            status="open",
            subject=f"About {number}",
            words=f"{who} needs this",
            requester=person(who, **{k: more.pop(k) for k in ("staff", "suspended") if k in more}),
            created=self.now,
            updated=self.now,
            organisation=OrganisationSeen(org.lower(), org) if org else None,
        )
        self.ticket_changes(number, **more)
        return number

    def ticket_changes(self, number: str, **changed: Any) -> bool:
        """The ticket is another than before, and read."""
        self.tickets[number] = replace(self.tickets[number], updated=self.now, **changed)
        return self.record(self.tickets[number])

    def ask(self, who: str, key: str, *, org: str | None = None, **more: Any) -> str:
        """A ticket of this person, linked to this issue; its number."""
        number = self.ticket(who, org=org, **more)
        self.link(number, key)
        return number

    def link(self, number: str, key: str) -> bool:
        return self.record(changes.Linked(_ticket(number), self.id(key), "agent", self.now))

    def unlink(self, number: str, key: str, *, keep: bool = False) -> bool:
        return self.record(changes.Unlinked(_ticket(number), self.id(key), keep, "agent", self.now))

    def opt_out(self, who: str) -> bool:
        return self.record(changes.OptedOut(self.person(who), "agent", self.now))

    def person(self, who: str) -> PersonId:
        found = people.by_address(self.conn, self.workspace.id, "email", person(who).emails[0])
        assert found is not None, f"nobody has heard of {who}"
        return found

    # --- the forum

    def post(self, number: str, *, placed: str | None = None) -> None:
        self.record(changes.PostSeen(number, f"Post {number}", member("Author"), self.now))
        if placed:
            self.record(changes.Linked(Origin("forum:post", number), self.id(placed), "agent", self.now))

    def vote(self, who: str, post: str) -> bool:
        return self.record(changes.Voted(post, member(who), self.now, "me too"))

    def take_back_vote(self, who: str, post: str) -> bool:
        return self.record(changes.VoteWithdrawn(post, member(who), self.now))

    def community_vote(self, who: str, post: str, key: str) -> None:
        """A vote in Zendesk's own community, which no reader knows yet: the rows that one would write."""
        number = self.ticket(who)
        there = {"origin": f"zendesk:community:{post}:{who}", "reply_to": f"zendesk:community:{post}"}
        of = update(requests).where(requests.c.origin == f"zendesk:ticket:{number}")
        self.conn.execute(of.values(**there, reply_state="open"))
        self.record(changes.Linked(Origin.parse(there["origin"]), self.id(key), "agent", self.now))

    # --- the tracker

    def id(self, key: str) -> ItemId:
        return self.tracker.id(key)

    def issue(self, *keys: str, title: str | None = "", **fields: Any) -> None:
        """New issues, read. Each has a public title, unless `title` is None."""
        for key in keys:
            self.tracker.make(key, at=self.now, **fields)
            self.look(key)
            if title is not None:
                self.title(key, title or f"The {key} thing")

    def look(self, *keys: str) -> bool:
        """The issues are read. Says whether anything was new."""
        heard = [self.record(self._reading(key)) for key in keys]
        return any(heard)

    def _reading(self, key: str) -> changes.Change:
        gone = key in self.tracker.gone
        return changes.IssueUnreadable(self.id(key), self.now) if gone else self.tracker.seen(key)

    def change(self, key: str, **fields: Any) -> None:
        self.later()
        self.tracker.change(key, at=self.now, **fields)
        self.look(key)

    def start(self, key: str) -> None:
        self.change(key, category="indeterminate", status="In Progress")

    def done(self, key: str) -> None:
        self.change(key, category="done", status="Done", resolution_id="1", meaning="delivered")

    def decline(self, key: str) -> None:
        self.change(key, category="done", status="Done", resolution_id="2", meaning="declined")

    def reopen(self, key: str) -> None:
        self.change(key, category="new", status="Open", resolution_id=None, meaning=None)

    def split(self, key: str, *, into: Sequence[str]) -> None:
        """Each part is made if it is not there, and linked; every end is read."""
        self.issue(*(part for part in into if not self.tracker.knows(part)))
        self.connect(EdgeKind.SPLIT, *((key, part) for part in into))

    def duplicate(self, key: str, *, of: str) -> None:
        self.connect(EdgeKind.MERGED, (key, of))

    def connect(self, kind: EdgeKind, *pairs: tuple[str, str], link_id: str | None = None) -> None:
        self.later()
        for src, dst in pairs:
            self.tracker.link(kind, src, dst, at=self.now, link_id=link_id)
        self.look(*dict.fromkeys(key for pair in pairs for key in pair))

    def disconnect(self, src: str, dst: str) -> None:
        """The link between the two is removed in Jira; both ends are read."""
        self.later()
        self.tracker.unlink(src, dst, at=self.now)
        self.look(src, dst)

    def fix_version(self, key: str, name: str) -> None:
        self.change(key, versions=(self.tracker.version(name),))

    def release(self, name: str, *, released: bool = True) -> bool:
        seen = self.tracker.version(name, released=released)
        return self.record(seen)

    def deleted(self, key: str) -> bool:
        self.tracker.delete(key, at=self.now)
        return self.record(changes.IssueDeleted(self.id(key), self.now))

    # --- what people decide

    def title(self, key: str, words: str, *, own_part: bool = False) -> bool:
        return self.record(changes.Titled(self.id(key), words, own_part, "agent", self.now))

    def keeps_part(self, key: str, keeps: bool) -> bool:
        return self.record(changes.KeepsPart(self.id(key), keeps, "agent", self.now))

    def sizes(self, key: str, sizes: Mapping[str, int]) -> bool:
        by_id = {self.id(part): size for part, size in sizes.items()}
        return self.record(changes.Sized(self.id(key), by_id, "agent", self.now))

    def narrow(self, who: str, key: str, *, to: Sequence[str] | None) -> bool:
        parts = None if to is None else tuple(self.id(part) for part in to)
        return self.record(changes.PartsChosen(self.person(who), self.id(key), parts, "agent", self.now))

    def company(self, name: str, *, customer: int = 0, pipeline: int = 0, of: Sequence[str] = ()) -> bool:
        """The CRM values the company of these persons, in cents."""
        emails = tuple(person(who).emails[0] for who in of)
        return self.record(
            changes.CompanySeen(f"crm-{name}", name, customer, pipeline, self.now, emails=emails)
        )

    # --- what goes out

    def send_all(self) -> list[Sent]:
        """The quiet period passes, and everything that is due goes out; what did."""
        self.now += HOLD
        return self.send_due()

    def send_due(self) -> list[Sent]:
        before = len(self.sent)
        while claimed := outbox.SHELF.claim(self.conn, now=self.now, lease_s=20, limit=10):
            for one in claimed:
                self._send(one)
            self.now += timedelta(seconds=1)
        return self.sent[before:]

    def _send(self, claimed: Any) -> None:
        begun = notices.begin(self.conn, self.workspace, claimed.id, now=self.now)
        if begun is None:
            outbox.settled(self.conn, claimed)
        elif isinstance(begun, datetime):
            outbox.early(self.conn, claimed, until=begun)
        else:
            receipt = self.receipt(begun.place)
            assert outbox.confirm(self.conn, self.workspace, claimed, receipt, now=self.now)
            who = self.conn.scalar(select(persons.c.name).where(persons.c.id == claimed.row["person_id"]))
            sent = self.sent if begun.public else self.notes
            sent.append(Sent(str(who), claimed.row["kind"], begun.place, begun.text))

    def receipt(self, place: str) -> outbox.Receipt:
        """What the vendor answers; a follow-up, or what is opened for a voter, is a new ticket."""
        new = ":followup:" in place or ":proactive:" in place
        ticket, public = next(self._tickets) if new else place.rpartition(":")[2], place.startswith("forum:")
        return outbox.Receipt(place, ticket=str(ticket), mailed=None if public else True)

    def notices(self, **which: Any) -> list[NoticeView]:
        return notices_of(self.conn, self.workspace, **which)

    def approve(self, notice: NoticeView) -> None:
        notices.approve(self.conn, self.workspace, notice.id, digest=notice.digest, by="agent", now=self.now)

    def cancel(self, notice: NoticeView) -> None:
        notices.cancel(self.conn, self.workspace, notice.id, by="agent", now=self.now)

    # --- what became of it

    def asks_of(self, number: str) -> list[AskView]:
        """The asks that were made in this ticket."""
        found = asks_of_ticket(self.conn, self.workspace, number)
        return [ask for ask in found if ask.origin == f"zendesk:ticket:{number}"]

    def asked(self, number: str) -> AskView:
        """The one ask of this ticket."""
        (ask,) = self.asks_of(number)
        return ask

    def shares(self, number: str) -> dict[str, str]:
        """Where the ask of this ticket rests; the part that an item kept is named like `KS-1 itself`."""
        return {
            carrier.item.key + (" itself" if carrier.own else ""): carrier.share
            for carrier in self.asked(number).carriers
        }

    def standing(self, number: str) -> str:
        """How far the ask is: `part_delivered 1/2`."""
        ask = self.asked(number)
        return f"{ask.standing} {ask.delivered}/{ask.parts}"

    def on(self, key: str) -> list[str]:
        """Who has an ask that rests on this issue or passed it."""
        return [ask.person_name for ask in asks_on(self.conn, self.workspace, self.id(key))]

    def state(self, key: str) -> str:
        view = item(self.conn, self.workspace, key)
        assert view is not None
        return view.state.value


def _ticket(number: str) -> Origin:
    return Origin("zendesk:ticket", number)
