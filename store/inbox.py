"""The inbox: every webhook that was proven genuine, as it came, before anything else is done with it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    select,
    update,
)

from store.database import Instant, Json, insert_or_ignore, metadata, row_id
from store.waiting import Shelf, waiting_columns

inbox = Table(
    "inbox",
    metadata,
    row_id(),
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("system", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("outcome", Text, nullable=False, server_default=""),
    *waiting_columns(),
    UniqueConstraint("workspace_id", "system", "delivery_id"),
    sqlite_autoincrement=True,  # a worker that slept must not find its row's number on another row
)

SHELF = Shelf("inbox", inbox)


def keep(
    conn: Connection,
    *,
    workspace_id: int,
    system: str,
    delivery_id: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> bool:
    """Keeps one delivery, due now. False for one that we have already: nothing more is to be done.

    `delivery_id`: the vendor's own, equal for its repetitions; `headers`: only those that are needed
    later, never credentials.
    """
    return insert_or_ignore(
        conn,
        inbox,
        {
            "workspace_id": workspace_id,
            "system": system,
            "delivery_id": delivery_id,
            "received_at": now,
            "headers": dict(headers),
            "body": body,
            "due_at": now,
        },
    )


def has(conn: Connection, workspace_id: int, system: str, delivery_id: str) -> bool:
    """Whether this delivery came."""
    ours = (inbox.c.workspace_id == workspace_id, inbox.c.system == system)
    return conn.scalar(select(inbox.c.id).where(*ours, inbox.c.delivery_id == delivery_id)) is not None


def forget_bodies(conn: Connection, workspace_id: int) -> None:
    """Empties what was read already: it may name somebody who is to be forgotten. Its id still counts."""
    read = (inbox.c.due_at.is_(None), inbox.c.parked_at.is_(None), inbox.c.body != b"")
    conn.execute(
        update(inbox).where(inbox.c.workspace_id == workspace_id, *read).values(body=b"", headers={})
    )
