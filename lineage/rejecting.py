"""Which items a request is not about, as agents said: hidden for it, and evidence for others like it."""

from datetime import datetime

from sqlalchemy import Connection, delete

from lineage.agent_changes import MaybeThis, NotThis
from lineage.errors import Unknown
from lineage.item_rows import must_know
from lineage.likeness.tables import rejections
from lineage.tables import requests
from lineage.terms import ItemId, Origin
from lineage.touched import Touched
from store.database import insert_or_ignore
from store.rows import find_row
from store.workspaces import Workspace


def not_this(conn: Connection, workspace: Workspace, change: NotThis, _now: datetime) -> Touched:
    """Raises Unknown."""
    must_know(conn, workspace.id, change.item)
    key = _key(conn, workspace.id, change.origin, change.item)
    new = insert_or_ignore(conn, rejections, {**key, "rejected_by": change.by[:200], "at": change.at})
    return Touched(changed=new)


def maybe_this(conn: Connection, workspace: Workspace, change: MaybeThis, _now: datetime) -> Touched:
    """Raises Unknown."""
    key = _key(conn, workspace.id, change.origin, change.item)
    here = (rejections.c[name] == value for name, value in key.items())
    return Touched(changed=bool(conn.execute(delete(rejections).where(*here)).rowcount))


def _key(conn: Connection, workspace_id: int, origin: Origin, item: ItemId) -> dict[str, int | str]:
    row = find_row(conn, requests, workspace_id=workspace_id, origin=str(origin))
    if row is None:
        raise Unknown(f"Nothing is known of {origin}.")
    return {"workspace_id": workspace_id, "request_id": row.id, "item_id": item}
