"""A vote, given or taken back. Only for published posts; a member has one each."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from plugin.app_state import current
from plugin.forum import posts, visits, votes, words
from plugin.forum.members import Member
from plugin.forum.posts import State
from plugin.forum.visits import Visit
from plugin.pages import limits
from store.database import transaction
from store.workspaces import Workspace

Turn: TypeAlias = Callable[[Connection, Workspace, int, Member, datetime], object]


@limits.limit("120/minute")
def give(slug: str, post_id: int) -> str | Response:
    why = words.tidy(request.form.get("why", ""))[: words.LONGEST_WORDS]

    def turn(conn: Connection, workspace: Workspace, post: int, member: Member, now: datetime) -> None:
        votes.cast(conn, workspace, post, member, why=why, now=now)

    return _turn(slug, post_id, turn)


@limits.limit("120/minute")
def take_back(slug: str, post_id: int) -> str | Response:
    def turn(conn: Connection, workspace: Workspace, post: int, member: Member, now: datetime) -> None:
        votes.withdraw(conn, workspace, post, member, now=now)

    return _turn(slug, post_id, turn)


def _turn(slug: str, post_id: int, turn: Turn) -> str | Response:
    """Does it; then shows the button anew to a script, and the whole page to a browser without."""
    app, page = current(), url_for("forum.post", slug=slug, post_id=post_id)
    with transaction(app.engine) as conn:
        workspace, member = visits.enter(conn, slug, then=page)
        post = posts.by_id(conn, workspace.id, post_id)
        if post is None or post.state != State.PUBLISHED:
            abort(404)
        turn(conn, workspace, post_id, member, app.clock())
        post = posts.by_id(conn, workspace.id, post_id)
        voted = bool(votes.standing_of(conn, workspace.id, member.id, [post_id]))
    app.wake()
    if "HX-Request" in request.headers:
        frame = visits.frame(Visit(workspace, member))
        return render_template("forum/vote.html", **frame, post=post, voted=voted)
    back = request.form.get("back", "")
    return redirect(visits.path_within(slug, back) if back else page, 303)
