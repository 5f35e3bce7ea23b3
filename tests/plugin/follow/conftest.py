"""Ana, who asked for an export to PDF in a ticket and has the link to her page."""

import re
from dataclasses import dataclass

import pytest
import requests

from lineage import questions
from lineage.changes import KeepsPart, Titled
from plugin import work
from sandbox.zendesk.records import Ticket, User
from store.database import reading
from store.worker import Worker
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this folder

FORM = re.compile(r'name="csrf_token" value="([^"]+)"')


def link_of(house: House, ticket: Ticket) -> str:
    """The path of the page of what was asked in this ticket."""
    with reading(house.state.engine) as conn:
        pages = questions.pages_of_ticket(conn, house.workspace, str(ticket.id))
    (url,) = [page.url for page in pages if page.origin == f"zendesk:ticket:{ticket.id}"]
    assert url is not None
    return url.removeprefix(house.url)


@dataclass
class Reader:
    """Whoever has a link. There is no cookie and nothing to sign in to."""

    house: House
    ticket: Ticket
    link: str

    def get(self, path: str = "", **headers: str) -> requests.Response:
        return self.house.get(self.link + path, headers=headers)

    def reads(self, **headers: str) -> str:
        page = self.get(**headers)
        assert page.status_code == 200
        return page.text

    def post(self, path: str, *, form: str | None = None, **fields: str) -> requests.Response:
        if form is None:
            found = FORM.search(self.get("/no-longer").text)
            assert found is not None
            form = found[1]
        return self.house.post(self.link + path, data={"csrf_token": form, **fields})


@pytest.fixture
def ana(house: House) -> User:
    acme = house.zendesk.add_organization("Acme", ["acme.example"])
    return house.zendesk.add_user("Ana", "ana@acme.example", organization=acme)


@pytest.fixture
def reader(house: House, ana: User) -> Reader:
    """KS-1 was split into KS-2 and KS-3 and is a container; customers may read of all three."""
    house.jira.add_issue("KS-1", "PDF export, internal")
    ticket = house.zendesk.open_ticket(ana, "Exporting reports", "We export 300 reports a month by hand.")
    house.reads_ticket(ticket.id)
    house.reads("KS-1")
    house.links(ticket.id, "KS-1")
    house.jira.split("KS-1", ["One report, internal", "Scheduled, internal"])
    house.reads("KS-1", "KS-2", "KS-3")
    now = house.clock.now()
    house.record(KeepsPart(house.item_id("KS-1"), keeps=False, by="Erik", at=now), "container")
    titles = {"KS-1": "Export to PDF", "KS-2": "Export one report", "KS-3": "Scheduled exports"}
    for key, title in titles.items():
        house.record(Titled(house.item_id(key), title, own_part=False, by="Agnes", at=now), f"title:{key}")
    return Reader(house, ticket, link_of(house, ticket))


def finish(house: House, *keys: str) -> None:
    for key in keys:
        house.jira.transition(key, "done")
    house.reads(*keys)


def works(house: House, *, later_s: float = 0) -> None:
    """Time passes, and the worker says what is due."""
    house.clock.advance(later_s)
    shelves = {"notices": work.shelves(house.state)["notices"]}
    Worker(house.state.engine, shelves, clock=house.clock.now).burst(0)
