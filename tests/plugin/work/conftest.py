"""The worker on the workspace `acme`, whose vendors are sandboxes. Looks are asked for, and done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from connectors import accounts
from connectors.jira import mapping
from lineage import ledger, questions
from lineage.changes import Change, Linked, PersonSeen, TicketSeen
from lineage.questions import ItemView
from lineage.terms import ItemId, Origin
from plugin import work
from plugin.app_state import Kithspark
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.clock import Clock
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from store import connections, looks
from store.database import reading, transaction
from store.worker import Report, Worker
from store.workspaces import Workspace

if TYPE_CHECKING:
    from tests.plugin.work.past import Past


@dataclass
class Desk:
    """`app` and its clock; what a test asks of them, in its own words."""

    app: Kithspark
    workspace: Workspace
    clock: Clock
    causes: list[str] = field(default_factory=list)

    def connect(self, system: str, url: str, config: dict[str, Any], secrets: dict[str, str]) -> None:
        with transaction(self.app.engine) as conn:
            connections.save(
                conn, self.app.vault, workspace_id=self.workspace.id, system=system, url=url, config=config,
                secrets=secrets, now=self.clock.now(),
            )  # fmt: skip

    def ask(self, system: str, kind: str, ident: object, **more: Any) -> None:
        with transaction(self.app.engine) as conn:
            looks.ask(
                conn, workspace_id=self.workspace.id, system=system, kind=kind, object_id=str(ident),
                now=self.clock.now(), **more,
            )  # fmt: skip

    def works(self, *shelves: str) -> Report:
        """Does everything that is due on these shelves (else all), and what comes of it."""
        every = work.shelves(self.app)
        chosen = {name: every[name] for name in shelves or every}
        return Worker(self.app.engine, chosen, clock=self.clock.now).burst(0)

    def looks_at(self, system: str, kind: str, ident: object, **more: Any) -> Report:
        self.ask(system, kind, ident, **more)
        return self.works("looks")

    def record(self, change: Change) -> None:
        self.causes.append(f"test:{len(self.causes)}")
        with transaction(self.app.engine) as conn:
            ledger.record(conn, self.workspace, change, cause=self.causes[-1], now=self.clock.now())

    def links(self, ticket: object, item: str) -> None:
        origin = Origin("zendesk:ticket", str(ticket))
        self.record(Linked(origin, ItemId(item), by="Agnes", at=self.clock.now()))

    def knows_ticket(self, number: str, *emails: str) -> None:
        """Somebody with these addresses asked in a ticket."""
        now = self.clock.now()
        asker = PersonSeen("zendesk", f"9{number}", "Ana", emails)
        self.record(TicketSeen(number, "open", "Export", "PDF, please", asker, created=now, updated=now))

    def item(self, ident: str) -> ItemView:
        with reading(self.app.engine) as conn:
            found = questions.item(conn, self.workspace, ident)
        assert found is not None
        return found

    def rows(self, table: Any) -> list[dict[str, Any]]:
        with reading(self.app.engine) as conn:
            return [dict(row) for row in conn.execute(select(table)).mappings()]

    def look_row(self, system: str, kind: str, ident: object) -> dict[str, Any]:
        key = (system, kind, str(ident))
        [row] = [
            one for one in self.rows(looks.looks) if (one["system"], one["kind"], one["object_id"]) == key
        ]
        return row


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(
    database: Engine, database_url: str, workspace: Workspace, tmp_path: Path, clock: Clock
) -> Iterator[Desk]:
    settings = Settings(
        data_dir=tmp_path, database_url=database_url, secret_keys=(Fernet.generate_key().decode(),)
    )
    yield Desk(open_installation(settings, engine=database, clock=clock.now), workspace, clock)
    accounts.close_all()


@pytest.fixture
def jira(desk: Desk, clock: Clock) -> Iterator[Jira]:
    """Connected, with its words mapped."""
    site = Jira(clock=clock).start()
    desk.connect("jira", site.url, {"email": site.email}, {"api_token": site.api_token})
    with reading(desk.app.engine) as conn:
        client = accounts.jira(connections.load(conn, desk.app.vault, desk.workspace.id, "jira"))
    seed = mapping.seed(client.link_types(), client.resolutions())
    words = {"links": dict(seed.links), "resolutions": dict(seed.resolutions), "backwards": []}
    desk.connect("jira", site.url, {"email": site.email, "mapping": words}, {"api_token": site.api_token})
    yield site
    site.stop()


@pytest.fixture
def zendesk(desk: Desk, clock: Clock) -> Iterator[Zendesk]:
    with Zendesk(clock=clock) as account:
        config = {"client_id": account.client_id, "own_user_id": str(account.service.id)}
        desk.connect("zendesk", account.url, config, {"client_secret": account.client_secret})
        yield account


@pytest.fixture
def hubspot(desk: Desk, clock: Clock) -> Iterator[HubSpot]:
    portal = HubSpot(clock=clock, seed=3).start()
    desk.connect("hubspot", portal.url, {}, {"token": portal.token})
    yield portal
    portal.stop()


@pytest.fixture
def past(desk: Desk, zendesk: Zendesk, jira: Jira, tmp_path: Path) -> "Past":
    from tests.plugin.work.past import Past

    return Past(desk, zendesk, jira, tmp_path)
