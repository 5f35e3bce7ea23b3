"""Votes: one per member and post, given and taken back at will. Each turn goes through the ledger."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from lineage import ledger
from lineage.changes import Voted, VoteWithdrawn
from plugin.forum.members import Member
from plugin.forum.tables import forum_posts, forum_votes
from store.database import insert_or_ignore
from store.workspaces import Workspace


def cast(
    conn: Connection, workspace: Workspace, post_id: int, member: Member, *, why: str, now: datetime
) -> bool:
    """False if this member's vote stands already. `why`: why it matters to them, for the company's eyes."""
    turn = _give(conn, workspace.id, post_id, member.id, why, now)
    if turn is None:
        return False
    _count(conn, workspace.id, post_id, 1)
    voted = Voted(str(post_id), member.as_person(), now, why)
    ledger.record(conn, workspace, voted, cause=_cause(post_id, member.id, turn), now=now)
    return True


def withdraw(conn: Connection, workspace: Workspace, post_id: int, member: Member, *, now: datetime) -> bool:
    """False if no vote of this member stands."""
    table = forum_votes
    standing = _vote(workspace.id, post_id, member.id) & table.c.withdrawn_at.is_(None)
    taken = update(table).where(standing).values(withdrawn_at=now, turns=table.c.turns + 1)
    turn = conn.execute(taken.returning(table.c.turns)).scalar()
    if turn is None:
        return False
    _count(conn, workspace.id, post_id, -1)
    withdrawn = VoteWithdrawn(str(post_id), member.as_person(), now)
    ledger.record(conn, workspace, withdrawn, cause=_cause(post_id, member.id, turn), now=now)
    return True


def standing_of(
    conn: Connection, workspace_id: int, member_id: int | None, posts: Collection[int]
) -> frozenset[int]:
    """Which of these posts have this member's vote."""
    table = forum_votes
    if member_id is None or not posts:
        return frozenset()
    query = select(table.c.post_id).where(
        table.c.workspace_id == workspace_id,
        table.c.member_id == member_id,
        table.c.post_id.in_(posts),
        table.c.withdrawn_at.is_(None),
    )
    return frozenset(conn.scalars(query))


def _give(
    conn: Connection, workspace_id: int, post_id: int, member_id: int, why: str, now: datetime
) -> int | None:
    """The number of this turn; None if the vote stands already."""
    table = forum_votes
    key = {"workspace_id": workspace_id, "post_id": post_id, "member_id": member_id}
    if insert_or_ignore(conn, table, {**key, "words": why, "voted_at": now, "turns": 1}):
        return 1
    withdrawn = _vote(workspace_id, post_id, member_id) & table.c.withdrawn_at.is_not(None)
    again = {"words": why or table.c.words, "voted_at": now, "withdrawn_at": None, "turns": table.c.turns + 1}
    turn: int | None = conn.execute(
        update(table).where(withdrawn).values(again).returning(table.c.turns)
    ).scalar()
    return turn


def _count(conn: Connection, workspace_id: int, post_id: int, more: int) -> None:
    table = forum_posts
    here = and_(table.c.workspace_id == workspace_id, table.c.id == post_id)
    conn.execute(update(table).where(here).values(votes=table.c.votes + more))


def _vote(workspace_id: int, post_id: int, member_id: int) -> ColumnElement[bool]:
    table = forum_votes
    return and_(
        table.c.workspace_id == workspace_id, table.c.post_id == post_id, table.c.member_id == member_id
    )


def _cause(post_id: int, member_id: int, turn: int) -> str:
    return f"forum:vote:{post_id}:{member_id}:{turn}"
