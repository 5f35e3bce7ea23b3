"""Who asks for what: tickets and the issues they are linked to, posts and their votes."""

from dataclasses import dataclass, field

from lineage.changes import PersonSeen, Unlinked, Voted, VoteWithdrawn
from lineage.terms import Origin
from tests.lineage.cast import member, person
from tests.lineage.model.facts import Amounts, Request
from tests.lineage.twin.base import Base
from tests.lineage.twin.firms import FIRM, STAFF_OF, Firms

GUEST = "Gus"
"""Votes in the forum and never proves an address."""


@dataclass
class Asking(Base):
    detached: set[tuple[str, str]] = field(default_factory=set)
    posts: dict[str, set[str]] = field(default_factory=dict)
    """Where each forum post is placed."""
    firms: Firms = field(init=False)

    def __post_init__(self) -> None:
        self.firms = Firms(self.facts)
        self.facts.unproven.add(GUEST)

    # --- tickets

    def asks(self, who: str, key: str, *, firm: bool = True) -> str:
        """A new ticket, linked; its number. `firm`: the helpdesk knows the organisation."""
        name = FIRM[who] if firm else None
        self.say(f"{who}{f' of {name}' if name else ''} asks for {key}")
        self.know(key)
        number = self.story.ticket(who, org=name, staff=who in self.facts.staff)
        created = self.story.tickets[number].created
        self.facts.requests[number] = Request(who, self.firms.of_request(who, name), created)
        self._links(number, key)
        return number

    def wants_too(self, number: str, key: str) -> None:
        if number in self.story.tickets:
            self.say(f"ticket {number} is linked to {key}")
            self.know(key)
            self._links(number, key)

    def _links(self, number: str, key: str) -> None:
        self.story.link(number, key)
        self.facts.asks[number, key] = True
        self.detached.discard((number, key))

    def unlinks(self, number: str, key: str, *, keep: bool) -> None:
        if self.facts.asks.get((number, key)) and (number, key) not in self.detached:
            self.say(f"ticket {number} is unlinked from {key}{' but counts on' if keep else ''}")
            self.story.unlink(number, key, keep=keep)
            self.facts.asks[number, key] = keep
            self.detached |= {(number, key)} if keep else set()

    def is_staff(self, who: str, *, staff: bool) -> None:
        number = next((n for n, one in self.story.tickets.items() if one.requester.name == who), None)
        if number:
            self.say(f"{who} is {'a colleague' if staff else 'a customer after all'}")
            self.story.ticket_changes(number, requester=person(who, staff=staff))
            (self.facts.staff.add if staff else self.facts.staff.discard)(who)

    # --- the forum

    def places(self, post: str, key: str) -> None:
        if key in self.posts.get(post, set()):
            return
        self.say(f"post {post} is placed on {key}")
        self.know(key)
        self.story.post(post, placed=key)
        self.posts.setdefault(post, set()).add(key)
        self.facts.asks |= {(vote, key): True for vote in self._votes(post)}

    def displaces(self, post: str, key: str, *, keep: bool) -> None:
        """The post is about something else. `keep`: who voted so far counts on."""
        if key in self.posts.get(post, set()):
            self.say(f"post {post} is taken from {key}{', whose votes count on' if keep else ''}")
            origin = Origin("forum:post", post)
            self.story.record(Unlinked(origin, self.story.id(key), keep, "agent", self.story.now))
            self.posts[post].remove(key)
            for vote, one in self._every_vote(post).items():  # taken back, it is not kept
                if (vote, key) in self.facts.asks:
                    self.facts.asks[vote, key] &= keep and not one.withdrawn

    def votes(self, who: str, post: str) -> None:
        key = f"vote of {who} for {post}"
        known = self.facts.requests.get(key)
        if post not in self.posts or (known and not known.withdrawn):
            return
        self.say(f"{who} votes for post {post}")
        at = self.story.now
        self.story.record(Voted(post, _visitor(who), at, "me too"))
        company = known.company if known else self.firms.of_request(who, None)
        self.facts.requests[key] = Request(who, company, at, vote=True)
        self.facts.asks |= {(key, item): True for item in self.posts[post]}

    def takes_vote_back(self, who: str, post: str) -> None:
        known = self.facts.requests.get(f"vote of {who} for {post}")
        if known and not known.withdrawn:
            self.say(f"{who} takes back the vote for post {post}")
            self.story.record(VoteWithdrawn(post, _visitor(who), self.story.now))
            known.withdrawn = True

    def _votes(self, post: str) -> list[str]:
        return [key for key, one in self._every_vote(post).items() if not one.withdrawn]

    def _every_vote(self, post: str) -> dict[str, Request]:
        every = self.facts.requests.items()
        return {key: one for key, one in every if key.endswith(f" for {post}") and one.vote}

    # --- the CRM

    def is_worth(self, firm: str, amounts: Amounts, *, led_by: set[str] | None = None) -> None:
        people = {*STAFF_OF[firm]} if led_by is None else led_by & {*STAFF_OF[firm]}
        names = " and ".join(sorted(people)) or "nobody"
        self.say(f"{firm}, to which {names} led, is worth {amounts.customer} and {amounts.pipeline}")
        self.story.company(firm, customer=amounts.customer, pipeline=amounts.pipeline, of=sorted(people))
        self.firms.valued(firm, amounts, people)


def _visitor(who: str) -> PersonSeen:
    return PersonSeen("forum", "f-gus", who, (), "en") if who == GUEST else member(who)
