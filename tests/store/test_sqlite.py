"""What holds on SQLite only: one file, one writer, a log beside it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from store.database import checkpoint, reading, transaction
from store.workspaces import Workspace, workspaces


@pytest.fixture(scope="session")
def dbms() -> str:
    return "sqlite"


def test_a_second_transaction_inside_the_first_is_refused_at_once(database: Engine) -> None:
    with (
        pytest.raises(RuntimeError, match="pass its connection on"),
        transaction(database),
        transaction(database),
    ):
        pass
    with transaction(database) as conn:
        assert conn.scalar(select(func.count()).select_from(workspaces)) == 0


def test_what_was_committed_survives_a_power_cut_and_rows_keep_their_owners(database: Engine) -> None:
    with reading(database) as conn:
        kept = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert kept == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


def test_a_checkpoint_empties_the_log_while_pages_are_open(database: Engine, workspace: Workspace) -> None:
    with reading(database) as conn:
        assert conn.scalar(select(workspaces.c.slug)) == "acme"
        checkpoint(database)
    assert Path(database.url.database or "").read_bytes().count(b"acme") > 0
