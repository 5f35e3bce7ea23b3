"""The same histories on the rows of the database: what the ones in memory stand for."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from unittest import mock

import pytest

from lineage import notices, outbox
from store.waiting import Shelf
from tests.simulation.loop import Wrong
from tests.simulation.on_rows import OnRows
from tests.simulation.run import Run
from tests.simulation.weather import IN_TICKETS, scene_of

Rows = Callable[[], AbstractContextManager[OnRows]]

GIVEN_UP_AFTER = 300

GUARDS: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "what may have arrived is planned anew, or cancelled at once": (
        (notices, "in_doubt", lambda _: False), (outbox, "in_doubt", lambda _: False)),
    "a worker that lost its lease goes on": (
        (Shelf, "held", lambda self, claimed: self.table.c.id == claimed.id),),
    "what may have been sent is not kept": ((notices, "keep", lambda *_: None),),
    "what is cancelled is said": ((notices, "_still_owed", lambda *_: True),),
}  # fmt: skip
"""The guards on our own rows, each taken out."""


def first_wrong(on_rows: Rows, seeds: Iterable[int]) -> str:
    for seed in seeds:
        with on_rows() as house:
            try:
                Run(seed, scene=scene_of(seed, IN_TICKETS), house=house).play()
            except Wrong as wrong:
                return f"SEED={seed}: {wrong}"
    return ""


@pytest.mark.parametrize("seeds", [range(30), range(30, 60)], ids=str)
def test_whoever_is_owed_it_is_told_once_by_the_real_rows(on_rows: Rows, seeds: range) -> None:
    assert not first_wrong(on_rows, seeds)


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_whoever_is_owed_it_is_told_once_by_the_real_rows_many_times(on_rows: Rows, part: int) -> None:
    assert not first_wrong(on_rows, range(60 + part * 200, 60 + (part + 1) * 200))


@pytest.mark.long
@pytest.mark.parametrize("name", GUARDS)
def test_without_any_one_guard_on_the_rows_the_promise_is_broken(on_rows: Rows, name: str) -> None:
    with ExitStack() as out:
        for where, what, instead in GUARDS[name]:
            out.enter_context(mock.patch.object(where, what, instead))
        found = first_wrong(on_rows, range(GIVEN_UP_AFTER))
    assert found, f"{name}: nobody noticed"
    print(f"{name}: {found}")
