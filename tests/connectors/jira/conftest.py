"""A Jira of its own for each test, and our client on it."""

from collections.abc import Iterator

import pytest

from connectors.jira import mapping
from connectors.jira.client import Jira as Client
from connectors.jira.mapping import LinkMapping
from sandbox.jira import Jira


@pytest.fixture
def jira() -> Iterator[Jira]:
    site = Jira().start()
    yield site
    site.stop()


@pytest.fixture
def client(jira: Jira) -> Iterator[Client]:
    client = Client(url=jira.url, email=jira.email, api_token=jira.api_token, timeout_s=(1, 0.3))
    yield client
    client.close()


@pytest.fixture
def meanings(client: Client) -> LinkMapping:
    return mapping.seed(client.link_types(), client.resolutions())
