"""Which of our comments on posts of the community said what: one for each outcome, whoever is told by it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, ForeignKey, String, Table, select

from store.database import Instant, insert_or_ignore, metadata

community_entries = Table(
    "community_entries",
    metadata,
    Column(
        "workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True,
        nullable=False,
    ),
    Column("post", String(60), primary_key=True),
    Column("outcome", String(40), primary_key=True),
    Column("comment", String(40), nullable=False),
    Column("said_at", Instant, nullable=False),
)  # fmt: skip


def said_by(conn: Connection, workspace_id: int, post: str) -> dict[str, str]:
    """Our comments on this post, by the outcome that they told."""
    query = select(community_entries.c.outcome, community_entries.c.comment).where(
        community_entries.c.workspace_id == workspace_id, community_entries.c.post == post
    )
    return {row.outcome: row.comment for row in conn.execute(query)}


def keep(
    conn: Connection, workspace_id: int, post: str, outcome: str, comment: str, *, now: datetime
) -> None:
    """This comment told this outcome."""
    key = {"workspace_id": workspace_id, "post": post, "outcome": outcome}
    insert_or_ignore(conn, community_entries, key | {"comment": comment, "said_at": now})
