"""How much of the send plan there is, without reading it."""

from sqlalchemy import Connection, func, select

from lineage.outcomes import notices
from store.workspaces import Workspace


def notices_by_state(conn: Connection, workspace: Workspace) -> dict[str, int]:
    """How many messages to customers are in each state."""
    mine = (notices.c.workspace_id == workspace.id, notices.c.lane != "note")
    query = select(notices.c.state, func.count().label("number")).where(*mine).group_by(notices.c.state)
    return {row.state: row.number for row in conn.execute(query)}
