"""What the store promises, it promises on both databases."""

import pytest


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def dbms(request: pytest.FixtureRequest) -> str:
    return str(request.param)
