"""A database that is shared: each seed is a transaction that is undone at its end."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from store.database import open_database
from tests.databases import fresh
from tests.simulation.on_rows import OnRows


@pytest.fixture(scope="session")
def on_rows(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], AbstractContextManager[OnRows]]]:
    """A fresh house on real rows, as often as it is asked for."""
    folder: Path = tmp_path_factory.mktemp("simulation")
    with fresh(request, "sqlite", folder) as url:
        engine = open_database(url)

        @contextmanager
        def house() -> Iterator[OnRows]:
            with engine.connect() as conn:
                begun = conn.begin()
                try:
                    yield OnRows(conn)
                finally:
                    begun.rollback()

        yield house
        engine.dispose()
