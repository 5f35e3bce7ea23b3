"""Who asks for what: tickets and the issues they are linked to, posts and their votes."""

from dataclasses import dataclass, field, replace

from lineage.changes import PersonSeen, Unlinked, Voted, VoteWithdrawn
from lineage.terms import Origin
from tests.lineage.cast import member
from tests.lineage.model.facts import Amounts, Request
from tests.lineage.twin.firms import FIRM, STAFF_OF
from tests.lineage.twin.persons import GUEST, Persons


@dataclass
class Asking(Persons):
    detached: set[tuple[str, str]] = field(default_factory=set)
    posts: dict[str, set[str]] = field(default_factory=dict)
    """Where each forum post is placed."""

    # --- tickets

    def asks(self, who: str, key: str, *, firm: bool = True) -> str:
        """A new ticket, linked; its number. `firm`: the helpdesk knows the organisation."""
        name = FIRM[who] if firm else None
        self.say(f"{who}{f' of {name}' if name else ''} asks for {key}")
        self.know(key)
        person = self.whois(who)
        number = self.story.ticket(who, org=name, staff=person in self.facts.staff)
        created = self.story.tickets[number].created
        self.facts.requests[number] = Request(person, self.firms.of_request(person, name), created)
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

    def closes_ticket(self, number: str, *, into: str | None = None) -> None:
        """Or merges it into another: that moves where its person is answered, and nothing else."""
        seen = self.story.tickets.get(number)
        if not seen or seen.status == "closed" or into == number:
            return
        person = self.facts.requests[number].person
        if person not in self.forgotten:
            known = into if into in self.story.tickets else None
            self.say(f"ticket {number} is closed{f', merged into {known}' if known else ''}")
            requester = replace(seen.requester, staff=person in self.facts.staff)
            self.story.ticket_changes(number, status="closed", merged_into=known, requester=requester)

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
            standing = self._votes(post)
            for ask in self.facts.asks:  # who took the vote back, and gives it again, asks for something else
                if ask[0].endswith(f" for {post}") and ask[1] == key and self.facts.asks[ask]:
                    self.facts.asks[ask] = keep and ask[0] in standing

    def votes(self, who: str, post: str) -> None:
        key = f"vote of {who} for {post}"
        known = self.facts.requests.get(key)
        if post not in self.posts or (known and (not known.withdrawn or known.person in self.forgotten)):
            return
        self.say(f"{who} votes for post {post}")
        at, person = self.story.now, known.person if known else self.whois(who)
        self.story.record(Voted(post, _visitor(who), at, "me too"))
        company = known.company if known else self.firms.of_request(person, None)
        self.facts.requests[key] = Request(person, company, at, vote=True)
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
        self.firms.valued(firm, amounts, {self.whois(who) for who in people})


def _visitor(who: str) -> PersonSeen:
    return PersonSeen("forum", "f-gus", who, (), "en") if who == GUEST else member(who)
