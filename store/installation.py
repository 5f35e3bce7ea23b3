"""Which installation this database belongs to, where it is reached, how often it was restored from a backup.

The id goes into the mark of everything we write elsewhere, so that two installations on one account
never take each other's writes for their own.
"""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, select, update

from store.database import Instant, insert_or_ignore, metadata

installation = Table(
    "installation",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("public_url", Text),
    Column("follow_key", Text),
)


@dataclass(frozen=True, slots=True)
class Installation:
    """`id`: random, as 32 hexadecimal digits; `epoch`: 0, and one more for each restore from a backup.

    `public_url`: where customers reach the web app, without a last slash; None until it was served once.
    `follow_key`: the secret of the links to requesters' own pages, 64 hexadecimal digits.
    """

    id: str
    epoch: int
    public_url: str | None = None
    follow_key: str = field(default="", repr=False)


def ensure(conn: Connection, *, now: datetime) -> Installation:
    """The installation, made up now if the database is new."""
    fresh = {"only": 1, "id": uuid.uuid4().hex, "epoch": 0, "created_at": now}
    insert_or_ignore(conn, installation, fresh)
    keyless = installation.c.follow_key.is_(None)
    conn.execute(update(installation).where(keyless).values(follow_key=secrets.token_hex(32)))
    return load(conn)


def load(conn: Connection) -> Installation:
    """Raises sqlalchemy.exc.NoResultFound for a database that was never migrated."""
    table = installation.c
    row = conn.execute(select(table.id, table.epoch, table.public_url, table.follow_key)).one()
    return Installation(row.id, row.epoch, row.public_url, row.follow_key or "")


def reached_at(conn: Connection, public_url: str) -> None:
    """Remember where the web app is served, for links in messages: whoever writes one, a worker or a
    command, must write the same.
    """
    conn.execute(update(installation).values(public_url=public_url.rstrip("/")))


def begin_epoch(conn: Connection) -> Installation:
    """To be called once after a restore: what was written since the backup is unknown to this database."""
    conn.execute(update(installation).values(epoch=installation.c.epoch + 1))
    return load(conn)
