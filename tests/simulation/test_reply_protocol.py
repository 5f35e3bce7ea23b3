"""One reply, once, whatever goes wrong between us and Zendesk: by chance, and by the same chance each time.

With SEED=n in the environment only that seed is played; its history is printed where it fails (or with -s).
"""

import os
from collections.abc import Sequence

import pytest

from tests.simulation.guards import COVERED, GUARDS
from tests.simulation.playing import first_wrong, told, without

SEEDS, MANY_SEEDS = 5_000, 200_000
GIVEN_UP_AFTER = 3_000
"""So many seeds are tried without a guard before it is called superfluous; most need a few dozen."""


def ranges(first: int, seeds: int, parts: int) -> Sequence[range]:
    """In parts, so that two processes can share them."""
    if one := os.environ.get("SEED"):
        return [range(int(one), int(one) + 1)]
    each = seeds // parts
    return [range(first + part * each, first + (part + 1) * each) for part in range(parts)]


def the_promise_holds(seeds: range) -> None:
    if len(seeds) == 1:
        print(told(seeds[0]))
    found = first_wrong(seeds)
    assert found is None, (
        f"{told(found[0])}\n\nThis one again: SEED={found[0]} make test ARGS=tests/simulation"
    )


@pytest.mark.parametrize("seeds", ranges(0, SEEDS, 4), ids=str)
def test_whoever_is_owed_it_is_told_once(seeds: range) -> None:
    the_promise_holds(seeds)


@pytest.mark.long
@pytest.mark.parametrize("seeds", ranges(SEEDS, MANY_SEEDS, 20), ids=str)
def test_whoever_is_owed_it_is_told_once_in_many_more_histories(seeds: range) -> None:
    the_promise_holds(seeds)


def test_a_seed_is_the_same_history_each_time() -> None:
    for seed in range(20):
        assert told(seed) == told(seed)


@pytest.mark.parametrize("name", GUARDS)
def test_without_any_one_guard_the_promise_is_broken(name: str) -> None:
    found = without(GUARDS[name], range(GIVEN_UP_AFTER))
    assert found, f"step {GUARDS[name].step}, {name}: nobody noticed. Is it superfluous, or are we blind?"
    print(f"{name}: after {found[0] + 1} seeds: {found[1]}")


@pytest.mark.long
@pytest.mark.parametrize("name", COVERED)
def test_a_guard_that_another_one_covers_breaks_nothing_alone(name: str) -> None:
    found = without(COVERED[name], range(GIVEN_UP_AFTER * 5))
    assert found is None, f"{name}: {found}. Then it is a guard of its own: move it to GUARDS."
