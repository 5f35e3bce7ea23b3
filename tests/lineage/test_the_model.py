"""The model shares nothing with the engine, and a history that fails is made short."""

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.lineage.invariants.playing import Event, failure_of, shortest
from tests.lineage.mutations.mutation import put_everywhere
from tests.lineage.mutations.of_counts import OF_COUNTS
from tests.lineage.twin.hearing import Stage
from tests.lineage.twin.prepared import prepared

MODEL = Path(__file__).parent / "model"


@pytest.fixture
def known(shared_database: Engine, now: datetime) -> Iterator[Stage]:
    with prepared(shared_database, now) as stage:
        yield stage


def test_the_model_knows_no_rule_of_the_engine() -> None:
    nodes = [node for file in MODEL.glob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    ours = {name for name in imported if name.split(".")[0] in ("lineage", "store", "tests", "connectors")}
    assert ours and all(name.startswith("tests.lineage.model.") for name in ours), sorted(ours)


def test_a_history_that_fails_is_shown_as_short_as_it_gets(known: Stage) -> None:
    events = [
        Event("asks", ("Bo", "KS-2")),
        Event("connects", ("split", "KS-2", "KS-3")),
        Event("asks", ("Ana", "KS-1")),
        Event("closes", ("KS-3", "done")),
        Event("votes", ("Cy", "9")),  # there is no post 9: it does not happen
        Event("is_staff", ("Ana",), {"staff": True}),
        Event("moves_to", ("KS-3", "new")),
    ]
    assert failure_of(known, events) is None
    with put_everywhere(OF_COUNTS["passing: colleagues count"]):
        failed = failure_of(known, events)
        assert failed is not None
        short = shortest(known, failed)
    assert short.said == ["Ana of Acme asks for KS-1", "Ana is a colleague"]
    assert "1. Ana of Acme asks for KS-1\n  2. Ana is a colleague" in str(short)
