"""One Kithspark among all its vendors, whose every request is seen at the edge: where faults are ordered."""

import contextlib
import random
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from sqlalchemy import Table, delete, insert, select, update

from connectors import accounts
from connectors.jira.client import Jira as JiraClient
from connectors.jira.mapping import seed
from lineage import notices
from lineage.outcomes import notices as messages
from lineage.outcomes import pushes, readbacks, restores
from plugin import resuming, work
from plugin.jira.acts import acts
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.clock import Clock
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.openai import OpenAI
from sandbox.zendesk import Zendesk
from store import connections, looks, workspaces
from store.attempt import attempt
from store.database import open_database, reading, transaction
from store.pace import paces
from store.workspaces import Policy
from tests.plugin.work.conftest import Desk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NUMBERS, KEYS = re.compile(r"\d{2,}"), re.compile(r"/(project|createmeta)/\w+")


def named(system: str, method: str, target: str) -> str:
    """A call as the table names it: `zendesk GET /api/v2/tickets/N/audits`."""
    path, _, query = target.partition("?")
    path = KEYS.sub(r"/\1/KEY", NUMBERS.sub("N", path.removesuffix(".json")))
    told = "?external_id" if query.startswith("external_id") else ""
    return f"{system} {method} {path}{told}"


class Town(Desk):
    """`asked`: every request since it was emptied, by the names of the table, in order."""

    def __init__(self, file: Path) -> None:
        clock = Clock()
        engine = open_database(f"sqlite:///{file}")
        with transaction(engine) as conn:
            workspace = workspaces.add(conn, slug="acme", name="Acme", now=clock.now())
            policy = Policy(hold_s=0, push_amounts=True, deliver_in={"GONE": "release"})
            workspaces.set_policy(conn, workspace.id, policy)
            workspace = workspaces.by_id(conn, workspace.id)
        keys = (Fernet.generate_key().decode(),)
        settings = Settings(data_dir=file.parent, database_url=f"sqlite:///{file}", secret_keys=keys)
        super().__init__(open_installation(settings, engine=engine, clock=clock.now), workspace, clock)
        self.numbers, self.asked = count(1), list[str]()
        self.zendesk, self.jira = Zendesk(clock=clock), Jira(clock=clock)
        self.hubspot, self.openai = HubSpot(clock=clock, seed=3), OpenAI(clock=clock)
        for system, one in self.vendors.items():
            one.app.wsgi_app = self._seen(system, one.app.wsgi_app)
            one.start()
        self._words = self._learned()
        self.connect_all()

    def _learned(self) -> dict[str, Any]:
        """What Jira's words mean, as `kithspark connect jira` learns it."""
        jira = self.jira
        with contextlib.closing(
            JiraClient(url=jira.url, email=jira.email, api_token=jira.api_token)
        ) as client:
            words = seed(client.link_types(), client.resolutions())
        return {"links": dict(words.links), "resolutions": dict(words.resolutions), "backwards": []}

    @property
    def vendors(self) -> dict[str, Any]:
        return {
            "zendesk": self.zendesk, "jira": self.jira, "hubspot": self.hubspot, "openai": self.openai,
        }  # fmt: skip

    def close(self) -> None:
        accounts.close_all()
        for one in self.vendors.values():
            one.stop()
        self.app.engine.dispose()

    def connect_all(self, **elsewhere: str) -> None:
        """With good credentials, as an operator does it; some at another address."""
        who = self.zendesk
        config = {"client_id": who.client_id, "own_user_id": str(who.service.id)}
        url = {system: one.url for system, one in self.vendors.items()} | elsewhere
        self.connect("zendesk", url["zendesk"], config, {"client_secret": who.client_secret})
        jira = {"email": self.jira.email, "mapping": self._words}
        self.connect("jira", url["jira"], jira, {"api_token": self.jira.api_token})
        self.connect("hubspot", url["hubspot"], {}, {"token": self.hubspot.token})
        self.connect("openai", url["openai"], {}, {"api_key": self.openai.api_key})

    def connect_again(self, system: str) -> None:
        self.connect_all()
        with transaction(self.app.engine) as conn:
            resuming.resume(conn, self.workspace, system, now=self.clock.now())

    def account(self, system: str) -> connections.Connection:
        with reading(self.app.engine) as conn:
            return connections.load(conn, self.app.vault, self.workspace.id, system)

    def step(self, shelf: str, most: int = 20) -> int:
        """One try at each due row of a shelf, `most` of them, as a worker makes it, in this thread."""
        job = work.shelves(self.app)[shelf]
        with transaction(self.app.engine) as conn:
            rows = job.shelf.claim(conn, now=self.clock.now(), lease_s=20, limit=most)
        for row in rows:
            attempt(self.app.engine, job, row, clock=self.clock.now, rng=random.Random(1))
        return len(rows)

    def row(self, table: Table, ident: int) -> dict[str, Any]:
        with reading(self.app.engine) as conn:
            return dict(conn.execute(select(table).where(table.c.id == ident)).mappings().one())

    def newest(self, table: Table) -> int:
        with reading(self.app.engine) as conn:
            return int(conn.scalars(select(table.c.id).order_by(table.c.id.desc()).limit(1)).one())

    def put(self, table: Table, **values: Any) -> int:
        with transaction(self.app.engine) as conn:
            made = conn.execute(insert(table).values(workspace_id=self.workspace.id, **values))
            return int((made.inserted_primary_key or [0])[0])

    def pass_until(self, at: datetime) -> None:
        left = at - self.clock.now()
        self.clock.advance(max(left, timedelta()).total_seconds() + 0.01)

    def retry(self, shelf: str, ident: int) -> None:
        """What an operator does with a parked row."""
        with transaction(self.app.engine) as conn:
            now = self.clock.now()
            if shelf == "notices":
                notices.retry(conn, self.workspace, ident, now=now)
            else:
                job = work.shelves(self.app)[shelf]
                job.shelf.retry(conn, ident, workspace_id=self.workspace.id, now=now)

    def clear(self) -> None:
        """For the next story: nothing waits, nothing rests, and no client knows anything."""
        with transaction(self.app.engine) as conn:
            for table in (looks.looks, pushes, paces, readbacks, restores):
                conn.execute(delete(table))
            left = update(messages).where(messages.c.due_at.is_not(None) | messages.c.parked_at.is_not(None))
            over = {"due_at": None, "parked_at": None, "lease_until": None}
            conn.execute(left.values(state="cancelled", **over))
            conn.execute(update(acts).values(over))  # kept: their numbers are causes in the history
        for one in self.vendors.values():
            one.faults.clear()
        self._forget()
        if any(self.account(system).trouble for system in self.vendors):
            self.connect_all()
        self.asked.clear()

    def _forget(self) -> None:
        """What clients keep for a while, so that all of it is asked for anew."""
        accounts.zendesk(self.account("zendesk"))._session._renew_at = 0.0
        hubspot = accounts.hubspot(self.account("hubspot"))
        hubspot._stages = hubspot._account = None
        hubspot._search_gap_s = 0.0

    def _seen(self, system: str, app: "WSGIApplication") -> "Callable[..., Iterable[bytes]]":
        def seen(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            query = environ.get("QUERY_STRING", "")
            target = environ["PATH_INFO"] + (f"?{query}" if query else "")
            self.asked.append(named(system, environ["REQUEST_METHOD"], target))
            return app(environ, start)

        return seen


@contextmanager
def town_in(file: Path) -> Iterator[Town]:
    town = Town(file)
    try:
        yield town
    finally:
        town.close()
