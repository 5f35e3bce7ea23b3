"""A workspace that speaks to Jira by its installed app: the app's newest secret goes to its connection."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from connectors.accounts import connection_or_none
from connectors.jira.ways import Way, way_of
from store import connections
from store.secrets import Vault


def renew(
    conn: Connection, vault: Vault, workspace_id: int | None, *, way: Way, config: Mapping[str, Any],
    secrets: Mapping[str, str], now: datetime,
) -> None:  # fmt: skip
    """Nothing happens where the workspace speaks in another way, or by another installation.

    `config` names the installation; `secrets` are empty once it is uninstalled: then nothing is asked or
    written any more, and what waits is tried again until it is installed anew.
    """
    if workspace_id is None:
        return
    hold(conn, workspace_id)
    account = connection_or_none(conn, vault, workspace_id, "jira")
    if account is None or way_of(account) != way or not _same(account.config, config):
        return
    connections.save(
        conn, vault, workspace_id=workspace_id, system="jira", url=account.url,
        config={**account.config, **config}, secrets={**account.secrets, **secrets}, now=now,
    )  # fmt: skip


def hold(conn: Connection, workspace_id: int | None) -> None:
    """Until the transaction ends nobody else gives a secret to this workspace's connection to Jira."""
    if workspace_id is not None:
        connections.hold(conn, workspace_id, "jira")


def _same(kept: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """A tenant of Connect keeps its key, and a site in Forge its address in the API, when installed anew."""
    names = ("client_key", "api_url")
    return [kept.get(name) for name in names] == [told.get(name) for name in names]
