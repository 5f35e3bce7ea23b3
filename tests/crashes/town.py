"""One Kithspark of real processes among sandbox vendors, on either database, with either queue."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias

from cryptography.fernet import Fernet
from sqlalchemy import and_, or_, select, update

from connectors.jira import mapping
from connectors.jira.client import Jira as JiraClient
from connectors.looking import SYNC
from lineage import ledger
from lineage.changes import Change
from plugin import work
from plugin.app_state import Kithspark
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.demo.people import Engineer, Frame
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from store import connections, looks, migrate, workspaces
from store.database import reading, transaction, utc_now
from store.workspaces import Policy, Workspace
from tests import redis_server
from tests.crashes.at_the_vendor import Watch
from tests.crashes.processes import Processes, Warm
from tests.plugin.house import free_port
from tests.postgres.server import Server

Database: TypeAlias = Literal["sqlite", "postgres"]
Queue: TypeAlias = Literal["embedded", "rq"]

IMPATIENT = {"KITHSPARK_LEASE_S": "1", "KITHSPARK_SWEEP_S": "0.3", "KITHSPARK_SETTLE_S": "1.5"}
"""Short leases and rests, so that what was cut off is taken up soon; the protocol is the same."""

SOON = timedelta(seconds=60)
QUIET_S = 60.0
PATIENCE_OF_VENDORS = 0.01
"""Vendors send a webhook again after minutes: here in a hundredth of that."""

Row: TypeAlias = tuple[str, int]
"""A shelf's name and the number of a row that waits there."""


@dataclass
class Town:
    """`app` is this test's own view of the installation: it runs nothing."""

    app: Kithspark
    workspace: Workspace
    zendesk: Zendesk
    jira: Jira
    words: mapping.LinkMapping
    client: JiraClient
    processes: Processes
    order: Path
    redis: redis_server.Redis | None
    watches: tuple[Watch, ...]
    _causes: int = 0

    @property
    def worker(self) -> int:
        """The number of the command whose process works."""
        return 0 if self.redis is None else 1

    def record(self, *changes: Change) -> None:
        """As the looks, clicks and votes of the weeks before did."""
        with transaction(self.app.engine) as conn:
            for change in changes:
                self._causes += 1
                cause = f"before:{self._causes}"
                ledger.record(conn, self.workspace, change, cause=cause, now=utc_now())

    def arm(self, point: str) -> None:
        self.order.with_suffix(".obeyed").unlink(missing_ok=True)
        draft = self.order.with_suffix(".draft")
        draft.write_text(point)
        draft.rename(self.order)

    @property
    def obeyed(self) -> bool:
        return self.order.with_suffix(".obeyed").exists()

    def disarm(self) -> None:
        self.order.unlink(missing_ok=True)

    def unfinished(self) -> dict[Row, int]:
        """The rows that are held, or due within a minute, with their fences.

        Of reconciliations those that are due now: each is due again ten minutes later, for ever.
        """
        return self._rows(due_by=utc_now() + SOON, syncs_by=utc_now())

    def overdue(self) -> dict[Row, int]:
        """The rows that are held, or due by now."""
        return self._rows(due_by=utc_now())

    def fences(self) -> dict[Row, int]:
        """Of all rows that still wait, whenever they are due."""
        return self._rows(due_by=utc_now() + timedelta(days=365))

    def claimed(self, shelf: str) -> bool:
        with reading(self.app.engine) as conn:
            return work.shelves(self.app)[shelf].shelf.counts(conn, now=utc_now()).leased > 0

    def _rows(self, *, due_by: datetime, syncs_by: datetime | None = None) -> dict[Row, int]:
        found: dict[Row, int] = {}
        with reading(self.app.engine) as conn:
            for name, one in work.shelves(self.app).items():
                table = one.shelf.table
                held = and_(table.c.due_at.is_not(None), table.c.lease_until.is_not(None))
                due = table.c.due_at <= due_by
                if table is looks.looks and syncs_by:
                    due = and_(due, or_(table.c.kind != SYNC, table.c.due_at <= syncs_by))
                query = select(table.c.id, table.c.fence).where(or_(due, held))
                found |= {(name, row.id): row.fence for row in conn.execute(query)}
        return found

    def parked(self) -> list[str]:
        with reading(self.app.engine) as conn:
            every = [one.shelf for one in work.shelves(self.app).values()]
            rows = [row for shelf in every for row in shelf.parked(conn, workspace_id=self.workspace.id)]
        return [f"{row.shelf}: {row.reason}" for row in rows]

    def busy(self) -> bool:
        hooks = (self.jira.hooks, self.zendesk.hooks)
        return not all(one.settled(0.0) for one in hooks) or bool(self.unfinished())

    def quiet(self, *, patience_s: float = QUIET_S) -> None:
        """Wait until nothing is left to do. Whoever died meanwhile is started again."""
        until, calm = time.monotonic() + patience_s, 0
        while calm < 2:
            calm = 0 if self.busy() else calm + 1
            if self.processes.ended():
                self.processes.start()
            assert time.monotonic() < until, f"Still to be done: {self.unfinished()}, {self.parked()}"
            time.sleep(0.05)

    def panel(self, key: str) -> Frame:
        """An engineer opens the issue in Jira, and with it our panel, once the app is installed there."""
        if self.jira.connect.installation is None:
            self.jira.install(self.app.settings.public_url)
        return Engineer(self.jira).panel(key)

    def ten_minutes_pass(self) -> None:
        """The reconciliation with Jira is due."""
        table = looks.looks
        due = update(table).where(table.c.system == "jira", table.c.kind == SYNC)
        with transaction(self.app.engine) as conn:
            conn.execute(due.values(due_at=utc_now()))


