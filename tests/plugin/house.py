"""The faces inside Zendesk and Jira and the admin pages, on a socket of their own, beside sandbox vendors."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Engine, func, select, update

from connectors.jira import mapping, reader
from connectors.jira.client import Jira as JiraClient
from connectors.zendesk.client import Zendesk as ZendeskClient
from connectors.zendesk.reader import read_ticket
from lineage import ledger, questions
from lineage.changes import Change, Linked
from lineage.likeness import keeping
from lineage.outcomes import notices
from lineage.questions.views import AskView, NoticeView
from lineage.tables import history
from lineage.terms import Origin
from plugin import create_app
from plugin.app_state import Kithspark
from plugin.settings import Settings
from sandbox.clock import Clock
from sandbox.jira import Jira
from sandbox.server import Server
from sandbox.zendesk import Zendesk
from store import connections, installation
from store.database import reading, transaction
from store.workspaces import Workspace


@dataclass
class House:
    """Everything of the workspace `acme`. What people do here goes through the real pages."""

    state: Kithspark
    app: Flask
    url: str
    workspace: Workspace
    clock: Clock
    zendesk: Zendesk
    jira: Jira
    woken: list[None] = field(default_factory=list)

    @contextmanager
    def within(self) -> Iterator[None]:
        with self.app.app_context():
            yield

    def record(self, change: Change, cause: str) -> bool:
        with transaction(self.state.engine) as conn:
            new = ledger.record(conn, self.workspace, change, cause=cause, now=self.clock.now())
            for claimed in keeping.SHELF.claim(conn, now=self.clock.now(), lease_s=20, limit=100):
                keeping.work(conn, self.workspace, claimed)  # as the worker does
            return new

    def reads(self, *issues: str) -> None:
        """What the worker does for a look at these issues."""
        client = JiraClient(url=self.jira.url, email=self.jira.email, api_token=self.jira.api_token)
        words = mapping.seed(client.link_types(), client.resolutions())
        for key in issues:
            seen = reader.read(client.issue(key), mapping=words, site=self.jira.url)
            self.record(seen, f"read:{key}:{self.clock.now().timestamp()}")
        client.close()

    def reads_ticket(self, ticket: int) -> None:
        client = ZendeskClient(
            url=self.zendesk.url,
            client_id=self.zendesk.client_id,
            client_secret=self.zendesk.client_secret,
        )
        self.record(read_ticket(client, ticket), f"read:ticket:{ticket}:{self.clock.now().timestamp()}")
        client.close()

    def links(self, ticket: int, key: str) -> None:
        """An agent linked this ticket some time ago."""
        item = self.item_id(key)
        change = Linked(Origin("zendesk:ticket", str(ticket)), item, by="Agnes", at=self.clock.now())
        self.record(change, f"linked:{ticket}:{key}")

    def item_id(self, key: str) -> Any:
        with reading(self.state.engine) as conn:
            item = questions.item(conn, self.workspace, key)
        assert item is not None
        return item.id

    def asks(self, ticket: int) -> list[AskView]:
        with reading(self.state.engine) as conn:
            return questions.asks_of_ticket(conn, self.workspace, str(ticket))

    def plan(self, state: str | None = None) -> list[NoticeView]:
        with reading(self.state.engine) as conn:
            return questions.notices(conn, self.workspace, state=state)

    def hold_for_approval(self) -> None:
        """Every held notice waits for a person instead."""
        with transaction(self.state.engine) as conn:
            held = update(notices).where(notices.c.state == "held")
            conn.execute(held.values(state="awaiting_approval", due_at=None))

    def changes(self) -> int:
        with reading(self.state.engine) as conn:
            return conn.scalar(select(func.count()).select_from(history)) or 0

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=10, allow_redirects=False, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return requests.post(self.url + path, timeout=10, allow_redirects=False, **more)


def connect(state: Kithspark, workspace: Workspace, *, desk: Zendesk, site: Jira) -> None:
    now = state.clock()
    with transaction(state.engine) as conn:
        connections.save(
            conn,
            state.vault,
            workspace_id=workspace.id,
            system="zendesk",
            url=desk.url,
            config={
                "app_public_keys": [desk.sidebar.public_key_pem()],
                "app_audience": desk.sidebar.audience(desk.url),
                "client_id": desk.client_id,
            },
            secrets={"client_secret": desk.client_secret},
            now=now,
        )
        connections.save(
            conn,
            state.vault,
            workspace_id=workspace.id,
            system="jira",
            url=site.url,
            config={"email": site.email},
            secrets={"api_token": site.api_token},
            now=now,
        )


QUIET = range(20_000, 32_000)
"""Ports that no system hands out by itself: another process's call cannot take one before it is used."""


def free_port() -> int:
    for port in SystemRandom().sample(QUIET, 50):  # hypothesis gives every process the same chance elsewhere
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("No port is free.")


@pytest.fixture
def house(database: Engine, database_url: str, tmp_path: Path, workspace: Workspace) -> Iterator[House]:
    clock, port = Clock(), free_port()
    desk, site = Zendesk(clock=clock).start(), Jira(clock=clock).start()
    settings = Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_keys=(Fernet.generate_key().decode(),),
        public_url=f"http://127.0.0.1:{port}",
        connect_keys_url=f"{site.url}/connect-keys",
        forge_jwks_url=f"{site.url}/forge-keys/jwks.json",
        forge_app_id=site.forge.app_id,
    )
    app = create_app(settings, engine=database, clock=clock.now)
    with transaction(database) as conn:
        installation.reached_at(conn, settings.public_url)
    state = app.extensions["kithspark"]
    woken: list[None] = []
    state.wake.heard_by(lambda: woken.append(None))
    connect(state, workspace, desk=desk, site=site)
    server = Server(app, port=port).start()
    sidebar = f"{server.url}/zendesk/sidebar/{workspace.slug}"
    desk.install(sidebar, f"{sidebar}/queue")
    yield House(state, app, server.url, workspace, clock, desk, site, woken)
    for one in (server, desk, site):
        one.stop()


BEARER = re.compile(r'name="kithspark-bearer" content="([^"]+)"')


def bearer_of(page: requests.Response) -> str:
    """The token that a first page holds."""
    found = BEARER.search(page.text)
    assert found is not None, page.text
    return found[1]


def carrying(bearer: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {bearer}"}
