"""Two connected workspaces, an app that only hears, and a worker that makes something of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from lineage import ledger
from lineage.changes import IssueSeen, PersonSeen, TicketSeen, VersionSeen
from lineage.terms import ItemId
from store import connections, inbox, looks, workspaces
from store.attempt import Work
from store.database import reading, transaction
from store.secrets import Vault
from store.worker import Worker
from store.workspaces import Workspace
from tests.webhooks.vendors import PUBLIC_URL, SECRET, VENDORS, Vendor
from webhooks.hearing import hear
from webhooks.receiving import Receiver, routes


@pytest.fixture(params=VENDORS, ids=lambda vendor: vendor.name)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    found: Vendor = request.param
    return found


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault([Fernet.generate_key().decode()])


@pytest.fixture
def connected(database: Engine, vault: Vault, workspace: Workspace, now: datetime) -> Workspace:
    """`acme` with all three vendors, and `other` with another secret for each."""
    with transaction(database) as conn:
        other = workspaces.add(conn, slug="other", name="Other", now=now)
        workspaces.add(conn, slug="bare", name="Bare", now=now)
        for system in ("jira", "zendesk", "hubspot"):
            for one, secret in ((workspace, SECRET), (other, "the-other-secret")):
                connections.save(
                    conn,
                    vault,
                    workspace_id=one.id,
                    system=system,
                    url=f"https://{one.slug}.{system}.example",
                    config={
                        "own_user_id": "99",
                        "webhook_secret_before_until": (now + timedelta(hours=1)).isoformat(),
                    },
                    secrets={"webhook_secret": secret, "webhook_secret_before": f"{secret} before"},
                    now=now,
                )
    return workspace


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest.fixture
def client(
    database: Engine, vault: Vault, connected: Workspace, now: datetime, woken: list[str]
) -> Iterator[FlaskClient]:
    app = Flask("webhooks")
    receiver = Receiver(database, vault, PUBLIC_URL, lambda: woken.append("woken"), lambda: now)
    app.register_blueprint(routes(receiver))
    with app.test_client() as client:
        yield client


@pytest.fixture
def call(client: FlaskClient, vendor: Vendor, now: datetime) -> Callable[..., TestResponse]:
    """One call as this vendor makes it; whatever is given differs from an ordinary one."""

    def make(
        body: bytes | None = None,
        *,
        secret: str = SECRET,
        at: datetime = now,
        slug: str = "acme",
        signed_for: str | None = None,
        content_type: str = "application/json",
        **headers: str | None,
    ) -> TestResponse:
        body = vendor.body(at) if body is None else body
        signed: dict[str, str | None] = {**vendor.sign(body, secret, at, signed_for or slug)}
        signed |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in signed.items() if value is not None}
        path = f"/webhooks/{vendor.name}/{slug}"
        return client.post(path, data=body, headers=kept, content_type=content_type)

    return make


@pytest.fixture
def rows(database: Engine) -> Callable[[], int]:
    """How many deliveries are kept."""

    def count() -> int:
        with reading(database) as conn:
            return conn.scalar(select(func.count()).select_from(inbox.inbox)) or 0

    return count


@pytest.fixture
def known(database: Engine, connected: Workspace, now: datetime) -> Workspace:
    """Issue 10001 with version 7, and ticket 35 of user 42."""
    issue = IssueSeen(
        item=ItemId("10001"), key="KS-1", summary="Export", project="KS", issue_type="Story", status="To Do",
        category="new", resolution_id=None, resolution=None, meaning=None, created=now, updated=now,
        state_at=now, versions=(VersionSeen("7", "2.0", released=False),),
    )  # fmt: skip
    ana = PersonSeen("zendesk", "42", "Ana", ("ana@acme.example",))
    ticket = TicketSeen("35", "open", "Export", "We need PDF", ana, created=now, updated=now)
    with transaction(database) as conn:
        ledger.record(conn, connected, issue, cause="test:1", now=now)
        ledger.record(conn, connected, ticket, cause="test:2", now=now)
    return connected


@pytest.fixture
def hearing(
    database: Engine, vault: Vault, connected: Workspace, now: datetime
) -> Callable[[str, bytes], str]:
    """Keeps one delivery and does the inbox; what became of the row."""

    def do(system: str, body: bytes) -> str:
        with transaction(database) as conn:
            inbox.keep(conn, workspace_id=connected.id, system=system, delivery_id=str(hash(body)),
                       headers={}, body=body, now=now)  # fmt: skip
        work = Work(inbox.SHELF, partial(hear, engine=database, vault=vault, clock=lambda: now))
        Worker(database, {"inbox": work}, clock=lambda: now).burst(0)
        with reading(database) as conn:
            row = conn.execute(select(inbox.inbox).order_by(inbox.inbox.c.id.desc())).mappings().first()
        assert row is not None
        assert row["due_at"] is None
        return str(row["reason"] if row["parked_at"] else row["outcome"])

    return do


@pytest.fixture
def asked(database: Engine) -> Callable[[], list[tuple[str, str, str]]]:
    def read() -> list[tuple[str, str, str]]:
        table = looks.looks
        with reading(database) as conn:
            rows = conn.execute(select(table.c.system, table.c.kind, table.c.object_id).order_by(table.c.id))
            return [(row.system, row.kind, row.object_id) for row in rows]

    return read
