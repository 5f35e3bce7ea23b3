"""Two connected workspaces, and an app that only hears."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from store import connections, workspaces
from store.database import reading, transaction
from store.inbox import inbox
from store.secrets import Vault
from store.workspaces import Workspace
from tests.webhooks.vendors import PUBLIC_URL, SECRET, VENDORS, Vendor
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
            return conn.scalar(select(func.count()).select_from(inbox)) or 0

    return count
