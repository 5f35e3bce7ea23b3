"""Our side: the real app on a real database, its rows done one after the other by the real code.

One thread, one clock: nothing is left to chance but what the seed says. The database, the vendors and the app
are made once; each history begins with a copy of the file in which all that is there was read already.
"""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, update

from connectors import accounts
from connectors.jira import mapping
from connectors.looking import SYNC
from lineage import ledger
from lineage.changes import Change, Linked, Titled
from lineage.terms import ItemId, Origin
from plugin import create_app, work
from plugin.app_state import Kithspark
from plugin.commands import reading_now
from plugin.forum import members, publishing, votes
from plugin.settings import Settings
from sandbox.hooks import Delivery
from store import connections, looks, workspaces
from store.attempt import Work, attempt
from store.database import EPOCH, open_database, reading, transaction
from store.workspaces import Policy, Workspace
from tests.histories.scene import (
    BEGIN,
    CLIENT_SECRET,
    ISSUES,
    OURS,
    TICKETS,
    WEBHOOK_SECRET,
    Scene,
)  # fmt: skip
from tests.histories.wire import alone

VOTERS = ("Fay", "Gus", "Hal")
LINKED = {0: 1, 1: 1, 2: 2, 3: 3}
"""Ticket to issue, when a history begins."""

BATCH, LEASE_S = 100, 600.0
LEARNED_S = 3600.0


@dataclass
class Town:
    scene: Scene
    app: Kithspark
    client: FlaskClient
    learned: sqlite3.Connection
    """The database as it is when a history begins, in memory."""
    rng: random.Random
    causes: int = 0

    def __post_init__(self) -> None:
        self.shelves = work.shelves(self.app)
        self.first_due = " UNION ALL ".join(
            f"SELECT '{name}', min(due_at) FROM {one.shelf.table.name} WHERE workspace_id = 1"  # noqa: S608
            for name, one in self.shelves.items()
        )

    @property
    def now(self) -> datetime:
        """By our own clock."""
        return self.scene.clock.at + timedelta(seconds=self.scene.ahead_s)

    @property
    def workspace(self) -> Workspace:
        with reading(self.app.engine) as conn:
            return self.workspace_in(conn)

    def workspace_in(self, conn: Connection) -> Workspace:
        return workspaces.by_id(conn, 1)

    # What comes in

    def hear(self, delivery: Delivery) -> int:
        """A webhook, as the vendor sent it."""
        answer = self.client.post(
            delivery.url.removeprefix(OURS), data=delivery.body, headers=dict(delivery.headers)
        )
        return answer.status_code

    def record(self, *changes: Change) -> None:
        """What people say to us. They say it now, once, and to nobody else: no vendor can lose it."""
        with transaction(self.app.engine) as conn:
            held = workspaces.hold(conn, 1)
            for change in changes:
                self.causes += 1
                ledger.record(conn, held, change, cause=f"said:{self.causes}", now=self.now)

    def link(self, ticket: int, issue: int) -> None:
        """An agent links them; both are read, as `kithspark link` does."""
        number, key = str(self.scene.tickets[ticket]), self.key(issue)
        seen = reading_now.ticket(self.app, self.workspace, number)
        issues = reading_now.issue_with_parts(self.app, self.workspace, key)
        linked = Linked(Origin("zendesk:ticket", number), issues[0].item, by="Agnes", at=self.now)
        self.record(seen, *issues, linked)

    def key(self, issue: int) -> str:
        return self.scene.jira.site.issues[str(10000 + issue)].key

    def vote(self, who: str, *, stands: bool) -> None:
        with transaction(self.app.engine) as conn:
            member = members.welcome(
                conn, 1, f"{who.lower()}@acme.example", name=who, language=None, now=self.now
            )
            workspace = workspaces.hold(conn, 1)
            if stands:
                votes.cast(conn, workspace, 1, member, why="", now=self.now)
            else:
                votes.withdraw(conn, workspace, 1, member, now=self.now)

    # What is done

    def work(self) -> int:
        """Everything that is due now, and what it brings. How many rows that were."""
        done = 0
        while rows := self._claim():
            for one, claimed in rows:
                attempt(self.app.engine, one, claimed, clock=self.scene.ours, rng=self.rng)
                done += 1
        return done

    def next_at(self) -> datetime | None:
        """When the next row falls due, on whichever shelf."""
        return min(self._due().values(), default=None)

    def reconcile(self) -> None:
        """With all vendors, as the schedule does. Then the schedule rests: a history says when it comes."""
        with transaction(self.app.engine) as conn:
            for system in ("jira", "zendesk", "hubspot"):
                work.ask_sync(conn, 1, system, now=self.now)
        self.work()
        self._no_schedule()

    def begin_again(self, policy: Policy, rng: random.Random) -> None:
        """As after `opened`."""
        self.learned.backup(self._raw())
        self.rng, self.causes = rng, 0
        for one in self.shelves.values():
            one.shelf._served = 0
        self.scene.begin_again(BEGIN + timedelta(seconds=LEARNED_S))
        with transaction(self.app.engine) as conn:
            workspaces.set_policy(conn, 1, policy)

    def _raw(self) -> sqlite3.Connection:
        with self.app.engine.connect() as conn:
            raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw

    def _due(self) -> dict[str, datetime]:
        """By shelf, when its first row falls due. One statement: it is asked a hundred times a history."""
        found = self._raw().execute(self.first_due).fetchall()
        return {name: EPOCH + timedelta(microseconds=at) for name, at in found if at is not None}

    def _claim(self) -> list[tuple[Work, Any]]:
        now, found = self.now, list[tuple[Work, Any]]()
        for name, at in self._due().items():
            if at <= now:
                one = self.shelves[name]
                with transaction(self.app.engine) as conn:
                    rows = one.shelf.claim(conn, now=now, lease_s=LEASE_S, limit=BATCH)
                found += [(one, row) for row in rows]
        return found

    def _no_schedule(self) -> None:
        with transaction(self.app.engine) as conn:
            conn.execute(update(looks.looks).where(looks.looks.c.kind == SYNC).values(due_at=None))


