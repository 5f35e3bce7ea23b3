"""Who is who: people who work for us, turn out to be one, want no news, or ask to be forgotten."""

from dataclasses import dataclass, field

from lineage.changes import Erased, UsersMerged
from tests.lineage.cast import person
from tests.lineage.model.resting import Where
from tests.lineage.twin.base import Base
from tests.lineage.twin.firms import FIRM, Firms

GUEST = "Gus"
"""Votes in the forum and never proves an address."""


@dataclass
class Persons(Base):
    """The model knows a person by the first name that they had; who was forgotten has none of ours."""

    firms: Firms = field(init=False)
    wants_no_news: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.firms = Firms(self.facts)
        self.facts.unproven.add(GUEST)

    def whois(self, who: str) -> str:
        return self._names.get(who, who)

    def is_known(self, who: str) -> bool:
        """Whether they asked for something, under a proven address."""
        return self.whois(who) in self._in_order() and who not in self.facts.unproven

    def _in_order(self) -> list[str]:
        """Everybody, who came first before the others."""
        return list(dict.fromkeys(request.person for request in self.facts.requests.values()))

    def is_staff(self, who: str, *, staff: bool) -> None:
        if number := self._ticket_of(who):
            self.say(f"{who} is {'a colleague' if staff else 'a customer after all'}")
            self.story.ticket_changes(number, requester=person(who, staff=staff))
            (self.facts.staff.add if staff else self.facts.staff.discard)(self.whois(who))

    def are_one(self, gone: str, into: str) -> None:
        """The helpdesk merges one user into another, of the same firm: else the page does not say for which
        of the two they ask from then on (tests/lineage/test_companies.py does).
        """
        one, other, everybody = self.whois(gone), self.whois(into), self._in_order()
        if one == other or FIRM[gone] != FIRM[into] or not self._ticket_of(gone):
            return
        self.say(f"{gone} is the same person as {into}")
        staff = other in self.facts.staff
        seen = person(into, staff=staff)
        self.story.record(UsersMerged(person(gone).id, seen, self.story.now))
        keep = one if other not in everybody or everybody.index(one) < everybody.index(other) else other
        self._call({one, other} - {keep}, keep)
        self._names |= dict.fromkeys((gone, into), keep)
        (self.facts.staff.add if staff else self.facts.staff.discard)(keep)

    def is_forgotten(self, who: str) -> None:
        """Who comes again is somebody new."""
        if self.is_known(who):
            self.say(f"{who} asks to be forgotten")
            self.story.record(Erased(self.story.person(who), "operator", self.story.now))
            old, nobody = self.whois(who), f"nobody {len(self.forgotten)}"
            self.forgotten.add(nobody)
            self._call({old}, nobody)
            self._names = {name: of for name, of in self._names.items() if of != nobody and name != old}

    def opts_out(self, who: str) -> None:
        if self.is_known(who) and self.whois(who) not in self.wants_no_news:
            self.wants_no_news.add(self.whois(who))
            self.say(f"{who} wants no news")
            self.story.opt_out(who)

    def _ticket_of(self, who: str) -> str | None:
        theirs = self.facts.requests.items()
        found = (key for key, one in theirs if one.person == self.whois(who) and not one.vote)
        return next(found, None)

    def _call(self, old: set[str], name: str) -> None:
        """Whoever had one of the old names has this one. What two of them chose, that one wants."""
        facts = self.facts
        chosen = {
            item: self._wanted_by(old | {name}, item) for who, item in facts.choices if who in old | {name}
        }
        facts.choices = {key: parts for key, parts in facts.choices.items() if key[0] not in old | {name}}
        facts.choices |= {(name, item): parts for item, parts in chosen.items() if parts}
        for request in facts.requests.values():
            request.person = name if request.person in old else request.person
        self._names = {known: name if of in old else of for known, of in self._names.items()}
        for some in (facts.staff, self.wants_no_news):
            if some & old:
                some.difference_update(old)
                some.add(name)
        for who in old:
            company = self.firms.of_person.pop(who, None)
            if company:
                self.firms.of_person.setdefault(name, company)

    def _wanted_by(self, people: set[str], item: str) -> frozenset[str]:
        """What any of them wants of this item. Empty: all, as who chose nothing wants, and asks for it."""
        where, wanted = Where(self.facts), frozenset[str]()
        for who in people:
            asks = any(item in where.way(who, start).items for start in self._asked_for_by(who))
            chosen = self.facts.choices.get((who, item), frozenset() if asks else None)
            if chosen is not None and not chosen:
                return frozenset()
            wanted |= chosen or frozenset()
        return wanted

    def _asked_for_by(self, who: str) -> set[str]:
        return {
            item
            for (request, item), stands in self.facts.asks.items()
            if stands
            and self.facts.requests[request].person == who
            and not self.facts.requests[request].withdrawn
        }
