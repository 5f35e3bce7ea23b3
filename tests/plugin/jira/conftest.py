"""An engineer who has the panel open beside an issue of a site where the app is installed."""

import re
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from connectors.jira.client import Jira as JiraClient
from connectors.jira.mapping import seed
from plugin.jira import act_work, acts
from plugin.jira.forge import folder
from sandbox.zendesk.records import Ticket
from store import connections
from store.attempt import Work, attempt
from store.database import transaction
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this folder


def deploy(house: House, into: Path) -> None:
    """The Forge app, as an operator deploys and installs it."""
    folder.lay_out(house.app, into, public_url=house.url, app_id=house.state.settings.forge_app_id)
    house.jira.forge.install(into)


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

    def renew(self) -> requests.Response:
        """What the open page does every few minutes: its host says again who reads it."""
        jira = self.house.jira
        token = jira.connect.context_token(jira.issue(self.issue), jira.user)
        where = f"/jira/acme/issues/{self.issue}/renew"
        return self.house.post(where, headers={"Authorization": f"JWT {token}"})


def open_panel(house: House, key: str) -> Panel:
    """The panel once it is all there: what comes by itself a moment later, too."""
    page = requests.get(house.jira.frame_url(key), timeout=10)
    assert page.status_code == 200, page.text
    panel = Panel(house, house.jira.issue(key).id, bearer_of(page), page.text)
    for fragment in LATER.findall(page.text):
        panel.page += house.get(unescape(fragment), headers=carrying(panel.bearer)).text
    return panel


def knows_the_words(house: House) -> None:
    """What `kithspark connect jira` learns: which links are splits, which resolutions mean delivered."""
    client = JiraClient(url=house.jira.url, email=house.jira.email, api_token=house.jira.api_token)
    words = seed(client.link_types(), client.resolutions())
    client.close()
    mapping = {"links": dict(words.links), "resolutions": dict(words.resolutions)}
    with transaction(house.state.engine) as conn:
        connections.save(
            conn, house.state.vault, workspace_id=house.workspace.id, system="jira", url=house.jira.url,
            config={"email": house.jira.email, "mapping": mapping},
            secrets={"api_token": house.jira.api_token}, now=house.clock.now(),
        )  # fmt: skip


LATER = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')


def works(house: House, *, times: int = 10) -> list[str]:
    """What the worker does in Jira; how each try ended."""
    ended: list[str] = []
    work = Work(acts.SHELF, partial(act_work.do, house.state))
    while len(ended) < times:
        with transaction(house.state.engine) as conn:
            claimed = acts.SHELF.claim(conn, now=house.clock.now(), lease_s=20, limit=1)
        if not claimed:
            break
        ended.append(
            attempt(house.state.engine, work, claimed[0], clock=house.clock.now, rng=Random(1)).value
        )
    return ended


@pytest.fixture
def installed(house: House) -> House:
    knows_the_words(house)
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.jira.install(house.url)
    return house


@pytest.fixture
def forged(house: House, tmp_path: Path) -> House:
    """The same with the Forge app."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    deploy(house, tmp_path / "forge-app")
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
