"""Random histories through the one door: what must hold after each, whatever happened."""

import random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lineage.changes import IssueSeen
from lineage.terms import EdgeKind
from tests.lineage import random_history
from tests.lineage.conftest import Stage
from tests.lineage.random_history import (
    KEYS,
    Step,
    begin,
    derived,
    differences,
    key,
    play,
    steps,
    steps_of,
    told_twice,
)

LINKING = ("split", "merge", "remove a link", "start", "done", "decline", "reopen")
some = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@some
@given(st.lists(steps, min_size=5, max_size=25))
def test_every_derived_row_equals_a_full_recompute(stage: Stage, history: list[Step]) -> None:
    with stage() as story:
        begin(story)
        for step in history:
            play(story, step)
            assert differences(story) == []


@some
@given(st.lists(steps, min_size=5, max_size=25))
def test_nobody_is_told_anything_twice(stage: Stage, history: list[Step]) -> None:
    with stage() as story:
        begin(story)
        for step in [*history, ("send", 0, 0), ("approve", 0, 0), ("send", 0, 0)]:
            play(story, step)
            assert told_twice(story) == []
            assert random_history.live_lanes(story) == []
        assert story.send_all() == [], "what was said is not said again"


@some
@given(
    st.lists(steps, max_size=10),
    st.sampled_from(EdgeKind),
    st.integers(0, 4),
    st.integers(1, 4),
)
def test_removing_a_link_restores_the_identical_state(
    stage: Stage,
    history: list[Step], kind: EdgeKind, src: int, other: int,
) -> None:  # fmt: skip
    with stage() as story:
        begin(story)
        for step in history:
            play(story, step)
        ends = key(src), key(src + other)
        if {edge.src for edge in story.tracker.links.values()} & {story.id(ends[0])}:
            return  # `disconnect` would remove an older link of the two besides
        if story.tracker.gone & set(ends):
            return
        before = derived(story)
        story.connect(kind, ends)
        story.disconnect(*ends)
        assert derived(story) == before


@some
@given(st.lists(steps_of(*LINKING), max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_of_what_was_heard_change_nothing(
    stage: Stage, history: list[Step], chance: random.Random
) -> None:
    heard: list[IssueSeen] = []
    with stage() as story:
        begin(story)
        for step in history:
            play(story, step)
            heard += [story.tracker.seen(name) for name in KEYS]
        orderly = derived(story)
        final = [story.tracker.seen(name) for name in KEYS]
    with stage() as story:
        begin(story)
        some_of_it = chance.choices(heard, k=20) if heard else []  # some late, some twice, some never
        for seen in [*some_of_it, *final, *final]:
            story.again(seen)
        assert derived(story) == orderly
        assert not any(story.again(seen) for seen in final), "a healthy round changes nothing"
