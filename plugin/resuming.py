"""After other credentials or another address were given: what waited for them goes on at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, true, update

from connectors import resting
from connectors.jira import push
from lineage import notices, outbox, restored
from lineage.likeness import embedding
from lineage.outcomes import notices as messages
from plugin.forum import moderation
from plugin.imports.tables import SHELF as IMPORTS
from plugin.jira import acts
from store import looks
from store.database import EPOCH
from store.vendors import NOTHING
from store.waiting import Shelf
from store.workspaces import Workspace

BY = "new credentials"
FORBIDDEN = "Zendesk answered 403"
"""How the reason of a message begins that was blocked because the account might not speak there."""

MOST = 1000


def resume(conn: Connection, workspace: Workspace, system: str, *, now: datetime) -> None:
    """Ends the rests of an account; what was put off because of it, or given up, is due now."""
    resting.over(conn, workspace.id, system, now=now)
    for shelf, theirs in _shelves(system).items():
        table = shelf.table
        here = and_(table.c.workspace_id == workspace.id, theirs, table.c.reason != "")
        waits = (table.c.due_at > now, table.c.lease_until.is_(None))
        conn.execute(update(table).where(here, *waits).values(due_at=now))
        again: dict[str, Any] = {"due_at": now, "parked_at": None, "attempts": 0}
        conn.execute(update(table).where(here, table.c.parked_at > EPOCH).values(again))
    if system == "zendesk":
        _messages(conn, workspace, now=now)


def _shelves(system: str) -> Mapping[Shelf, ColumnElement[bool]]:
    """The shelves whose rows speak to this vendor, but for messages, and which of their rows do."""
    others = {
        "jira": [push.SHELF, acts.SHELF, IMPORTS], "zendesk": [restored.READBACKS, IMPORTS],
        "openai": [moderation.SHELF, embedding.SHELF],
    }  # fmt: skip
    found: dict[Shelf, ColumnElement[bool]] = {looks.SHELF: looks.looks.c.system + NOTHING == system}
    return found | {shelf: true() for shelf in others.get(system, [])}


def _messages(conn: Connection, workspace: Workspace, *, now: datetime) -> None:
    here = (messages.c.workspace_id == workspace.id, messages.c.reason.startswith(resting.SHUT))
    waits = (messages.c.due_at > now, messages.c.lease_until.is_(None))
    conn.execute(update(messages).where(*here, *waits).values(due_at=now))
    for one in outbox.SHELF.parked(conn, workspace_id=workspace.id, limit=MOST):
        if one.reason.startswith(FORBIDDEN):
            notices.retry(conn, workspace, one.id, now=now, by=BY)
