"""A sandbox portal on a port, and our client that talks to it by the given library."""

from collections.abc import Iterator

import pytest

from connectors.hubspot.client import HubSpot
from sandbox.hubspot import HubSpot as Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal(seed=5, association_page=2, rates={"EUR": "1.10"}).start()
    yield portal
    portal.stop()


@pytest.fixture
def client(portal: Portal) -> Iterator[HubSpot]:
    client = HubSpot(url=portal.url, token=portal.token, timeout_s=(1.0, 0.3), search_gap_s=0)
    yield client
    client.close()
