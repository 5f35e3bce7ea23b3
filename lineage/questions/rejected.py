"""Which items a request is not about, as agents said of what was suggested."""

from sqlalchemy import Connection, bindparam, select

from lineage.likeness.tables import rejections
from lineage.tables import requests
from lineage.terms import ItemId, Origin
from store.workspaces import Workspace


def rejected_for(conn: Connection, workspace: Workspace, origin: Origin) -> set[ItemId]:
    rows = conn.scalars(_OF, {"workspace": workspace.id, "origin": str(origin)})
    return {ItemId(item) for item in rows}


_OF = (
    select(rejections.c.item_id)
    .join(
        requests,
        (requests.c.workspace_id == rejections.c.workspace_id) & (requests.c.id == rejections.c.request_id),
    )
    .where(requests.c.workspace_id == bindparam("workspace"), requests.c.origin == bindparam("origin"))
)
