"""Two companies, a small one and a large one, built once; what happens to them in a test is undone."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect

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
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, dbms: str
) -> Iterator[list[Story]]:
    with ExitStack() as opened:
        urls = [opened.enter_context(fresh(request, dbms, tmp_path_factory.mktemp("company"))) for _ in SIZES]
        yield [_company(url, opened, size) for url, size in zip(urls, SIZES, strict=True)]


def _company(url: str, opened: ExitStack, size: int) -> Story:
    engine = open_database(url)
    opened.callback(engine.dispose)
    conn = opened.enter_context(engine.connect())
    workspace = workspaces.add(conn, slug="acme", name="Acme", now=BEGIN)
    story = Story(conn, workspace, BEGIN)
    build(story, size)
    if conn.dialect.name == "postgresql":
        ours = ", ".join(inspect(conn).get_table_names())  # its own it shares with other databases
        conn.exec_driver_sql(f"ANALYZE {ours}")  # as it does by itself, in time
        conn.exec_driver_sql("SET enable_seqscan = off")  # which it likes where a table is small
    return story
