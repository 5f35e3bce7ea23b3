"""Backups in the words of their tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, select

from store import connections, restore
from store.backup import tables_of
from store.database import reading
from store.secrets import Vault

VAULT = Vault([Fernet.generate_key().decode()])
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def nothing(_conn: Connection) -> None:
    """Nothing is done afterwards."""


def connect(conn: Connection, workspace_id: int, vault: Vault = VAULT) -> None:
    connections.save(
        conn, vault, workspace_id=workspace_id, system="jira", url="https://a.example", config={},
        secrets={"api_token": "t"}, now=NOW,
    )  # fmt: skip


def back(engine: Engine, file: Path, *, vault: Vault = VAULT, without_secrets: bool = False,
         afterwards: Callable[[Connection], None] = nothing) -> None:  # fmt: skip
    manifest = restore.judged(file, vault, without_secrets=without_secrets)
    restore.restore(
        engine, vault, file, manifest, now=NOW, afterwards=afterwards, tell=quiet,
        without_secrets=without_secrets,
    )  # fmt: skip


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as conn:
        return {
            table.name: sorted((tuple(row) for row in conn.execute(select(table))), key=repr)
            for table in tables_of(conn)
        }
