"""Sign-in links: good for fifteen minutes, once, for one address of one workspace.

The link itself is nowhere in the database, only its SHA-256: whoever reads the table cannot sign in.
(It has 256 random bits, so a fast hash is enough.)
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from plugin.forum.tables import forum_links

LASTS = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """Whose address following it proves, and the path of the forum to go to then."""

    email: str
    then: str


def issue(conn: Connection, workspace_id: int, link: Link, *, now: datetime) -> str:
    """The secret part of a new link. Old ones are forgotten by the way."""
    old = (forum_links.c.workspace_id == workspace_id) & (forum_links.c.created_at < now - FORGOTTEN_AFTER)
    conn.execute(delete(forum_links).where(old))
    token = secrets.token_urlsafe(32)
    values = {"workspace_id": workspace_id, "digest": _digest(token), "email": link.email, "then": link.then}
    conn.execute(insert(forum_links).values(**values, created_at=now, expires_at=now + LASTS))
    return token


def look(conn: Connection, workspace_id: int, token: str, *, now: datetime) -> Link | None:
    """What the link is for, without using it up; None if it does not work (any more)."""
    query = select(forum_links.c.email, forum_links.c.then).where(_good(workspace_id, token, now))
    row = conn.execute(query).first()
    return Link(row.email, row.then) if row else None


def use(conn: Connection, workspace_id: int, token: str, *, now: datetime) -> Link | None:
    """As `look`, and nobody can use it again: of two that try at once, one gets None."""
    taken = update(forum_links).where(_good(workspace_id, token, now)).values(used_at=now)
    row = conn.execute(taken.returning(forum_links.c.email, forum_links.c.then)).first()
    return Link(row.email, row.then) if row else None


def _good(workspace_id: int, token: str, now: datetime) -> ColumnElement[bool]:
    table = forum_links
    return and_(
        table.c.workspace_id == workspace_id,
        table.c.digest == _digest(token),
        table.c.used_at.is_(None),
        table.c.expires_at > now,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
