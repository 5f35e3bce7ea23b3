"""A member is forgotten: votes stay counted, published posts keep their title, and nothing says whose."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from plugin.forum import words
from plugin.forum.members import forgotten
from plugin.forum.tables import forum_links, forum_mails, forum_members, forum_posts, forum_votes


def forget(
    conn: Connection, workspace_id: int, *, emails: Sequence[str], members: Collection[str] = ()
) -> int:
    """Forget the members with these addresses or numbers, their sign-in links and mails. How many they were.

    Posts that nobody else could read go with their words; of published ones the title stays, because
    others voted for it.
    """
    for table in (forum_links, forum_mails):
        conn.execute(delete(table).where(table.c.workspace_id == workspace_id, table.c.email.in_(emails)))
    numbers = [int(one) for one in members if one.isdigit()]
    theirs = or_(forum_members.c.email.in_(emails), forum_members.c.id.in_(numbers))
    query = select(forum_members.c.id).where(forum_members.c.workspace_id == workspace_id, theirs)
    found = list(conn.scalars(query))
    for member in found:
        _forget_posts(conn, workspace_id, member)
        _forget(conn, workspace_id, member)
    return len(found)


def _forget_posts(conn: Connection, workspace_id: int, member: int) -> None:
    table = forum_posts
    theirs = (table.c.workspace_id == workspace_id, table.c.author_id == member)
    conn.execute(delete(table).where(*theirs, table.c.published_at.is_(None)))
    for post in conn.execute(select(table.c.id, table.c.title).where(*theirs)).all():
        values = {"words": "", "folded": words.folded(post.title)}
        conn.execute(update(table).where(*theirs, table.c.id == post.id).values(values))


def _forget(conn: Connection, workspace_id: int, member: int) -> None:
    voted: ColumnElement[bool] = forum_votes.c.member_id == member
    conn.execute(
        update(forum_votes).where(forum_votes.c.workspace_id == workspace_id, voted).values(words="")
    )
    nobody = {"email": forgotten(member), "name": "", "language": None}
    here = (forum_members.c.workspace_id == workspace_id, forum_members.c.id == member)
    conn.execute(update(forum_members).where(*here).values(nobody))
