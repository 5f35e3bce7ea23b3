"""One town for all the histories that follow one another in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.histories.town import Town, opened


@pytest.fixture(scope="package")  # while it is open, no process has a network, and nobody sleeps
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("histories"), migrated_file) as town:
        yield town
