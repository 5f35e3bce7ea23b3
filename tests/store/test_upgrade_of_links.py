"""An installation that is older than the word of Jira that a link back is there."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from lineage.outcomes import remote_links
from plugin.identity_tables import forge_installations
from plugin.jira.acts import acts
from store import migrate
from store.database import open_database, reading, transaction

BEFORE = "0017_likenesses"
ROWS: dict[str, dict[str, Any]] = {
    "workspaces": {
        "id": 1, "slug": "acme", "name": "Acme", "created_at": 1, "auto_kinds": "", "hold_s": 0,
        "deliver": "done", "deliver_in": "{}", "currency": "EUR", "push_amounts": False, "paused": False,
    },
    "remote_links": {"workspace_id": 1, "item_id": "10001", "origin": "zendesk:ticket:7"},
    "jira_acts": {
        "workspace_id": 1, "item_id": "10001", "click": "c", "kind": "keeps", "who": "Ed", "at": 1,
        "plan": "{}", "undone_at": 2, "undone_by": "Bea",
    },
    "forge_installations": {
        "installation": "i", "cloud_id": "c", "api_url": "https://a.example", "site": "", "token": "",
        "workspace_id": 1, "environment": "PRODUCTION", "called_at": 1,
    },
}  # fmt: skip


@pytest.fixture
def older(empty_url: str) -> Engine:
    engine = open_database(empty_url)
    with transaction(engine) as conn:
        migrate.step(conn, BEFORE)
        for table, row in ROWS.items():
            conn.execute(sa.insert(sa.table(table, *map(sa.column, row))).values(row))
    return engine


def kept(conn: Connection, table: sa.Table) -> dict[str, Any]:
    return dict(conn.execute(sa.select(table)).mappings().one())


def test_what_is_there_is_kept_and_of_a_link_back_jira_is_asked_once_more(older: Engine) -> None:
    migrate.upgrade(older)
    with reading(older) as conn:
        assert kept(conn, remote_links) == {**ROWS["remote_links"], "made": False}
        assert kept(conn, acts)["undone_at"] is not None
        assert kept(conn, forge_installations)["workspace_id"] == 1


def test_where_the_older_step_made_the_column_itself_nothing_is_made_again(older: Engine) -> None:
    with transaction(older) as conn:
        conn.exec_driver_sql("ALTER TABLE remote_links ADD COLUMN made BOOLEAN DEFAULT '0' NOT NULL")
        conn.exec_driver_sql("UPDATE remote_links SET made = '1'")
    migrate.upgrade(older)
    with reading(older) as conn:
        assert kept(conn, remote_links)["made"] is True