@contextmanager
def opened(
    folder: Path,
    warm: Warm,
    *,
    database: Database,
    queue: Queue,
    postgres: Server | None = None,
    settings: dict[str, str] = IMPATIENT,
    commands: list[list[str]] | None = None,
) -> Iterator[Town]:
    """A town whose processes run; everything is gone afterwards."""
    with ExitStack() as ending:
        zendesk, jira = ending.enter_context(Zendesk()), Jira().start()
        ending.callback(jira.stop)
        apps, hooks = (zendesk.app, jira.app), (zendesk.hooks, jira.hooks)
        watches = (Watch("zendesk", apps[0].wsgi_app), Watch("jira", apps[1].wsgi_app))
        for app_of, watch, sent in zip(apps, watches, hooks, strict=True):
            app_of.wsgi_app = watch  # type: ignore[method-assign, assignment]
            sent.time_scale = PATIENCE_OF_VENDORS
        redis = ending.enter_context(redis_server.started(folder)) if queue == "rq" else None
        environment = _environment(folder, redis, ending, database, postgres) | settings
        environment["KITHSPARK_CONNECT_KEYS_URL"] = f"{jira.url}/connect-keys"
        app = open_installation(_settings(environment))
        ending.callback(app.engine.dispose)
        migrate.upgrade(app.engine)
        client = JiraClient(url=jira.url, email=jira.email, api_token=jira.api_token)
        ending.callback(client.close)
        words = mapping.seed(client.link_types(), client.resolutions())
        workspace = _connected(app, zendesk, jira, words)
        jira.add_project("KS", "Kites")
        ran = commands or ([["serve"]] if queue == "embedded" else [["serve", "--no-worker"], ["work"]])
        url = environment["KITHSPARK_PUBLIC_URL"]
        processes = Processes(warm, url, environment, folder / "log", ran)
        ending.callback(processes.kill)
        processes.start()
        ending.callback(processes.stop)
        order = Path(environment["KITHSPARK_CRASH_AT"])
        town = Town(app, workspace, zendesk, jira, words, client, processes, order, redis, watches)
        town.quiet()
        yield town


def _environment(
    folder: Path,
    redis: redis_server.Redis | None,
    ending: ExitStack,
    database: Database,
    postgres: Server | None,
) -> dict[str, str]:
    port = free_port()
    found = {
        "KITHSPARK_DATA_DIR": str(folder),
        "KITHSPARK_LISTEN": f"127.0.0.1:{port}",
        "KITHSPARK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KITHSPARK_SECRET_KEYS": Fernet.generate_key().decode(),
        "KITHSPARK_CRASH_AT": str(folder / "crash.order"),
        "KITHSPARK_LOG": "json",
    }
    if redis is not None:
        found["KITHSPARK_REDIS_URL"] = redis.url
    if database == "postgres":
        assert postgres is not None
        found["KITHSPARK_DATABASE_URL"] = postgres.url(ending.enter_context(postgres.database()))
    return found


def _settings(environment: dict[str, str]) -> Settings:
    """For ourselves, who are not to be killed."""
    given: dict[str, Any] = {
        name.removeprefix("KITHSPARK_").lower(): text for name, text in environment.items()
    }
    given["secret_keys"] = (given["secret_keys"],)
    return Settings(**{**given, "crash_at": None, "redis_url": None})


def _connected(app: Kithspark, zendesk: Zendesk, jira: Jira, words: mapping.LinkMapping) -> Workspace:
    """A workspace with both vendors, and their webhooks to us. What counts is told at once."""
    now, secret, url = datetime.now(UTC), "sandbox-webhook-secret", app.settings.public_url
    with transaction(app.engine) as conn:
        workspace = workspaces.add(conn, slug="kites", name="Kite Works", now=now)
        workspaces.set_policy(conn, workspace.id, Policy(hold_s=0, voter_tickets=True))
        hook = zendesk.add_webhook(f"{url}/webhooks/zendesk/kites")
        kept = {"links": dict(words.links), "resolutions": dict(words.resolutions), "backwards": []}
        accounts: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
            (
                "zendesk",
                zendesk.url,
                {"client_id": zendesk.client_id, "own_user_id": str(zendesk.service.id)},
                {"client_secret": zendesk.client_secret, "webhook_secret": hook.secret},
            ),
            (
                "jira",
                jira.url,
                {"email": jira.email, "mapping": kept},
                {"api_token": jira.api_token, "webhook_secret": secret},
            ),
        ]
        for system, address, config, secrets in accounts:
            connections.save(
                conn, app.vault, workspace_id=workspace.id, system=system, url=address, config=config,
                secrets=secrets, now=now,
            )  # fmt: skip
        workspace = workspaces.by_id(conn, workspace.id)
    jira.webhook(f"{url}/webhooks/jira/kites", secret)
    return workspace
