"""Posts as they are read: who may read which, the board's order, and what is like what somebody types."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, case, literal, or_, select

from plugin.forum import words
from plugin.forum.tables import forum_members, forum_posts

PER_PAGE = 25


class State(StrEnum):
    """Who may read a post: a held or refused one only its author."""

    HELD = "held"
    PUBLISHED = "published"
    REFUSED = "refused"


class Order(StrEnum):
    """How the board is sorted."""

    VOTES = "votes"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Post:
    """`reason`: why it is held or refused, in words for its author."""

    id: int
    author_id: int
    author: str
    title: str
    words: str
    state: State
    reason: str
    votes: int
    created_at: datetime
    published_at: datetime | None


def by_id(conn: Connection, workspace_id: int, post_id: int) -> Post | None:
    row = conn.execute(_posts().where(_post(workspace_id, post_id))).mappings().first()
    return _read(row) if row else None


def readable(conn: Connection, workspace_id: int, post_id: int, *, reader: int | None) -> Post | None:
    """None if there is none, or it is not for this member's eyes: nobody can tell which."""
    post = by_id(conn, workspace_id, post_id)
    return post if post and (post.state == State.PUBLISHED or post.author_id == reader) else None


def board(
    conn: Connection, workspace_id: int, *, order: Order, wanted: str = "", page: int = 1
) -> list[Post]:
    """Published posts, one more than a page holds if there is another page.

    `wanted`: only those that share words with it, those that share most first.
    """
    table = forum_posts
    first = table.c.votes.desc() if order == Order.VOTES else table.c.published_at.desc()
    query = _wanted(workspace_id, wanted).order_by(first, table.c.id.desc())
    return _read_all(conn, query.limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE))


def alike(conn: Connection, workspace_id: int, title: str, *, limit: int) -> list[Post]:
    """The published posts that are most like a title; of equals, the most wanted first."""
    table = forum_posts
    query = _wanted(workspace_id, title).order_by(table.c.votes.desc(), table.c.id.desc())
    return _read_all(conn, query.limit(limit))


def unpublished_of(conn: Connection, workspace_id: int, member_id: int) -> list[Post]:
    """What this member wrote and others cannot read, newest first."""
    table = forum_posts
    query = _posts().where(
        table.c.workspace_id == workspace_id, table.c.author_id == member_id, table.c.state != State.PUBLISHED
    )
    return _read_all(conn, query.order_by(table.c.id.desc()).limit(PER_PAGE))


def _wanted(workspace_id: int, wanted: str) -> Select[Any]:
    table = forum_posts
    query = _posts().where(table.c.workspace_id == workspace_id, table.c.state == State.PUBLISHED)
    if stems := words.stems(wanted):
        return query.where(or_(*(_has(stem) for stem in stems))).order_by(_shared(stems).desc())
    return query.where(_has(words.folded(wanted.strip()))) if wanted.strip() else query


def _shared(stems: list[str]) -> ColumnElement[int]:
    """How many characters of the wanted words a post has: long words say more than short ones."""
    return sum((case((_has(stem), len(stem)), else_=0) for stem in stems), literal(0))


def _has(stem: str) -> ColumnElement[bool]:
    return forum_posts.c.folded.contains(stem, autoescape=True)


def _post(workspace_id: int, post_id: int) -> ColumnElement[bool]:
    return and_(forum_posts.c.workspace_id == workspace_id, forum_posts.c.id == post_id)


def _posts() -> Select[Any]:
    table, author = forum_posts, forum_members
    mine = and_(author.c.workspace_id == table.c.workspace_id, author.c.id == table.c.author_id)
    return select(*table.c, author.c.name.label("author")).join(author, mine)


def _read_all(conn: Connection, query: Select[Any]) -> list[Post]:
    return [_read(row) for row in conn.execute(query).mappings()]


def _read(row: RowMapping) -> Post:
    kept = ("id", "author_id", "author", "title", "words", "reason", "votes", "created_at", "published_at")
    return Post(state=State(row["state"]), **{name: row[name] for name in kept})
