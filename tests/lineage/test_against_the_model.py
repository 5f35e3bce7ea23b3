"""Random histories through the one door: whatever happens, the engine answers as the model does, and every
invariant holds.

`make test` plays 5,000 events on each of the databases; `make test-long` a million on SQLite and 20,000 on
Postgres. `EVENTS=` plays another number of the long ones. Each round of them has a seed of its own, one more
than that before: `SEED=` says with which to begin, so that what was interrupted goes on where it stopped.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from lineage.carriers import Chosen, rest
from lineage.graph import Edge, SplitFacts, flow
from lineage.terms import ItemId
from tests.lineage.invariants.playing import shortest
from tests.lineage.machine import Histories
from tests.lineage.model.facts import Facts, Link
from tests.lineage.model.resting import Where
from tests.lineage.random_links import DAY, choices, facts, item_ids, links
from tests.lineage.twin.hearing import Stage
from tests.lineage.twin.prepared import prepared

EVENTS, SHARES = 5_000, 4
"""How many events, and in how many tests, so that no core has to play them all."""
EVENTS_WHEN_LONG = {"sqlite": 1_000_000, "postgres": 20_000}
FIRST_SEED = int(os.environ.get("SEED", "1"))


@pytest.fixture
def known(shared_database: Engine, now: datetime) -> Iterator[Stage]:
    with prepared(shared_database, now) as stage:
        yield stage


def play(stage: Stage, events: int, *, first_seed: int | None = None) -> int:
    """Plays histories until this many events happened; how many did. Raises the shortest that fails.

    Without a `first_seed` it draws other histories each time. With one it says how far it is.
    """
    Histories.stage, Histories.events, Histories.failed = staticmethod(stage), 0, None
    begun, round_ = time.monotonic(), 0
    while Histories.events < events:
        histories = settings(
            max_examples=max(5, min(40, (events - Histories.events) // 80)),
            stateful_step_count=200,
            deadline=None,
            derandomize=False,  # in CI it would play the same round again and again
            database=None,
            phases=[Phase.generate],
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        machine = type("Round", (Histories,), {})
        if first_seed is not None:
            machine = seed(first_seed + round_)(machine)
        try:
            run_state_machine_as_test(machine, settings=histories)
        except Exception:
            if Histories.failed is None:
                raise
            raise AssertionError(str(shortest(stage, Histories.failed))) from None
        round_ += 1
        if first_seed is not None:
            _tell(Histories.events, events, time.monotonic() - begun, first_seed + round_)
    return Histories.events


def _tell(events: int, wanted: int, took: float, next_seed: int) -> None:
    end = datetime.now().astimezone() + timedelta(seconds=took / events * (wanted - events))
    each = f"{1_000 * took / events:.1f} ms each"
    print(f"{events:,} of {wanted:,} events, {each}; done at {end:%H:%M}; SEED={next_seed} goes on here")


@pytest.mark.parametrize("_share", range(SHARES))
def test_the_engine_answers_as_the_model_does(known: Stage, _share: int) -> None:
    assert play(known, EVENTS // SHARES) >= EVENTS // SHARES


@pytest.mark.long
def test_the_engine_answers_as_the_model_does_a_million_times(
    known: Stage, dbms: str, capsys: pytest.CaptureFixture[str]
) -> None:
    events = int(os.environ.get("EVENTS", EVENTS_WHEN_LONG[dbms]))
    with capsys.disabled():
        assert play(known, events, first_seed=FIRST_SEED) >= events


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(links, facts, st.lists(item_ids, min_size=1), choices)
def test_asks_rest_where_the_model_says(
    edges: list[Edge], said: dict[ItemId, SplitFacts], starts: list[ItemId], chosen: Chosen
) -> None:
    """The same for far more tangled links than a history brings about."""
    model = Facts(
        links={Link(int(edge.link_id), edge.kind.value, edge.src, edge.dst) for edge in edges},
        keeps={item: one.keeps for item, one in said.items() if one.keeps is not None},
        sizes={item: {str(part): size for part, size in one.sizes.items()} for item, one in said.items()},
        choices={("Ana", item): frozenset(parts) for item, parts in chosen.items()},
    )
    where = Where(model)
    for start in starts:
        found = rest(start, DAY, flow(edges, said), chosen).shares
        assert {tuple(node): share for node, share in found.items()} == where.way("Ana", start).shares
