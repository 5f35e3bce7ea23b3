"""The story, played up to one of its steps, for browsers and pictures to look at."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.demo.cast import AS_WRITTEN, cast_for
from sandbox.demo.operator import Operator, set_up
from sandbox.demo.scene import Scene, set_the_scene
from sandbox.demo.stage import Stage
from sandbox.demo.story import STEPS


def play_on(scene: Scene, *, after: str | None, until: str) -> None:
    """The steps behind the one called `after` (None: from the first), up to the one called `until`."""
    titles = [step.title for step in STEPS]
    first = 0 if after is None else titles.index(after) + 1
    for step in STEPS[first : titles.index(until) + 1]:
        step.act(scene)
        scene.quiet()


@contextmanager
def played(*, until: str) -> Iterator[Scene]:
    """A stage of its own on which the story has come so far; everything is gone afterwards."""
    with Stage(seed=AS_WRITTEN) as stage:
        operator = Operator(stage)
        set_up(operator, stage)
        scene = set_the_scene(cast_for(AS_WRITTEN), stage, operator)
        play_on(scene, after=None, until=until)
        yield scene
