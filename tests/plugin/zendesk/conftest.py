"""An agent, Agnes, who has the sidebar open beside a ticket."""

from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sandbox.zendesk.records import Ticket, User
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this folder


@dataclass
class Sidebar:
    """What Agnes sees and clicks. `bearer` is what her page holds."""

    house: House
    agent: User
    bearer: str

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.house.get(f"/zendesk/acme{path}", headers=carrying(self.bearer), **more)

    def post(self, path: str, **form: str | list[str]) -> requests.Response:
        return self.house.post(f"/zendesk/acme{path}", headers=carrying(self.bearer), data=form)


def first_load(house: House, token: str, slug: str = "acme") -> requests.Response:
    return house.post(f"/zendesk/sidebar/{slug}?origin={house.zendesk.url}", data={"token": token})


def queue_load(house: House, token: str, slug: str = "acme") -> requests.Response:
    return house.post(f"/zendesk/sidebar/{slug}/queue?origin={house.zendesk.url}", data={"token": token})


@pytest.fixture
def agnes(house: House) -> User:
    return house.zendesk.add_agent("Agnes", "agnes@helpdesk.example")


@pytest.fixture
def sidebar(house: House, agnes: User) -> Sidebar:
    page = first_load(house, house.zendesk.sidebar.token(house.zendesk.url, agnes))
    assert page.status_code == 200, page.text
    return Sidebar(house, agnes, bearer_of(page))


@pytest.fixture
def ticket(house: House) -> Ticket:
    """Ana's, of Acme: she asks for an export to PDF."""
    acme = house.zendesk.add_organization("Acme", ["acme.example"])
    ana = house.zendesk.add_user("Ana", "ana@acme.example", organization=acme)
    return house.zendesk.open_ticket(
        ana, "Exporting reports to PDF", "We export 300 reports a month by hand."
    )


@pytest.fixture
def desk(house: House, sidebar: Sidebar, ticket: Ticket) -> Sidebar:
    """The ticket is open, and linked to nothing."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    sidebar.get(f"/tickets/{ticket.id}")
    return sidebar
