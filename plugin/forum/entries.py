"""Public entries under a post: what we wrote to everybody who voted for it, once per outcome."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from plugin.forum.tables import forum_entries, forum_posts
from plugin.forum.words import harmless
from store.database import insert_or_ignore
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """`html` is harmless already."""

    text: str
    html: str
    created_at: datetime


def post_entry(
    conn: Connection, workspace: Workspace, post_id: int, outcome: str, *, text: str, html: str, now: datetime
) -> bool:
    """False, with nothing changed, if this outcome has its entry. Raises LookupError if there is no post."""
    here = (forum_posts.c.workspace_id == workspace.id) & (forum_posts.c.id == post_id)
    if conn.scalar(select(forum_posts.c.id).where(here)) is None:
        raise LookupError(f"There is no forum post {post_id}.")
    key = {"workspace_id": workspace.id, "post_id": post_id, "outcome": outcome}
    return insert_or_ignore(
        conn, forum_entries, {**key, "text": text, "html": harmless(html), "created_at": now}
    )


def has_entry(conn: Connection, workspace: Workspace, post_id: int, outcome: str) -> bool:
    here = (forum_entries.c.workspace_id == workspace.id) & (forum_entries.c.post_id == post_id)
    found = select(forum_entries.c.id).where(here, forum_entries.c.outcome == outcome)
    return conn.scalar(found) is not None


def of(conn: Connection, workspace_id: int, post_id: int) -> list[Entry]:
    """Those of one post, newest first."""
    table = forum_entries
    query = select(table.c.text, table.c.html, table.c.created_at).where(
        table.c.workspace_id == workspace_id, table.c.post_id == post_id
    )
    return [Entry(*row) for row in conn.execute(query.order_by(table.c.created_at.desc(), table.c.id.desc()))]
