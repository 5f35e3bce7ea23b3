"""What may happen to a company at random, each with what takes it back."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import select

from bench.company import FIRST, ORDINARY, Company
from bench.events import NOW, seen
from lineage.changes import (
    Change,
    CompanySeen,
    KeepsPart,
    Linked,
    PartsChosen,
    PersonSeen,
    Sized,
    Unlinked,
    Voted,
    VoteWithdrawn,
)
from lineage.seen import EdgeSeen
from lineage.tables import edges
from lineage.terms import EdgeKind, ItemId, Origin, PersonId
from store.database import reading

MIDST = 600
"""It happens among so many issues of the crowd and as many ordinary ones, so that things meet."""

Told: TypeAlias = Callable[[], Sequence[Change]]


@dataclass(frozen=True, slots=True)
class Happening:
    do: Told
    undo: Told


@dataclass(slots=True)
class Tracker:
    """The links of the issues, as reading them shows them now; time goes on with every reading."""

    links: dict[str, EdgeSeen] = field(default_factory=dict)
    decided: dict[tuple[str, str], object] = field(default_factory=dict)
    minute: int = 0

    @classmethod
    def of(cls, company: Company) -> "Tracker":
        with reading(company.engine) as conn:
            rows = conn.execute(select(edges).where(edges.c.workspace_id == company.workspace.id))
            found = {
                row.link_id: EdgeSeen(
                    row.link_id, EdgeKind(row.kind), ItemId(row.src), ItemId(row.dst), f"KS-{row.dst}", row.at
                )
                for row in rows
            }
        return cls(found)

    def read(self, *numbers: str) -> list[Change]:
        self.minute += 1
        return [
            seen(one, *(e for e in self.links.values() if one in (e.src, e.dst)), minute=self.minute)
            for one in numbers
        ]

    def decide(self, what: str, of: str, now: object) -> object:
        """Remember a decision; what it was before."""
        before = self.decided.get((what, of))
        self.decided[what, of] = now
        return before


def _some_item(chance: random.Random) -> str:
    near = 3 + int(MIDST * chance.random() ** 2)
    return str(near) if chance.random() < 0.7 else str(FIRST + chance.randrange(MIDST // 10))


def _link(kind: EdgeKind) -> Callable[[random.Random, int, Tracker], Happening]:
    def make(chance: random.Random, number: int, tracker: Tracker) -> Happening:
        src, dst, ident = _some_item(chance), _some_item(chance), str(2 * FIRST + number)

        def do() -> Sequence[Change]:
            tracker.links[ident] = EdgeSeen(ident, kind, ItemId(src), ItemId(dst), f"KS-{dst}", NOW)
            return tracker.read(src, dst)

        def undo() -> Sequence[Change]:
            del tracker.links[ident]
            return tracker.read(src, dst)

        return Happening(do, undo)

    return make


def _vote(chance: random.Random, number: int, _: Tracker) -> Happening:
    post, who = (
        str(FIRST + chance.randrange(MIDST // 10)),
        PersonSeen("forum", f"x{number}", "X", (f"x{number}@x.example",)),
    )
    return Happening(lambda: [Voted(post, who, NOW)], lambda: [VoteWithdrawn(post, who, NOW)])


def _ask(chance: random.Random, number: int, tracker: Tracker) -> Happening:
    ticket = str(FIRST + 3 * ORDINARY + number % ORDINARY)
    origin, item = Origin("zendesk:ticket", ticket), ItemId(_some_item(chance))
    if tracker.decide("linked", f"{ticket}:{item}", now=True):
        return Happening(list, list)
    return Happening(
        lambda: [Linked(origin, item, "bench", NOW)], lambda: [Unlinked(origin, item, False, "bench", NOW)]
    )


def _worth(chance: random.Random, _: int, tracker: Tracker) -> Happening:
    company = str(1 + chance.randrange(40))
    now = (chance.randrange(10**7), chance.randrange(10**6))
    default = (1_000_003 + 17 * (int(company) % 9_973), 50_021 + 13 * (int(company) % 8_887))
    before = tracker.decide("worth", company, now) or default

    def told(worth: object) -> list[Change]:
        assert isinstance(worth, tuple)
        customer, pipeline = worth
        return [CompanySeen(company, f"Company {company}", customer, pipeline, NOW)]

    return Happening(lambda: told(now), lambda: told(before))


def _keeps(chance: random.Random, _: int, tracker: Tracker) -> Happening:
    """There is no taking back to 'nobody said'; to say that it keeps a part counts the same."""
    item, now = ItemId(_some_item(chance)), chance.random() < 0.5
    before = tracker.decide("keeps", item, now)
    was = True if before is None else bool(before)
    return Happening(
        lambda: [KeepsPart(item, now, "bench", NOW)], lambda: [KeepsPart(item, was, "bench", NOW)]
    )


def _sizes(chance: random.Random, _: int, tracker: Tracker) -> Happening:
    item, part = ItemId(_some_item(chance)), ItemId(_some_item(chance))
    now = {part: 1 + chance.randrange(5)}
    before = tracker.decide("sizes", item, now) or {}
    assert isinstance(before, dict)
    return Happening(lambda: [Sized(item, now, "bench", NOW)], lambda: [Sized(item, before, "bench", NOW)])


def _narrow(chance: random.Random, _: int, tracker: Tracker) -> Happening:
    person, item = PersonId(1 + chance.randrange(9_000)), ItemId(_some_item(chance))
    parts = [edge.dst for edge in tracker.links.values() if (edge.src, edge.kind) == (item, EdgeKind.SPLIT)]
    now = (chance.choice(parts),) if parts else None
    before = tracker.decide("narrow", f"{person}:{item}", now)
    assert before is None or isinstance(before, tuple)
    return Happening(
        lambda: [PartsChosen(person, item, now, "bench", NOW)],
        lambda: [PartsChosen(person, item, before, "bench", NOW)],
    )


MAKERS = (
    _vote, _ask, _ask, _link(EdgeKind.MERGED), _link(EdgeKind.SPLIT), _worth, _keeps, _sizes, _narrow,
)  # fmt: skip
