"""Which installation this database belongs to, and how often it was restored from a backup.

The id goes into the mark of everything we write elsewhere, so that two installations on one account
never take each other's writes for their own.
"""

import uuid
from dataclasses import dataclass
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
)


@dataclass(frozen=True, slots=True)
class Installation:
    """`id`: random, as 32 hexadecimal digits; `epoch`: 0, and one more for each restore from a backup."""

    id: str
    epoch: int


def ensure(conn: Connection, *, now: datetime) -> Installation:
    """The installation, made up now if the database is new."""
    fresh = {"only": 1, "id": uuid.uuid4().hex, "epoch": 0, "created_at": now}
    insert_or_ignore(conn, installation, fresh)
    return load(conn)


def load(conn: Connection) -> Installation:
    """Raises sqlalchemy.exc.NoResultFound for a database that was never migrated."""
    row = conn.execute(select(installation.c.id, installation.c.epoch)).one()
    return Installation(row.id, row.epoch)


def begin_epoch(conn: Connection) -> Installation:
    """To be called once after a restore: what was written since the backup is unknown to this database."""
    conn.execute(update(installation).values(epoch=installation.c.epoch + 1))
    return load(conn)
