"""A machine that plays random histories to the engine and to the model, and compares them at every step."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.lineage.model.facts import Amounts
from tests.lineage.random_history import told_twice
from tests.lineage.recompute import derived, differs_from_a_full_recompute
from tests.lineage.story import Story
from tests.lineage.twin.comparing import differences
from tests.lineage.twin.firms import FIRM, STAFF_OF
from tests.lineage.twin.tracker import DONE
from tests.lineage.twin.twin import Twin

KEYS = tuple(f"KS-{number}" for number in range(1, 8))

keys, people, flags = st.sampled_from(KEYS), st.sampled_from(sorted(FIRM)), st.booleans()
tickets = st.integers(101, 108).map(str)
posts = st.sampled_from(["8", "9"])
few = st.lists(keys, min_size=1, max_size=3, unique=True)
versions = st.sampled_from(["1.0", "2.0"])


class Histories(RuleBasedStateMachine):
    stage: Callable[[], AbstractContextManager[Story]]
    events = 0
    """How many really happened, in all histories."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.twin = Twin(self.closing.enter_context(type(self).stage()))

    def play(self, event: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        before = len(self.twin.said)
        event(*args, **kwargs)
        if len(self.twin.said) == before:
            return
        Histories.events += 1
        keys = sorted(self.twin.facts.issues)
        turn = len(self.twin.said)
        closely = [keys[turn % len(keys)]] if keys and turn % 3 == 0 else []
        self.fails_with(differences(self.twin, closely=closely))
        self.fails_with([f"told twice: {one}" for one in told_twice(self.twin.story)])

    def fails_with(self, wrong: list[str]) -> None:
        assert not wrong, "\n".join(["", *wrong, "after this history:", self.twin.history()])

    def teardown(self) -> None:
        with self.closing:
            self.fails_with(differs_from_a_full_recompute(self.twin.story))

    @rule(who=people, key=keys, firm=flags)
    def asks(self, who: str, key: str, firm: bool) -> None:
        self.play(self.twin.asks, who, key, firm=firm)

    @rule(number=tickets, key=keys)
    def wants_too(self, number: str, key: str) -> None:
        self.play(self.twin.wants_too, number, key)

    @rule(number=tickets, key=keys, keep=flags)
    def unlinks(self, number: str, key: str, keep: bool) -> None:
        self.play(self.twin.unlinks, number, key, keep=keep)

    @rule(who=people, staff=flags)
    def is_staff(self, who: str, staff: bool) -> None:
        self.play(self.twin.is_staff, who, staff=staff)

    @rule(post=posts, key=keys)
    def places(self, post: str, key: str) -> None:
        self.play(self.twin.places, post, key)

    @rule(post=posts, key=keys, keep=flags)
    def displaces(self, post: str, key: str, keep: bool) -> None:
        self.play(self.twin.displaces, post, key, keep=keep)

    @rule(who=people, post=posts)
    def votes(self, who: str, post: str) -> None:
        self.play(self.twin.votes, who, post)

    @rule(who=people, post=posts)
    def takes_vote_back(self, who: str, post: str) -> None:
        self.play(self.twin.takes_vote_back, who, post)

    @rule(
        firm=st.sampled_from(sorted(STAFF_OF)),
        amounts=st.builds(Amounts, st.integers(0, 10**6), st.sampled_from([0, 7, 10_000])),
        led_by=st.none() | st.sets(people),
    )
    def is_worth(self, firm: str, amounts: Amounts, led_by: set[str] | None) -> None:
        self.play(self.twin.is_worth, firm, amounts, led_by=led_by)

    @rule(kind=st.sampled_from(["split", "split", "merged"]), src=keys, dst=keys)
    def connects(self, kind: str, src: str, dst: str) -> None:
        self.play(self.twin.connects, kind, src, dst)

    @rule(kind=st.sampled_from(["split", "merged"]), src=keys, dst=keys)
    def takes_a_link_back(self, kind: str, src: str, dst: str) -> None:
        """Undo restores the identical state."""
        if self.twin.know(src, dst) and not self.twin.linked(src, dst):
            before = derived(self.twin.story)
            self.play(self.twin.connects, kind, src, dst)
            self.play(self.twin.disconnects, src, dst)
            if derived(self.twin.story) != before:
                self.fails_with(["taking a link back did not restore the identical state"])

    @rule(src=keys, dst=keys)
    def disconnects(self, src: str, dst: str) -> None:
        self.play(self.twin.disconnects, src, dst)

    @rule(key=keys, category=st.sampled_from(["new", "indeterminate"]))
    def moves_to(self, key: str, category: str) -> None:
        self.play(self.twin.moves_to, key, category)

    @rule(key=keys, how=st.sampled_from(["done", *DONE]))
    def closes(self, key: str, how: str) -> None:
        self.play(self.twin.closes, key, how)

    @rule(key=keys, version=versions)
    def belongs_to(self, key: str, version: str) -> None:
        self.play(self.twin.belongs_to, key, version)

    @rule(version=versions, out=flags)
    def releases(self, version: str, out: bool) -> None:
        self.play(self.twin.releases, version, out=out)

    @rule(key=keys, really=st.sampled_from([False, False, True]))
    def goes_from_sight(self, key: str, really: bool) -> None:
        self.play(self.twin.deletes if really else self.twin.hides, key)

    @rule(key=keys)
    def shows(self, key: str) -> None:
        self.play(self.twin.shows, key)

    @rule(some=few)
    def hears_again(self, some: list[str]) -> None:
        self.play(self.twin.hears_again, some)

    @rule(key=keys, part=flags)
    def keeps(self, key: str, part: bool) -> None:
        self.play(self.twin.keeps, key, part=part)

    @rule(key=keys, sizes=st.dictionaries(keys, st.integers(1, 5), max_size=3))
    def sizes(self, key: str, sizes: dict[str, int]) -> None:
        self.play(self.twin.sizes, key, sizes)

    @rule(who=people, key=keys, parts=few | st.just([]))
    def wants(self, who: str, key: str, parts: list[str]) -> None:
        self.play(self.twin.wants, who, key, *parts)

    @rule(deliver=st.sampled_from(["done", "release"]))
    def policy(self, deliver: str) -> None:
        self.play(self.twin.policy, deliver=deliver)

    @rule()
    def sends(self) -> None:
        self.play(self.twin.sends)

    @rule(yes=flags)
    def decides(self, yes: bool) -> None:
        self.play(self.twin.decides, yes=yes)

    @rule(who=people)
    def opts_out(self, who: str) -> None:
        self.play(self.twin.opts_out, who)
