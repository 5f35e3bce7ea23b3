"""What journeys ask for: a running house, and a real browser."""

from collections.abc import Iterator

import pytest

from tests.journeys.house import House, opened


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with opened() as house:
        yield house
