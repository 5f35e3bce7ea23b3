"""A post's way: written and held, then published or refused. Nothing is published by default."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from lineage import history, ledger
from lineage.changes import PostSeen
from lineage.history import About
from plugin.forum import members, posts, votes, words
from plugin.forum.posts import State
from plugin.forum.tables import forum_moderations, forum_posts
from plugin.reasons import WAITS
from store.database import insert_or_ignore
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member typed. `form` names the form that was sent: sent twice, it makes one post."""

    title: str
    words: str
    form: str


def submit(conn: Connection, workspace: Workspace, author_id: int, draft: Draft, *, now: datetime) -> int:
    """The id of the post, which is held, and waits on the shelf `moderate`."""
    key = {"workspace_id": workspace.id, "author_id": author_id, "form": draft.form}
    fresh = {
        **key,
        "title": draft.title,
        "words": draft.words,
        "folded": words.folded(f"{draft.title}\n{draft.words}"),
        "state": State.HELD,
        "reason": WAITS,
        "created_at": now,
    }
    new = insert_or_ignore(conn, forum_posts, fresh)
    here = and_(*(forum_posts.c[name] == value for name, value in key.items()))
    ident: int = conn.execute(select(forum_posts.c.id).where(here)).scalar_one()
    if new:
        waits = {"workspace_id": workspace.id, "post_id": ident, "categories": [], "due_at": now}
        conn.execute(insert(forum_moderations).values(waits))
    return ident


def publish(conn: Connection, workspace: Workspace, post_id: int, *, by: str, now: datetime) -> bool:
    """For everybody to read and vote for, with its author's own vote. False if it was so already."""
    post = posts.by_id(conn, workspace.id, post_id)
    if post is None or post.state == State.PUBLISHED:
        return False
    first = post.published_at is None
    shown = _decided(State.PUBLISHED, "", by, now) | ({"published_at": now} if first else {})
    unshown = _post(workspace.id, post_id) & (forum_posts.c.state != State.PUBLISHED)
    if not conn.execute(update(forum_posts).where(unshown).values(shown)).rowcount:
        return False  # somebody else did at the same moment
    if first:
        author = members.by_id(conn, workspace.id, post.author_id)
        assert author is not None, "a post goes with its author"
        seen = PostSeen(str(post_id), post.title, author.as_person(), post.created_at, by)
        ledger.record(conn, workspace, seen, cause=f"forum:post:{post_id}:published", now=now)
        votes.cast(conn, workspace, post_id, author, why=post.words, now=now)
    else:
        _note(conn, workspace.id, post_id, "PostPublished", by, now)
    return True


def refuse(
    conn: Connection, workspace: Workspace, post_id: int, *, by: str, reason: str, now: datetime
) -> bool:
    """For its author's eyes only, with the reason. Its votes stay counted. False: there is no such post."""
    values = _decided(State.REFUSED, reason, by, now)
    if not conn.execute(update(forum_posts).where(_post(workspace.id, post_id)).values(values)).rowcount:
        return False
    _note(conn, workspace.id, post_id, "PostRefused", by, now)
    return True


def hold(conn: Connection, workspace_id: int, post_id: int, *, reason: str) -> None:
    """Still held, now for this reason. Does nothing to a post about which somebody decided."""
    held = _post(workspace_id, post_id) & (forum_posts.c.state == State.HELD)
    conn.execute(update(forum_posts).where(held).values(reason=reason))


def _note(conn: Connection, workspace_id: int, post_id: int, kind: str, by: str, now: datetime) -> None:
    post, cause = str(post_id), f"forum:post:{post_id}:{kind}:{now.isoformat()}"
    about = [About("post", post)]
    history.note(conn, workspace_id, kind, {"post": post}, cause=cause, who=by, now=now, about=about)


def _decided(state: State, reason: str, by: str, now: datetime) -> dict[str, object]:
    return {"state": state, "reason": reason, "decided_by": by, "decided_at": now}


def _post(workspace_id: int, post_id: int) -> ColumnElement[bool]:
    return and_(forum_posts.c.workspace_id == workspace_id, forum_posts.c.id == post_id)
