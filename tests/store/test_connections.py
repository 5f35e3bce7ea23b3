from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, select, update

from store import connections, workspaces
from store.connections import NotConnected
from store.database import reading, transaction
from store.secrets import Unreadable, Vault
from store.workspaces import Workspace

VAULT = Vault([Fernet.generate_key().decode()])
URL = "https://acme.atlassian.net"


def connect(conn: Connection, workspace_id: int, now: datetime, *, url: str = URL, token: str) -> None:
    connections.save(
        conn,
        VAULT,
        workspace_id=workspace_id,
        system="jira",
        url=url,
        config={"email": "a@acme.example"},
        secrets={"api_token": token},
        now=now,
    )


def test_a_connection_comes_back_with_its_secrets(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        found = connections.load(conn, VAULT, workspace.id, "jira")
        assert connections.all_for(conn, VAULT, "jira") == [found]
        assert connections.systems_of(conn, workspace.id) == ["jira"]
    assert (found.url, found.config, found.secrets) == (
        URL,
        {"email": "a@acme.example"},
        {"api_token": "t"},
    )
    assert "api_token" not in repr(found)


def test_secrets_are_not_in_the_database_in_plain_words(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="canary-4711")
        kept = conn.exec_driver_sql("SELECT * FROM connections").one()
    assert "canary-4711" not in repr(kept)


def test_a_sealed_row_copied_to_another_workspace_does_not_open(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    table = connections.connections
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        other = workspaces.add(conn, slug="other", name="Other", now=now)
        connect(conn, other.id, now, token="t")
        stolen = conn.scalar(select(table.c.secrets).where(table.c.workspace_id == workspace.id))
        conn.execute(update(table).where(table.c.workspace_id == other.id).values(secrets=stolen))
        with pytest.raises(Unreadable):
            connections.load(conn, VAULT, other.id, "jira")


def test_what_is_not_connected_says_how_to_connect_it(database: Engine, workspace: Workspace) -> None:
    with reading(database) as conn, pytest.raises(NotConnected, match="kithspark connect zendesk"):
        connections.load(conn, VAULT, workspace.id, "zendesk")


def test_a_new_token_keeps_how_far_we_read_and_another_account_begins_anew(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        connections.touch_event(conn, workspace.id, "jira", now=now)
        connections.touch_sync(conn, workspace.id, "jira", now=now, watermark={"issues": "1", "sprints": "2"})
        connections.touch_sync(conn, workspace.id, "jira", now=later, watermark={"issues": "3"})
        connect(conn, workspace.id, later, token="new")
        found = connections.load(conn, VAULT, workspace.id, "jira")
        assert (found.last_event_at, found.last_sync_at) == (now, later)
        assert found.watermark == {"issues": "3", "sprints": "2"}
        assert found.secrets == {"api_token": "new"}
        connect(conn, workspace.id, later, url="https://other.atlassian.net", token="t")
        found = connections.load(conn, VAULT, workspace.id, "jira")
    assert (found.last_event_at, found.last_sync_at, found.watermark) == (None, None, {})


def test_a_removed_connection_is_gone(database: Engine, workspace: Workspace, now: datetime) -> None:
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        connections.remove(conn, workspace.id, "jira")
        assert connections.systems_of(conn, workspace.id) == []
