"""Nothing goes out while a workspace is paused: who began that, when, and who ended it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from lineage import history
from store import workspaces
from store.workspaces import Workspace


def pause(conn: Connection, workspace: Workspace, *, by: str, now: datetime) -> bool:
    """False if it was paused already; then whoever paused it first stays named."""
    return _set(conn, workspace, paused=True, by=by, now=now)


def resume(conn: Connection, workspace: Workspace, *, by: str, now: datetime) -> bool:
    """What fell due meanwhile goes out within a minute. False if it was not paused."""
    return _set(conn, workspace, paused=False, by=by, now=now)


def _set(conn: Connection, workspace: Workspace, *, paused: bool, by: str, now: datetime) -> bool:
    current = workspaces.hold(conn, workspace.id)
    if current.policy.paused == paused:
        return False
    workspaces.set_policy(conn, workspace.id, replace(current.policy, paused=paused))
    workspaces.set_pause(conn, workspace.id, by=by if paused else "", at=now if paused else None)
    kind = "Paused" if paused else "Resumed"
    history.note(conn, workspace.id, kind, {}, cause=f"{kind}:{now.isoformat()}", who=by, now=now)
    return True
