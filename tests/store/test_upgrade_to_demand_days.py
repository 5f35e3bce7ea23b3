"""An installation that is older than the record of demand by day, and than the links of the history."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, Engine

from plugin.commands.rebuild import count_what_is_not_counted
from plugin.opening import open_installation
from plugin.settings import Settings
from store import migrate
from store.database import open_database, reading, transaction

BEFORE = "0004_identity"
DEMAND = {
    "workspace_id": 1, "item_id": "10001", "ranked": 1, "requesters": 1, "companies": 1, "votes": 0,
    "reach_customer": 100, "reach_pipeline": 7, "customer": 100, "pipeline": 7, "score_hundredths": 100,
    "oldest_at": 1,
}  # fmt: skip
"""Ana asks for one issue on behalf of Acme, which is worth 1.00 and maybe 0.07 more."""
CHANGES: dict[str, dict[str, Any]] = {
    "IssueSeen": {"item": "10001", "status": "Open"},
    "Linked": {"origin": {"kind": "zendesk:ticket", "id": "101"}, "item": "10001", "by": "agent"},
    "TicketSeen": {
        "ticket": "101",
        "status": "open",
        "organisation": {"id": "5", "name": "Acme", "domains": []},
    },
    "PartsChosen": {"person": 7, "item": "10001", "parts": ["10002"]},
    "PostSeen": {"post": "9", "title": "Ana's wish"},
    "CompanySeen": {"company": "3", "customer_minor": 5, "why": ["Ana's deal"], "domains": ["acme.example"]},
}


def insert(conn: Connection, table: str, **values: Any) -> None:
    conn.execute(sa.insert(sa.table(table, *(sa.column(name) for name in values))).values(values))


@pytest.fixture
def older(tmp_path: Path) -> Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'older.db'}")
    with transaction(engine) as conn:
        config = migrate._config()
        config.attributes["connection"] = conn
        command.upgrade(config, BEFORE)
        insert(
            conn, "workspaces", id=1, slug="acme", name="Acme", created_at=1, auto_kinds="", hold_s=0,
            deliver="done", currency="EUR", push_amounts=0, paused=0,
        )  # fmt: skip
        insert(conn, "persons", id=7, workspace_id=1, name="Ana")
        insert(conn, "addresses", workspace_id=1, kind="email", value="ana@example.com", person_id=7)
        insert(
            conn, "requests", id=12, workspace_id=1, origin="zendesk:ticket:101", person_id=7, asked_at=1,
            reply_to="zendesk:ticket:101", company_id=3,
        )  # fmt: skip
        insert(
            conn, "companies", id=3, workspace_id=1, name="Acme", domains="[]", why="[]", customer_minor=100,
            pipeline_minor=7,
        )  # fmt: skip
        insert(
            conn, "items", workspace_id=1, id="10001", key="KS-1", summary="", created_at=1, updated_at=1,
            status_at=1, state_at=1, unmapped_links="[]", sizes="{}",
        )  # fmt: skip
        insert(
            conn, "asks", workspace_id=1, request_id=12, item_id="10001", linked_at=1, linked_by="agent"
        )  # fmt: skip
        for number, (kind, change) in enumerate(CHANGES.items(), start=1):
            row = {"id": number, "workspace_id": 1, "cause": kind, "kind": kind, "change": json.dumps(change)}
            insert(conn, "history", **row, happened_at=1, heard_at=1)
    migrate.upgrade(engine)
    return engine


def test_what_is_asked_for_already_is_on_record_from_the_day_of_the_upgrade(
    older: Engine, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=str(older.url))
    count_what_is_not_counted(open_installation(settings))  # as `kithspark migrate` and `serve` do
    with reading(older) as conn:
        (row,) = conn.exec_driver_sql("SELECT * FROM demand_days").mappings()
    assert {name: row[name] for name in DEMAND} == DEMAND
    assert (row["currency"], row["day"]) == ("EUR", str(datetime.now(UTC).date()))


def test_older_history_is_found_by_what_it_is_about(older: Engine) -> None:
    with reading(older) as conn:
        found = conn.exec_driver_sql("SELECT history_id, role, ref FROM history_about ORDER BY 1, 2").all()
    assert [tuple(row) for row in found] == [
        (1, "item", "10001"),
        (2, "asked", "10001"), (2, "person", "7"), (2, "request", "12"),
        (3, "person", "7"), (3, "request", "12"),
        (4, "asked", "10001"), (4, "person", "7"),
        (5, "post", "9"),
    ]  # fmt: skip


def test_older_history_loses_what_customers_wrote_and_who_they_are(older: Engine) -> None:
    with reading(older) as conn:
        kept = {row.kind: json.loads(row.change) for row in conn.exec_driver_sql("SELECT * FROM history")}
    assert kept["TicketSeen"] == {"ticket": "101", "status": "open", "organisation": {"id": "5"}}
    assert kept["PostSeen"] == {"post": "9"}
    assert kept["CompanySeen"] == {"company": "3", "customer_minor": 5}
    assert kept["Linked"] == CHANGES["Linked"]
