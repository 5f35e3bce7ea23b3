"""Seeds played one after the other, and the first that breaks the promise told in readable lines."""

from collections.abc import Iterable
from contextlib import ExitStack
from unittest import mock

from tests.simulation.guards import Guard
from tests.simulation.loop import Wrong
from tests.simulation.run import Run
from tests.simulation.weather import Scene


def wrong_with(seed: int, scene: Scene | None = None) -> str:
    """What this seed breaks; empty where it breaks nothing."""
    try:
        Run(seed, scene=scene).play()
    except Wrong as wrong:
        return str(wrong)
    return ""


def first_wrong(seeds: Iterable[int], scene: Scene | None = None) -> tuple[int, str] | None:
    """The first of these seeds that breaks something, and what."""
    return next(((seed, wrong) for seed in seeds if (wrong := wrong_with(seed, scene))), None)


def without(guard: Guard, seeds: Iterable[int]) -> tuple[int, str] | None:
    """The same, with a guard taken out."""
    with ExitStack() as out:
        for where, name, instead in guard.out:
            out.enter_context(mock.patch.object(where, name, instead))
        return first_wrong(seeds, guard.scene)


def told(seed: int) -> str:
    """The history of a seed, to be read."""
    run = Run(seed, telling=True)
    try:
        run.play()
        end = "nothing is broken"
    except Wrong as wrong:
        end = f"WRONG: {wrong}"
    return "\n".join([f"SEED={seed}", *run.loop.history, end])
