"""A small Zendesk account over real HTTP, and our client of it."""

from collections.abc import Iterator

import pytest

from connectors.zendesk.client import Zendesk
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import Ticket, User


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with Vendor() as zendesk:
        zendesk.add_organization("Acme", ["acme.example"])
        yield zendesk


@pytest.fixture
def client(vendor: Vendor) -> Iterator[Zendesk]:
    client = Zendesk(url=vendor.url, client_id=vendor.client_id, client_secret=vendor.client_secret)
    yield client
    client.close()


@pytest.fixture
def ana(vendor: Vendor) -> User:
    return vendor.add_user("Ana Ruiz", "ana@acme.example", locale="es")


@pytest.fixture
def sam(vendor: Vendor) -> User:
    return vendor.add_agent("Sam Agent", "sam@helpdesk.example")


@pytest.fixture
def ticket(vendor: Vendor, ana: User) -> Ticket:
    return vendor.open_ticket(ana, "Export to PDF", "We export 300 reports a month by hand.")
