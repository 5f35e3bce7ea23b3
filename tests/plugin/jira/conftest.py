"""An engineer who has the panel open beside an issue of a site where the app is installed."""

from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sandbox.zendesk.records import Ticket
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this folder


@dataclass
class Panel:
    """What the engineer sees and clicks, for the one issue of `page`."""

    house: House
    issue: str
    bearer: str
    page: str

    def get(self, path: str = "", **more: Any) -> requests.Response:
        return self.house.get(f"/jira/acme/issues/{self.issue}{path}", headers=carrying(self.bearer), **more)

    def post(self, path: str, **form: str | list[str]) -> requests.Response:
        where = f"/jira/acme/issues/{self.issue}{path}"
        return self.house.post(where, headers=carrying(self.bearer), data=form)


def open_panel(house: House, key: str) -> Panel:
    page = requests.get(house.jira.frame_url(key), timeout=10)
    assert page.status_code == 200, page.text
    return Panel(house, house.jira.issue(key).id, bearer_of(page), page.text)


@pytest.fixture
def installed(house: House) -> House:
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.jira.install(house.url)
    return house


@pytest.fixture
def ticket(house: House) -> Ticket:
    acme = house.zendesk.add_organization("Acme", ["acme.example"])
    ana = house.zendesk.add_user("Ana", "ana@acme.example", organization=acme)
    return house.zendesk.open_ticket(
        ana, "Exporting reports to PDF", "We export 300 reports a month by hand."
    )


@pytest.fixture
def split(installed: House, ticket: Ticket) -> House:
    """Ana's ticket is linked to KS-1, which was split into KS-2 and KS-3."""
    installed.reads("KS-1")
    installed.reads_ticket(ticket.id)
    installed.links(ticket.id, "KS-1")
    installed.jira.split("KS-1", ["Export one report", "Scheduled exports"])
    installed.reads("KS-1", "KS-2", "KS-3")
    return installed
