"""A sandbox server on a port, and our client that talks to it by the given library."""

from collections.abc import Iterator

import pytest

from connectors.openai.client import OpenAI
from sandbox.openai import OpenAI as Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server().start()
    yield server
    server.stop()


@pytest.fixture
def client(server: Server) -> Iterator[OpenAI]:
    client = OpenAI(url=server.url, api_key=server.api_key, timeout_s=(1.0, 0.3))
    yield client
    client.close()
