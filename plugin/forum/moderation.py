"""Moderation: a model may clear a post or leave it held; only a person can refuse one.

The work of the shelf `moderate`, and what an operator's queue shows and decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import Connection, and_, select, update

from connectors import accounts
from connectors.resting import Rests
from lineage.wording.catalogue import later
from plugin.app_state import Kithspark
from plugin.forum import posts, publishing
from plugin.forum.posts import Post, State
from plugin.forum.tables import forum_members, forum_moderations, forum_posts
from plugin.reasons import FLAGGED, FOR_A_PERSON
from store import connections, workspaces
from store.connections import NotConnected
from store.database import reading, transaction
from store.waiting import Claimed, Shelf, Superseded
from store.workspaces import Workspace

if TYPE_CHECKING:
    from connectors.openai.client import Verdict

SHELF = Shelf("moderate", forum_moderations)
LIKELY = 0.5

Decision: TypeAlias = Literal["publish", "refuse"]


@dataclass(frozen=True, slots=True)
class Held:
    """One post that waits for a person. `trouble`: why the automatic check did not come to an end."""

    id: int
    title: str
    words: str
    author: str
    email: str
    reason: str
    model: str
    categories: tuple[str, ...]
    trouble: str
    created_at: datetime


def judge(app: Kithspark, claimed: Claimed) -> None:
    """Has the workspace's model look at one post: cleared, it is published; else it stays held, and says why.

    Without a connection, or with a server that moderates nothing, it stays held for a person. Raises what the
    model's connector raises, and Superseded.
    """
    post, connection = _load(app, claimed)
    verdict = None
    if post is not None and post.state == State.HELD and connection and accounts.moderates(connection):
        with Rests(app.engine, app.clock).obeyed(connection):
            verdict = _ask(connection, f"{post.title}\n\n{post.words}")
    with transaction(app.engine) as conn:
        if not SHELF.done(conn, claimed):
            raise Superseded
        if post is not None:
            _apply(conn, claimed, verdict, now=app.clock())
    app.wake()


def decide(
    conn: Connection,
    workspace: Workspace,
    post_id: int,
    verdict: Decision,
    *,
    by: str,
    reason: str = "",
    now: datetime,
) -> bool:
    """A person publishes or refuses a post, whatever a model said. False: it is so already, or there is none.

    A refusal needs a reason, which its author reads; raises ValueError without.
    """
    if verdict == "publish":
        return publishing.publish(conn, workspace, post_id, by=by, now=now)
    if not reason.strip():
        raise ValueError(later("Say why: the author of the post reads the reason."))
    return publishing.refuse(conn, workspace, post_id, by=by, reason=reason.strip(), now=now)


def queue(conn: Connection, workspace: Workspace, *, limit: int = 100) -> list[Held]:
    """The posts that wait for a person, oldest first."""
    post, check, author = forum_posts.c, forum_moderations.c, forum_members.c
    query = (
        select(
            *(post.id, post.title, post.words, author.name, author.email, post.reason),
            *(check.model, check.categories, check.reason, post.created_at),
        )
        .join(forum_members, and_(author.workspace_id == post.workspace_id, author.id == post.author_id))
        .join(forum_moderations, and_(check.workspace_id == post.workspace_id, check.post_id == post.id))
        .where(post.workspace_id == workspace.id, post.state == State.HELD)
        .order_by(post.id)
        .limit(limit)
    )
    return [
        Held(ident, title, said, name, email, why, model, tuple(categories), trouble, at)
        for ident, title, said, name, email, why, model, categories, trouble, at in conn.execute(query)
    ]


def _ask(connection: connections.Connection, text: str) -> "Verdict":
    [verdict] = accounts.openai(connection).moderate([text])
    return verdict


def _load(app: Kithspark, claimed: Claimed) -> tuple[Post | None, connections.Connection | None]:
    with reading(app.engine) as conn:
        post = posts.by_id(conn, claimed.workspace_id, claimed.row["post_id"])
        try:
            return post, connections.load(conn, app.vault, claimed.workspace_id, "openai")
        except NotConnected:
            return post, None


def _apply(conn: Connection, claimed: Claimed, verdict: "Verdict | None", *, now: datetime) -> None:
    workspace = workspaces.by_id(conn, claimed.workspace_id)
    post_id = claimed.row["post_id"]
    if verdict is None or not verdict.model:  # nobody to ask, or nothing left that may be sent
        publishing.hold(conn, workspace.id, post_id, reason=FOR_A_PERSON)
        return
    found_in = _likely(verdict.categories) if verdict.flagged else []
    found = {"model": verdict.model, "categories": found_in, "judged_at": now}
    conn.execute(update(forum_moderations).where(forum_moderations.c.id == claimed.id).values(found))
    if verdict.flagged:
        reason = FLAGGED % {"categories": ", ".join(found_in) or "no category named"}
        publishing.hold(conn, workspace.id, post_id, reason=reason)
    elif not verdict.whole:
        publishing.hold(conn, workspace.id, post_id, reason=FOR_A_PERSON)
    elif _still_held(conn, workspace.id, post_id):
        publishing.publish(conn, workspace, post_id, by=f"model:{verdict.model}", now=now)


def _likely(scores: Mapping[str, float]) -> list[str]:
    """The categories that the model finds more likely than not; the likeliest one if there is none."""
    ranked = sorted(scores, key=lambda name: -scores[name])
    return [name for name in ranked if scores[name] >= LIKELY] or ranked[:1]


def _still_held(conn: Connection, workspace_id: int, post_id: int) -> bool:
    """A person may have refused it while the model was thinking."""
    post = posts.by_id(conn, workspace_id, post_id)
    return post is not None and post.state == State.HELD
