"""Connections: which account of which outside system a workspace uses, with what secrets.

One row per workspace and system (`jira`, `zendesk`, `hubspot`, `openai`, `connect`). `config` is what may
be shown to an operator; `secrets` is sealed and never shown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from store.database import Instant, Json, metadata, upsert
from store.errors import GiveUp
from store.secrets import Vault

connections = Table(
    "connections",
    metadata,
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("system", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("config", Json, nullable=False),
    Column("secrets", Text, nullable=False),
    Column("last_event_at", Instant),
    Column("last_sync_at", Instant),
    Column("watermark", Json, nullable=False, server_default="{}"),
    Column("created_at", Instant, nullable=False),
)


TROUBLE = "trouble"
"""Under this name `config` holds since when nothing gets through, and why. A new connection has none."""


class NotConnected(GiveUp):
    """The workspace has no such connection."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One account. `watermark`: how far each kind of reading has come, in that system's own words."""

    workspace_id: int
    system: str
    url: str
    config: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    last_event_at: datetime | None = None
    last_sync_at: datetime | None = None
    watermark: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime | None = None
    """When this account was connected, by our clock of then."""
    sealed: str = field(default="", repr=False)
    """What the secrets look like from outside: another text after each time that they were given."""

    @property
    def trouble(self) -> str:
        """Why nothing gets through, in words for an operator; empty while all is well."""
        return str((self.config.get(TROUBLE) or {}).get("words") or "")


def save(
    conn: sa.Connection,
    vault: Vault,
    *,
    workspace_id: int,
    system: str,
    url: str,
    config: Mapping[str, Any],
    secrets: Mapping[str, str],
    now: datetime,
) -> None:
    """Connects, or replaces address, config and secrets of what is connected.

    What was heard and read so far stays, unless the address is another account's.
    """
    here = _row(workspace_id, system)
    sealed = vault.seal(workspace_id, _purpose(system), json.dumps(dict(secrets)))
    values = {"url": url, "config": dict(config), "secrets": sealed}
    known = conn.scalar(sa.select(connections.c.url).where(here))
    if known == url:
        conn.execute(sa.update(connections).where(here).values(values))
        return
    fresh: dict[str, Any] = {"last_event_at": None, "last_sync_at": None, "watermark": {}, "created_at": now}
    keys = {"workspace_id": workspace_id, "system": system}
    upsert(conn, connections, list(keys), {**keys, **values, **fresh})


def load(conn: sa.Connection, vault: Vault, workspace_id: int, system: str) -> Connection:
    """Raises NotConnected, and secrets.Unreadable."""
    row = conn.execute(sa.select(connections).where(_row(workspace_id, system))).mappings().first()
    if row is None:
        raise NotConnected(f"This workspace is not connected to {system}: run `kithspark connect {system}`.")
    return opened(row, vault)


def url_of(conn: sa.Connection, workspace_id: int, system: str) -> str | None:
    """Its address alone, for which no secret is opened; None where it is not connected."""
    found: str | None = conn.scalar(sa.select(connections.c.url).where(_row(workspace_id, system)))
    return found


def all_for(conn: sa.Connection, vault: Vault, system: str) -> list[Connection]:
    """Every workspace's connection to one system. Raises secrets.Unreadable."""
    query = sa.select(connections).where(connections.c.system == system).order_by(connections.c.workspace_id)
    return [opened(row, vault) for row in conn.execute(query).mappings()]


def systems_of(conn: sa.Connection, workspace_id: int) -> list[str]:
    """The systems that a workspace is connected to, by name."""
    query = sa.select(connections.c.system).where(connections.c.workspace_id == workspace_id)
    return list(conn.scalars(query.order_by(connections.c.system)))


def remove(conn: sa.Connection, workspace_id: int, system: str) -> None:
    conn.execute(sa.delete(connections).where(_row(workspace_id, system)))


def hold(conn: sa.Connection, workspace_id: int, system: str) -> None:
    """Nobody else writes to it until the transaction ends. What is read after this is what the one before
    wrote.
    """
    conn.execute(sa.select(connections.c.url).where(_row(workspace_id, system)).with_for_update())


def touch_event(conn: sa.Connection, workspace_id: int, system: str, *, now: datetime) -> None:
    """Notes that the system called us."""
    conn.execute(sa.update(connections).where(_row(workspace_id, system)).values(last_event_at=now))


def touch_sync(
    conn: sa.Connection, workspace_id: int, system: str, *, now: datetime, watermark: Mapping[str, str]
) -> None:
    """Notes a complete reading, and how far it came; what `watermark` does not name stays as it was."""
    here = _row(workspace_id, system)
    known = conn.scalar(sa.select(connections.c.watermark).where(here).with_for_update())
    values = {"last_sync_at": now, "watermark": {**(known or {}), **watermark}}
    conn.execute(sa.update(connections).where(here).values(values))


def given_anew(conn: sa.Connection, account: Connection) -> bool:
    """Whether other credentials are kept by now than this account was read with. None are given until the
    transaction ends.
    """
    here = _row(account.workspace_id, account.system)
    sealed = conn.scalar(sa.select(connections.c.secrets).where(here).with_for_update())
    return sealed != account.sealed


def note_trouble(conn: sa.Connection, workspace_id: int, system: str, words: str, *, now: datetime) -> None:
    """Nothing gets through as it is connected. Since when stays as noted first; `words` are the newest.

    Empty `words`: all is well again.
    """
    here = _row(workspace_id, system)
    config = conn.scalar(sa.select(connections.c.config).where(here).with_for_update())
    if config is None:
        return
    kept = {name: value for name, value in config.items() if name != TROUBLE}
    if words:
        since = (config.get(TROUBLE) or {}).get("since") or now.isoformat()
        kept[TROUBLE] = {"since": since, "words": words}
    if kept != config:
        conn.execute(sa.update(connections).where(here).values(config=kept))


def put_watermark_back(
    conn: sa.Connection, workspace_id: int, system: str, kinds: Sequence[str], at: datetime
) -> None:
    """These kinds of reading begin anew from `at`, or from where they were if that is longer ago; all
    others as if there had been none.
    """
    here = _row(workspace_id, system)
    known = conn.scalar(sa.select(connections.c.watermark).where(here)) or {}
    moments = {kind: datetime.fromisoformat(known[kind]) for kind in kinds if kind in known}
    back = {kind: min(at, moments.get(kind, at)).isoformat() for kind in kinds}
    conn.execute(sa.update(connections).where(here).values(watermark=back))


def _row(workspace_id: int, system: str) -> sa.ColumnElement[bool]:
    return (connections.c.workspace_id == workspace_id) & (connections.c.system == system)


def opened(row: Mapping[str, Any] | sa.RowMapping, vault: Vault) -> Connection:
    """A row of the table as it was read, whoever read it. Raises secrets.Unreadable."""
    unsealed = vault.open(row["workspace_id"], _purpose(row["system"]), row["secrets"])
    kept = {name: row[name] for name in row if name != "secrets"}
    return Connection(**kept, secrets=json.loads(unsealed), sealed=row["secrets"])


def _purpose(system: str) -> str:
    return f"connection:{system}"
