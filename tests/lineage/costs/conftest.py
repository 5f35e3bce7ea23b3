"""Two companies, a small one and a large one, built once; what happens to them in a test is undone."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from store import workspaces
from store.database import open_database
from tests.databases import fresh
from tests.lineage.costs.company import build
from tests.lineage.story import Story

SIZES = (100, 1_000)
"""Duplicates, askers and asks: thrice as many requests."""
BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="package")
def companies(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Story]]:
    """On SQLite alone, which says how many rows it goes through."""
    with ExitStack() as opened:
        yield [_company(request, tmp_path_factory, opened, size) for size in SIZES]


def _company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, opened: ExitStack, size: int
) -> Story:
    folder = tmp_path_factory.mktemp("company")
    engine = open_database(opened.enter_context(fresh(request, "sqlite", folder)))
    opened.callback(engine.dispose)
    conn = opened.enter_context(engine.connect())
    workspace = workspaces.add(conn, slug="acme", name="Acme", now=BEGIN)
    story = Story(conn, workspace, BEGIN)
    build(story, size)
    return story
