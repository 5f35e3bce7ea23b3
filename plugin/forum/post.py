"""One post: the ask, what became of it, what we wrote to those who voted, and the vote."""

from flask import abort, render_template

from lineage import questions
from plugin.app_state import current
from plugin.forum import entries, posts, visits, votes, words
from plugin.forum.status import status_of
from store.database import reading


def show(slug: str, post_id: int) -> str:
    with reading(current().engine) as conn:
        visit = visits.arrive(conn, slug)
        workspace = visit.workspace
        found = posts.readable(conn, workspace.id, post_id, reader=visit.member_id)
        if found is None:
            abort(404)
        status = status_of(questions.post_status(conn, workspace, str(post_id)))
        written = entries.of(conn, workspace.id, post_id)
        voted = bool(votes.standing_of(conn, workspace.id, visit.member_id, [post_id]))
    return render_template(
        "forum/post.html",
        **visits.frame(visit),
        post=found,
        words=words.as_html(found.words),
        status=status,
        entries=written,
        voted=voted,
    )
