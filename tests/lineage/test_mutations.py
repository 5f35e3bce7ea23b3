"""Each invariant broken on purpose: exactly that one has to report it after a short history, or it is blind.

A mutation is one line of a table in `mutations/`: which invariant finds it, where it is, what stands there
instead, and a history.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from tests.lineage.invariants.table import AT_THE_END, INVARIANTS, OFTEN, Wrong, look, noted
from tests.lineage.mutations.mutation import put_everywhere
from tests.lineage.mutations.of_counts import OF_COUNTS
from tests.lineage.mutations.of_rules import OF_RULES
from tests.lineage.mutations.of_telling import OF_TELLING
from tests.lineage.twin import broken
from tests.lineage.twin.hearing import Stage
from tests.lineage.twin.prepared import prepared
from tests.lineage.twin.twin import Twin

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MUTATIONS = OF_RULES | OF_COUNTS | OF_TELLING
MODULES_OF_COUNTING = {"passing", "purse", "purse_rows", "shares", "sums", "pushing", "rebuild", "whole"}


@pytest.fixture(scope="module")
def known(shared_database: Engine) -> Iterator[Stage]:
    with prepared(shared_database, NOW) as stage:
        yield stage


def wrong_after(stage: Stage, history: Callable[[Twin], object]) -> Wrong:
    """What is broken at the end, by invariant."""
    wrong = Wrong()
    with stage() as story:
        twin = Twin(story)
        look(twin, OFTEN)  # from here on it sees what differs
        with noted(wrong, broken.RUNS):
            history(twin)
        return wrong | look(twin, OFTEN) | look(twin, AT_THE_END)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_rule_is_found(known: Stage, name: str) -> None:
    one = MUTATIONS[name]
    assert wrong_after(known, one.history) == {}, "the history alone is no fault"
    with put_everywhere(one):
        found = wrong_after(known, one.history)
    assert one.caught_by in found, f"{name}: not found by {one.caught_by!r}, but by {found}"


def test_every_invariant_has_a_mutation_that_it_reports() -> None:
    assert {one.caught_by for one in MUTATIONS.values()} == INVARIANTS


def test_every_module_that_counts_is_broken_once() -> None:
    assert {name.split(":")[0] for name in OF_COUNTS} >= MODULES_OF_COUNTING