@contextmanager
def opened(folder: Path, migrated: Path) -> Iterator[Town]:
    """A town in which everything there is was read once."""
    with ExitStack() as ending:
        scene, file = Scene(), folder / "kithspark.db"
        shutil.copyfile(migrated, file)
        engine = open_database(f"sqlite:///{file}")
        event.listen(engine, "connect", _quick)
        ending.callback(engine.dispose)
        ending.callback(accounts.close_all)
        settings = Settings(
            data_dir=folder, database_url=f"sqlite:///{file}", public_url=OURS,
            secret_keys=(Fernet.generate_key().decode(),),
        )  # fmt: skip
        app = create_app(settings, engine=engine, clock=scene.ours)
        town = Town(
            scene, app.extensions["kithspark"], app.test_client(), sqlite3.connect(":memory:"),
            random.Random(0),
        )  # fmt: skip
        ending.callback(town.learned.close)
        with alone(scene.apps):
            _connect(town)
            _learn(town)
            _keep(town)
        yield town


def _quick(raw: sqlite3.Connection, _record: object) -> None:
    raw.execute("PRAGMA synchronous = OFF")  # no power cut here


def _connect(town: Town) -> None:
    scene, app, now = town.scene, town.app, town.now
    with transaction(app.engine) as conn:
        workspace = workspaces.add(conn, slug="kites", name="Kite Works", now=now)
        workspaces.set_policy(conn, workspace.id, Policy(push_amounts=True))  # as every history has it
    jira = {"email": scene.jira.email}
    given: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
        (
            "zendesk", scene.zendesk.url,
            {"email": scene.zendesk.service.email, "own_user_id": str(scene.zendesk.service.id)},
            {"api_token": scene.zendesk.api_token, "webhook_secret": scene.zendesk_secret},
        ),
        (
            "hubspot", scene.hubspot.url, {},
            {"token": scene.hubspot.token, "webhook_secret": CLIENT_SECRET},
        ),
        (
            "jira", scene.jira.url, jira,
            {"api_token": scene.jira.api_token, "webhook_secret": WEBHOOK_SECRET},
        ),
    ]  # fmt: skip
    for system, url, config, secrets in given:
        with transaction(app.engine) as conn:
            connections.save(
                conn, app.vault, workspace_id=workspace.id, system=system, url=url, config=config,
                secrets=secrets, now=now,
            )  # fmt: skip
    words = mapping.seed(*_words(town))
    kept = {"links": dict(words.links), "resolutions": dict(words.resolutions), "backwards": []}
    with transaction(app.engine) as conn:
        connections.save(
            conn, app.vault, workspace_id=workspace.id, system="jira", url=scene.jira.url,
            config={**jira, "mapping": kept}, secrets=given[-1][3], now=now,
        )  # fmt: skip


def _words(town: Town) -> tuple[Any, Any]:
    client = reading_now.jira_of(town.app, town.workspace)
    return client.link_types(), client.resolutions()


def _learn(town: Town) -> None:
    """All is read, titled and linked; the post is published and voted for; the watermarks stand."""
    for ticket in range(len(TICKETS)):
        town.record(reading_now.ticket(town.app, town.workspace, str(town.scene.tickets[ticket])))
    for issue in range(1, ISSUES + 1):
        [seen] = reading_now.issue_with_parts(town.app, town.workspace, town.key(issue))
        town.record(
            seen,
            *(
                Titled(seen.item, f"Thing {issue}{tail}", own_part=own, by="Eve", at=town.now)
                for own, tail in ((False, ""), (True, ", the rest"))
            ),
        )
    for ticket, issue in LINKED.items():
        town.link(ticket, issue)
    with transaction(town.app.engine) as conn:
        author = members.welcome(conn, 1, "fay@acme.example", name="Fay", language=None, now=town.now)
        draft = publishing.Draft("A thing", "Please", "1")
        post = publishing.submit(conn, workspaces.hold(conn, 1), author.id, draft, now=town.now)
        publishing.publish(conn, workspaces.hold(conn, 1), post, by="operator", now=town.now)
    town.vote("Gus", stands=True)
    town.record(Linked(Origin("forum:post", str(post)), ItemId("10002"), by="Agnes", at=town.now))
    town.scene.clock.advance(600)
    town.scene.post.deliver(town.hear)
    town.work()
    town.scene.clock.advance(600)
    town.reconcile()
    town.work()
    town.scene.post.forget()
    assert not town.scene.zendesk.ledger


def _keep(town: Town) -> None:
    town.scene.remember()
    town.scene.clock.at = BEGIN + timedelta(seconds=LEARNED_S)
    town._raw().backup(town.learned)
