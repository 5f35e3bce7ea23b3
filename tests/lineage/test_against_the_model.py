"""Random histories through the one door: at every step the engine answers as the model does.

`make test` plays at least 5,000 events, `make test-long` a million. `SHRINK=1` looks for a shorter history
that fails, which takes minutes.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from lineage.carriers import Chosen, rest
from lineage.graph import Edge, SplitFacts, flow
from lineage.terms import ItemId
from tests.lineage.conftest import Stage
from tests.lineage.machine import Histories
from tests.lineage.model.facts import Facts, Link
from tests.lineage.model.resting import Where
from tests.lineage.random_links import DAY, choices, facts, item_ids, links

pytestmark = pytest.mark.long

EVENTS = 5_000
EVENTS_WHEN_LONG = 1_000_000

histories = settings(
    max_examples=40,
    stateful_step_count=60,
    deadline=None,
    report_multiple_bugs=False,
    phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if os.environ.get("SHRINK") else [])],
    suppress_health_check=list(HealthCheck),
)


def play(stage: Stage, events: int) -> int:
    """Plays histories until this many events happened, or many more should have; how many did."""
    Histories.stage, Histories.events = staticmethod(stage), 0
    for _ in range(events // 400):
        if Histories.events < events:
            run_state_machine_as_test(Histories, settings=histories)
    return Histories.events


def test_the_engine_answers_as_the_model_does(stage: Stage) -> None:
    assert play(stage, EVENTS) >= EVENTS


@pytest.mark.long
def test_the_engine_answers_as_the_model_does_a_million_times(stage: Stage) -> None:
    assert play(stage, EVENTS_WHEN_LONG) >= EVENTS_WHEN_LONG


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
