"""The send plan in pieces: ten thousand messages are not read to show a hundred."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select, text

from lineage.outcomes import LIVE, NOT_OVER, UNDER_WAY, notices
from lineage.questions.notices import notices as views_of
from lineage.questions.views import NoticeView
from store.workspaces import Workspace


def notices_by_state(conn: Connection, workspace: Workspace) -> dict[str, int]:
    """How many messages to customers are in each state."""
    mine = (notices.c.workspace_id == workspace.id, notices.c.lane != "note")
    query = select(notices.c.state, func.count().label("number")).where(*mine).group_by(notices.c.state)
    return {row.state: row.number for row in conn.execute(query)}


def newest_notices(
    conn: Connection, workspace: Workspace, states: Collection[str], *, most: int
) -> list[NoticeView]:
    """The newest messages in these states, in the order in which they were planned."""
    mine = (notices.c.workspace_id == workspace.id, notices.c.lane != "note")
    query = select(notices.c.id).where(*mine, notices.c.state.in_(states))
    if set(states) <= {*LIVE, *UNDER_WAY}:  # then a small index has them
        query = query.where(text(NOT_OVER))
    ids = list(conn.scalars(query.order_by(notices.c.id.desc()).limit(most)))
    return views_of(conn, workspace, ids=ids)
