"""What must hold then: exact, and in lines that anybody can read.

`who` names one ask: a person ("Ana") or a ticket ("101"); where there are several, "101 for KS-2".
"""

from dataclasses import dataclass
from fractions import Fraction

from lineage.questions import AskView, DemandView, asks_of_person, demand, edges_at, item, ranking
from lineage.terms import Money
from tests.lineage.golden.script import Script
from tests.lineage.sent import Sent

PLACES = {
    "zendesk:ticket:": "in ticket ",
    "zendesk:followup:": "in a follow-up on ticket ",
    "forum:post:": "on forum post ",
}


@dataclass(frozen=True, slots=True)
class Then:
    story: Script

    # --- where asks rest, and how far they are

    def rests(self, who: str, *carriers: str) -> None:
        """`KS-2 1/2`; the part that an item kept is named like `KS-1 itself 1/2`."""
        found = self._ask(who).carriers
        assert not found or sum(Fraction(one.share) for one in found) == 1
        said = [f"{one.item.key}{' itself' if one.own else ''} {one.share}" for one in found]
        assert sorted(said) == sorted(carriers)

    def stands(self, who: str, standing: str) -> None:
        """`part_delivered, 1 of 2`; of a withdrawn ask nothing is counted."""
        ask = self._ask(who)
        counted = "" if ask.standing == "withdrawn" else f", {ask.delivered} of {ask.parts}"
        assert f"{ask.standing}{counted}" == standing

    def came(self, who: str, *steps: str) -> None:
        """The way of an ask, in order: `linked KS-1`, `merged KS-1 into KS-2`, `split KS-1 into KS-2`."""
        path = self._ask(who).path
        said = [f"{one.kind} {one.src_key} into {one.dst_key}" for one in path if one.kind != "linked"]
        assert [f"linked {path[0].dst_key}", *said] == list(steps)

    def wants_only(self, who: str, *parts: str) -> None:
        """Which parts an agent said that this person wants, as it is shown; nothing where all are meant."""
        assert self._ask(who).choices == (parts or None)

    def next(self, who: str, sentence: str) -> None:
        """What an agent reads about what comes next."""
        assert self._ask(who).next == sentence

    def state(self, *states: str) -> None:
        """`KS-1 delivered`."""
        assert tuple(f"{key} {self.story.state(key)}" for key in _keys(states)) == states

    def parts_in_order(self, key: str, *parts: str) -> None:
        view = item(self.story.conn, self.story.workspace, key)
        assert view is not None
        assert [self.story.key(part) for part in view.parts] == list(parts)

    def set_aside(self, *links: str) -> None:
        """The links of all issues that do not count: `KS-2 merged into KS-1: ` and words from the reason."""
        found = {}
        for issue in self.story.tracker.issues.values():
            for edge in edges_at(self.story.conn, self.story.workspace, issue.item):
                if not edge.stands:
                    found[f"{edge.src_key} {edge.kind} into {edge.dst_key}"] = edge.why
        assert sorted(found) == sorted(link.partition(": ")[0] for link in links)
        for link in links:
            named, _, why = link.partition(": ")
            assert why in found[named], found

    # --- how much issues count

    def counts(self, key: str, *, people: int, companies: int = 0, votes: int = 0) -> None:
        found = self._demand(key)
        assert (found.requesters, found.companies, found.votes) == (people, companies, votes)

    def credit(self, *amounts: str) -> None:
        """The won money that rests on each of these, to the cent: `KS-2 333.34`."""
        assert tuple(f"{k} {_spoken(self._demand(k).customer)}" for k in _keys(amounts)) == amounts

    def pipeline(self, *amounts: str) -> None:
        """The same of open deals."""
        assert tuple(f"{k} {_spoken(self._demand(k).pipeline)}" for k in _keys(amounts)) == amounts

    def reach(self, *amounts: str) -> None:
        """The full won amounts of all companies that ask for each of these."""
        assert tuple(f"{k} {_spoken(self._demand(k).reach_customer)}" for k in _keys(amounts)) == amounts

    def credit_in_all(self, amount: str) -> None:
        """The won money that rests anywhere."""
        ranked = ranking(self.story.conn, self.story.workspace)
        assert _spoken(Money(sum(one.customer.minor for one in ranked), "USD")) == amount

    def ranked(self, *keys: str) -> None:
        """The ranking, best first."""
        found = ranking(self.story.conn, self.story.workspace)
        assert [view.item.key for view in found] == list(keys)

    def score(self, key: str, points: float, *why: str) -> None:
        found = self._demand(key)
        assert (found.score, found.why[: len(why)]) == (points, why)

    # --- news

    def goes_out(self, *news: str) -> None:
        """Once the quiet period is over, exactly this: `Ana: delivered in ticket 101`."""
        assert sorted(map(_line, self.story.send_all())) == sorted(news)

    def goes_out_at_once(self, *news: str) -> None:
        """What may leave this minute."""
        assert sorted(map(_line, self.story.send_due())) == sorted(news)

    def nobody_hears(self) -> None:
        """Once the quiet period is over, nothing goes out."""
        self.goes_out()

    def nothing_waits(self) -> None:
        """No message waits for anything, a person included."""
        live = {"held", "awaiting_approval", "queued", "blocked", "skipped"}
        assert not [one for one in self.story.notices() if one.state in live]

    def waits_for_approval(self, *news: str) -> None:
        """All that waits for a person, and nothing else: `Ana: declined`."""
        waiting = self.story.notices(state="awaiting_approval")
        assert sorted(f"{one.person_name}: {one.kind}" for one in waiting) == sorted(news)

    def draft_says(self, *words: str, not_: tuple[str, ...] = ()) -> None:
        """What is written in the one draft that waits for a person."""
        (draft,) = self.story.notices(state="awaiting_approval")
        _says(draft.text, words, not_)

    def stopped(self, *notices: str) -> None:
        """What is not told, and why: `Ana: skipped, opted out`."""
        plan = [one for one in self.story.notices() if one.state in {"skipped", "blocked", "cancelled"}]
        assert sorted(f"{one.person_name}: {one.state}, {one.reason}" for one in plan) == sorted(notices)

    def said(self, who: str, *words: str, not_: tuple[str, ...] = ()) -> None:
        """What the last message to this person says."""
        _says([sent.text for sent in self.story.sent if sent.to == who][-1], words, not_)

    def noted(self, *notes: str) -> None:
        """All internal notes so far, and where: `in ticket 101`."""
        assert sorted(_where(note) for note in self.story.notes) == sorted(notes)

    def told(self, who: str, *messages: str) -> None:
        """What was told for this ask, oldest first: `delivered of KS-2 in ticket 101`."""
        assert [
            f"{told.kind} of {', '.join(told.issues)} {_place(told.where)}" for told in self._ask(who).told
        ] == list(messages)

    def _ask(self, who: str) -> AskView:
        named, _, key = who.partition(" for ")
        conn, workspace = self.story.conn, self.story.workspace
        found = (
            self.story.asks_of(named)
            if named.isdigit()
            else asks_of_person(conn, workspace, f"{named.lower()}@example.com")
        )
        (ask,) = [one for one in found if key in {"", one.item.key}]
        return ask

    def _demand(self, key: str) -> DemandView:
        found = demand(self.story.conn, self.story.workspace, self.story.id(key))
        assert found is not None
        return found


def _keys(phrases: tuple[str, ...]) -> list[str]:
    return [phrase.split()[0] for phrase in phrases]


def _spoken(money: Money) -> str:
    """Cents as `1,000.01`."""
    return f"{money.minor // 100:,}.{money.minor % 100:02}"


def _line(sent: Sent) -> str:
    return f"{sent.to}: {sent.kind} {_where(sent)}"


def _where(sent: Sent) -> str:
    return _place(sent.place)


def _place(place: str) -> str:
    for prefix, words in PLACES.items():
        if place.startswith(prefix):
            return words + place.removeprefix(prefix)
    return place


def _says(text: str, words: tuple[str, ...], not_: tuple[str, ...]) -> None:
    for one in words:
        assert one in text, text
    for one in not_:
        assert one not in text, text
