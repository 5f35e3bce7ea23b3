"""A small account, and zenpy as anybody installs it to drive it."""

from collections.abc import Iterator

import pytest
from zenpy import Zenpy

from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User


@pytest.fixture
def zendesk() -> Iterator[Zendesk]:
    with Zendesk() as vendor:
        vendor.add_organization("Acme", ["acme.example"])
        yield vendor


@pytest.fixture
def ana(zendesk: Zendesk) -> User:
    return zendesk.add_user("Ana Ruiz", "ana@acme.example", locale="es")


@pytest.fixture
def sam(zendesk: Zendesk) -> User:
    return zendesk.add_agent("Sam Agent", "sam@helpdesk.example", role="admin")


@pytest.fixture
def ticket(zendesk: Zendesk, ana: User) -> Ticket:
    return zendesk.open_ticket(ana, "Export to PDF", "We export 300 reports a month by hand.")


@pytest.fixture
def zenpy(zendesk: Zendesk, sam: User, monkeypatch: pytest.MonkeyPatch) -> Zenpy:
    """Unmodified, with its own session and its own habits."""
    monkeypatch.setenv("ZENPY_FORCE_SCHEME", "http")
    subdomain, _, domain = zendesk.url.removeprefix("http://").partition(".")
    return Zenpy(subdomain=subdomain, domain=domain, email=sam.email, token=zendesk.api_token)
