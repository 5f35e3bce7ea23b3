"""A machine that draws random histories: what happens next, to whom and to what."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.lineage.invariants.playing import Event, Failed, Playing
from tests.lineage.model.facts import Amounts
from tests.lineage.twin.firms import FIRM, STAFF_OF
from tests.lineage.twin.prepared import KEYS
from tests.lineage.twin.tracker import DONE
from tests.lineage.twin.twin import Twin

Some = TypeVar("Some")

keys, people, flags = st.sampled_from(KEYS), st.sampled_from(sorted(FIRM)), st.booleans()
posts, versions = st.sampled_from(["8", "9"]), st.sampled_from(["1.0", "2.0"])
few = st.lists(keys, min_size=1, max_size=3, unique=True)
any_ = st.integers(0, 11)
"""Which of those that there are just now: counted round."""


class Histories(RuleBasedStateMachine):
    stage: Callable[[], Any]
    events = 0
    """How many really happened, in all histories: each is a sentence of the twin."""
    failed: Failed | None = None

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.playing = Playing(Twin(self.closing.enter_context(type(self).stage())))
        self.twin = self.playing.twin

    def play(self, name: str, *args: Any, **more: Any) -> None:
        self.insist(lambda: self.playing.happens(Event(name, args, more)))

    def insist(self, part: Callable[[], object]) -> None:
        before = len(self.twin.said)
        try:
            part()
        except Failed as failed:
            Histories.failed = failed
            raise
        finally:
            Histories.events += len(self.twin.said) - before

    def teardown(self) -> None:
        with self.closing:
            if Histories.failed is None:
                self.insist(self.playing.ends)

    # --- who asks

    @rule(who=people, key=keys, firm=flags)
    def asks(self, who: str, key: str, firm: bool) -> None:
        self.play("asks", who, key, firm=firm)

    @rule(number=any_, key=keys)
    def wants_too(self, number: int, key: str) -> None:
        if known := _pick(self.twin.story.tickets, number):
            self.play("wants_too", known, key)

    @rule(number=any_, keep=flags)
    def unlinks(self, number: int, keep: bool) -> None:
        facts = self.twin.facts
        standing = [ask for ask, stands in facts.asks.items() if stands and not facts.requests[ask[0]].vote]
        if ask := _pick(standing, number):
            self.play("unlinks", *ask, keep=keep)

    @rule(number=any_, into=any_)
    def closes_ticket(self, number: int, into: int) -> None:
        if known := _pick(self.twin.story.tickets, number):
            self.play("closes_ticket", known, into=_pick(self.twin.story.tickets, into))

    @rule(who=people, staff=flags)
    def is_staff(self, who: str, staff: bool) -> None:
        self.play("is_staff", who, staff=staff)

    @rule(gone=people, into=people)
    def are_one(self, gone: str, into: str) -> None:
        self.play("are_one", gone, into)

    @rule(who=people)
    def is_forgotten(self, who: str) -> None:
        self.play("is_forgotten", who)

    @rule(who=people)
    def opts_out(self, who: str) -> None:
        self.play("opts_out", who)

    @rule(
        firm=st.sampled_from(sorted(STAFF_OF)),
        amounts=st.builds(Amounts, st.integers(0, 10**6), st.sampled_from([0, 7, 10_000])),
        led_by=st.none() | st.sets(people),
    )
    def is_worth(self, firm: str, amounts: Amounts, led_by: set[str] | None) -> None:
        self.play("is_worth", firm, amounts, led_by=led_by)

    # --- the forum

    @rule(post=posts, key=keys)
    def places(self, post: str, key: str) -> None:
        self.play("places", post, key)

    @rule(post=posts, keep=flags)
    def displaces(self, post: str, keep: bool) -> None:
        if key := _pick(self.twin.posts.get(post, ()), 0):
            self.play("displaces", post, key, keep=keep)

    @rule(who=people | st.just("Gus"), post=posts)
    def votes(self, who: str, post: str) -> None:
        self.play("votes", who, post)

    @rule(who=people | st.just("Gus"), post=posts)
    def takes_vote_back(self, who: str, post: str) -> None:
        self.play("takes_vote_back", who, post)

    # --- the tracker

    @rule(kind=st.sampled_from(["split", "split", "merged"]), src=keys, dst=keys)
    def connects(self, kind: str, src: str, dst: str) -> None:
        self.play("connects", kind, src, dst)

    @rule(kind=st.sampled_from(["split", "merged"]), src=keys, dst=keys)
    def takes_a_link_back(self, kind: str, src: str, dst: str) -> None:
        self.play("takes_a_link_back", kind, src, dst)

    @rule(number=any_)
    def disconnects(self, number: int) -> None:
        if link := _pick(sorted(self.twin.facts.links), number):
            self.play("disconnects", link.src, link.dst)

    @rule(parent=st.none() | keys, child=keys)
    def adopts(self, parent: str | None, child: str) -> None:
        self.play("adopts", parent, child)

    @rule(key=keys, are=flags)
    def children_are_parts(self, key: str, are: bool) -> None:
        self.play("children_are_parts", key, are=are)

    @rule(key=keys, category=st.sampled_from(["new", "indeterminate"]))
    def moves_to(self, key: str, category: str) -> None:
        self.play("moves_to", key, category)

    @rule(key=keys, how=st.sampled_from(["done", *DONE]))
    def closes(self, key: str, how: str) -> None:
        self.play("closes", key, how)

    @rule(key=keys, version=versions)
    def belongs_to(self, key: str, version: str) -> None:
        self.play("belongs_to", key, version)

    @rule(version=versions, out=flags)
    def releases(self, version: str, out: bool) -> None:
        self.play("releases", version, out=out)

    @rule(key=keys, really=st.sampled_from([False, False, True]))
    def goes_from_sight(self, key: str, really: bool) -> None:
        self.play("deletes" if really else "hides", key)

    @rule(number=any_)
    def shows(self, number: int) -> None:
        if key := _pick(sorted(self.twin.hidden), number):
            self.play("shows", key)

    @rule(some=few)
    def hears_again(self, some: list[str]) -> None:
        self.play("hears_again", some)

    # --- what people decide

    @rule(key=keys, part=flags)
    def keeps(self, key: str, part: bool) -> None:
        self.play("keeps", key, part=part)

    @rule(key=keys, sizes=st.dictionaries(keys, st.integers(1, 5), max_size=3))
    def sizes(self, key: str, sizes: dict[str, int]) -> None:
        self.play("sizes", key, sizes)

    @rule(who=people, key=keys, parts=few | st.just([]))
    def wants(self, who: str, key: str, parts: list[str]) -> None:
        self.play("wants", who, key, *parts)

    @rule(deliver=st.sampled_from(["done", "release"]))
    def policy(self, deliver: str) -> None:
        self.play("policy", deliver=deliver)

    @rule()
    def sends(self) -> None:
        self.play("sends")

    @rule(yes=flags)
    def decides(self, yes: bool) -> None:
        self.play("decides", yes=yes)


def _pick(there_are: Iterable[Some], number: int) -> Some | None:
    """One of them; none where there is none."""
    every = list(there_are)
    return every[number % len(every)] if every else None
