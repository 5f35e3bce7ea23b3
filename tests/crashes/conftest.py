"""Towns for the tests of one process: opened when first asked for, and anew after a test failed in one."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.crashes.processes import Warm
from tests.crashes.town import Database, Queue, Town, opened
from tests.postgres.server import Server, started


@dataclass
class Towns:
    warm: Warm
    _servers: ExitStack = field(default_factory=ExitStack)
    _server: Server | None = None
    _open: dict[tuple[Database, Queue], tuple[ExitStack, Town]] = field(default_factory=dict)

    @contextmanager
    def of(self, database: Database, queue: Queue) -> Iterator[Town]:
        key = (database, queue)
        if key not in self._open:
            self._open[key] = self._opened(database, queue)
        ending, town = self._open[key]
        try:
            yield town
        except BaseException:
            del self._open[key]
            ending.close()
            raise

    def leave(self, database: Database, queue: Queue) -> None:
        """The next who asks for it gets another one: what a reconciliation reads again grows with a town."""
        if (database, queue) in self._open:
            self._open.pop((database, queue))[0].close()

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1][0].close()
        self._servers.close()

    def _opened(self, database: Database, queue: Queue) -> tuple[ExitStack, Town]:
        if database == "postgres" and self._server is None:
            self._server = self._servers.enter_context(started())
        with ExitStack() as ending:
            folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="kithspark-crash-")))
            town = ending.enter_context(
                opened(folder, self.warm, database=database, queue=queue, postgres=self._server)
            )
            return ending.pop_all(), town
        raise AssertionError


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as warm:
        yield warm


@pytest.fixture(scope="session")
def towns(warm: Warm) -> Iterator[Towns]:
    found = Towns(warm)
    yield found
    found.close()
