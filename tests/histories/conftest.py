"""One town for all histories of this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.histories.town import Town, opened
from tests.histories.wire import alone


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("histories"), migrated_file) as town:
        yield town


@pytest.fixture
def town(_town: Town) -> Iterator[Town]:
    with alone(_town.scene.apps):
        yield _town
