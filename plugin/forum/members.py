"""Members: people whose e-mail address was proven by a link that we sent there."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from lineage.changes import PersonSeen
from plugin.forum.tables import forum_members
from store.database import insert_or_ignore

ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]+\.[^\s@<>\"(),:;\\\[\].]{2,}")
FORGOTTEN = "forgotten:"
"""Before the number, it stands where the address was: no address has a colon, so nobody signs in with it."""
LONGEST_ADDRESS = 254
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Member:
    """`name` is shown beside what the member posts; `email` is shown to nobody but the member."""

    id: int
    email: str
    name: str
    language: str | None

    def as_person(self) -> PersonSeen:
        """The member as `lineage` knows requesters."""
        return PersonSeen("forum", str(self.id), self.name, (self.email,), self.language)


def address(typed: str) -> str | None:
    """An address as we keep it, in lower case; None for what cannot be one."""
    tidy = typed.strip().lower()
    printable = len(tidy) <= LONGEST_ADDRESS and tidy.isprintable()
    return tidy if printable and ADDRESS.fullmatch(tidy) else None


def by_id(conn: Connection, workspace_id: int, member_id: int) -> Member | None:
    """None too if the id is another workspace's, or of a member who was forgotten."""
    table = forum_members
    query = select(table).where(table.c.workspace_id == workspace_id, table.c.id == member_id)
    query = query.where(table.c.email.not_like(f"{FORGOTTEN}%"))
    row = conn.execute(query).mappings().first()
    return _read(row) if row else None


def forgotten(member_id: int) -> str:
    """What is kept instead of the address of a member who was forgotten."""
    return f"{FORGOTTEN}{member_id}"


def by_email(conn: Connection, workspace_id: int, email: str) -> Member | None:
    table = forum_members
    query = select(table).where(table.c.workspace_id == workspace_id, table.c.email == email)
    row = conn.execute(query).mappings().first()
    return _read(row) if row else None


def welcome(
    conn: Connection, workspace_id: int, email: str, *, name: str, language: str | None, now: datetime
) -> Member:
    """The member with this proven address, made now if there is none, with the name they gave."""
    key = {"workspace_id": workspace_id, "email": email}
    fresh = {**key, "name": name, "language": language, "created_at": now}
    if not insert_or_ignore(conn, forum_members, fresh):
        here = (forum_members.c.workspace_id == workspace_id) & (forum_members.c.email == email)
        conn.execute(update(forum_members).where(here).values(name=name, language=language))
    member = by_email(conn, workspace_id, email)
    assert member is not None
    return member


def _read(row: RowMapping) -> Member:
    return Member(row["id"], row["email"], row["name"], row["language"])
