"""Which items sound otherwise after a change: whose words, or whose requests, are others now."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from lineage import changes, requester_changes
from lineage.likeness import keeping
from lineage.tables import asks, placements, requests
from lineage.terms import ItemId, Origin
from lineage.touched import Touched
from store.workspaces import Workspace


def mark(
    conn: Connection, workspace: Workspace, change: changes.Change, touched: Touched, *, now: datetime
) -> None:
    """Have the worker see to what this change makes other. Whoever is forgotten, at once."""
    match change:
        case changes.IssueSeen() if not any(effect.what == "summary" for effect in touched.effects):
            keeping.mark_new(conn, workspace.id, change.item, now=now)
        case changes.Erased():
            keeping.keep(conn, workspace, keeping.items_of_person(conn, workspace.id, change.person))
        case _:
            keeping.mark(conn, workspace.id, set(_stale(conn, workspace.id, change)), now=now)


def _stale(conn: Connection, workspace_id: int, change: changes.Change) -> Iterable[ItemId]:
    match change:
        case changes.IssueSeen() | changes.Titled() | changes.Linked() | changes.Unlinked():
            return [change.item]
        case changes.Voted() | changes.VoteWithdrawn() | changes.PostSeen():
            return _found(conn, _OF_POST, workspace_id, change.post)
        case requester_changes.RequestWithdrawn() | requester_changes.RequestResumed():
            return _of_request(conn, workspace_id, change.origin)
    return ()


def _of_request(conn: Connection, workspace_id: int, origin: Origin) -> list[ItemId]:
    return _found(conn, _OF_REQUEST, workspace_id, str(origin))


def _found(conn: Connection, query: object, workspace_id: int, of: str) -> list[ItemId]:
    return [ItemId(item) for item in conn.scalars(query, {"workspace": workspace_id, "of": of})]  # type: ignore[call-overload]


_OF_POST = select(placements.c.item_id).where(
    placements.c.workspace_id == bindparam("workspace"), placements.c.post_id == bindparam("of")
)
_OF_REQUEST = (
    select(asks.c.item_id)
    .join(requests, (requests.c.workspace_id == asks.c.workspace_id) & (requests.c.id == asks.c.request_id))
    .where(requests.c.workspace_id == bindparam("workspace"), requests.c.origin == bindparam("of"))
)
