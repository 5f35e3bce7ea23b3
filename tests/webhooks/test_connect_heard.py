"""How little is made of what Jira tells the Connect app: looks at what we know, and nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from lineage.tables import items
from store import connections, looks
from store.database import reading, transaction
from store.secrets import Vault
from store.workspaces import Workspace
from tests.webhooks.vendors import DEEP, jira_event

Hear = Callable[[str, bytes], str]
Looks = Callable[[], list[tuple[str, str, str]]]


def test_a_change_asks_for_a_look_through_the_jira_connection_and_tells_nothing_else(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, vault: Vault, now: datetime
) -> None:
    """A forged time far ahead would have the issue read again and again."""
    body = jira_event("jira:issue_updated", now + timedelta(days=9000), issue={"id": "10001"})
    assert hearing("connect", body) == "look at issue 10001"
    hearing("connect", jira_event("jira:version_deleted", now, version={"id": "7"}))
    assert asked() == [("jira", "issue", "10001"), ("jira", "version", "7")]
    with reading(database) as conn:
        found = conn.execute(select(looks.looks.c.event_at, looks.looks.c.hint)).all()
        assert [(row.event_at, row.hint) for row in found] == [(None, {}), (None, {})]
        assert connections.load(conn, vault, known.id, "jira").last_event_at == now


def test_a_deletion_only_asks_for_a_look(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    body = jira_event("jira:issue_deleted", now, issue={"id": "10001"})
    assert hearing("connect", body) == "look at issue 10001"
    assert asked() == [("jira", "issue", "10001")]
    with reading(database) as conn:
        assert conn.scalar(select(items.c.deleted_at).where(items.c.id == "10001")) is None


def test_it_makes_no_difference_that_the_administrators_webhook_tells_it_too(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    body = jira_event("jira:issue_updated", now, issue={"id": "10001"})
    for system in ("jira", "connect"):
        hearing(system, body)
    assert asked() == [("jira", "issue", "10001")]
    with reading(database) as conn:
        assert conn.execute(select(looks.looks.c.asked, looks.looks.c.event_at)).one() == (2, now)


@pytest.mark.parametrize(
    "body",
    [
        b'{"timestamp": 1, "webhookEvent": "jira:issue_updated", "issue": {"id": "10777"}}',
        b'{"timestamp": 1, "webhookEvent": "jira:issue_deleted", "issue": {"id": "10777"}}',
        b'{"timestamp": 1, "webhookEvent": "sprint_created"}',
    ],
)
def test_what_does_not_concern_us_is_done_with(
    hearing: Hear, asked: Looks, known: Workspace, body: bytes
) -> None:
    assert hearing("connect", body) == "nothing that concerns us"
    assert asked() == []


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff", DEEP, b"17", b"{}"])
def test_a_body_that_cannot_be_read_is_kept_and_shown_to_a_person(
    hearing: Hear, asked: Looks, known: Workspace, body: bytes
) -> None:
    assert "Jira sent a delivery that cannot be read" in hearing("connect", body)
    assert asked() == []


def test_without_a_connection_to_read_with_nothing_is_asked_for(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    with transaction(database) as conn:
        connections.remove(conn, known.id, "jira")
    body = jira_event("jira:issue_updated", now, issue={"id": "10001"})
    assert hearing("connect", body) == "jira is not connected to read what connect told"
    assert asked() == []
