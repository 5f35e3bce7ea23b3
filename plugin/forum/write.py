"""Writing a post. While one types a title, posts that are like it are shown: a vote is better than a twin."""

import secrets

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from plugin.app_state import current
from plugin.forum import posts, publishing, visits, words
from plugin.forum.board import Card, cards
from plugin.forum.publishing import Draft
from plugin.forum.visits import Visit
from plugin.pages import limits
from plugin.translating import gettext as _
from store.database import reading, transaction

ALIKE = 4


def show(slug: str) -> str:
    title = words.one_line(request.args.get("title", ""))[: words.LONGEST_TITLE]
    draft = Draft(title, "", secrets.token_urlsafe(16))
    with reading(current().engine) as conn:
        workspace, member = visits.enter(conn, slug, then=request.full_path)
    return _page(Visit(workspace, member), draft, {})


@limits.limit("10/hour;30/day", deduct_when=lambda response: response.status_code == 303)
def send(slug: str) -> str | Response | tuple[str, int]:
    app, form = current(), request.form
    draft = Draft(
        words.one_line(form.get("title", "")), words.tidy(form.get("words", "")), form.get("form", "")[:64]
    )
    with transaction(app.engine) as conn:
        workspace, member = visits.enter(conn, slug, then=url_for("forum.write", slug=slug))
        problems = _problems(draft)
        if not problems:
            post_id = publishing.submit(conn, workspace, member.id, draft, now=app.clock())
    if problems:
        return _page(Visit(workspace, member), draft, problems), 422
    app.wake()
    return redirect(url_for("forum.post", slug=slug, post_id=post_id), 303)


def alike(slug: str) -> str:
    """The published posts that are most like a title: a piece of the page, for the script."""
    title = words.one_line(request.args.get("title", ""))[: words.LONGEST_TITLE]
    with reading(current().engine) as conn:
        visit = visits.arrive(conn, slug)
        near = _alike(conn, visit, title)
    return render_template("forum/alike.html", **visits.frame(visit), cards=near)


def _page(visit: Visit, draft: Draft, problems: dict[str, str]) -> str:
    with reading(current().engine) as conn:
        near = _alike(conn, visit, draft.title)
    return render_template(
        "forum/write.html", **visits.frame(visit), draft=draft, problems=problems, cards=near
    )


def _alike(conn: Connection, visit: Visit, title: str) -> list[Card]:
    if not words.stems(title):
        return []
    return cards(conn, visit, posts.alike(conn, visit.workspace.id, title, limit=ALIKE))


def _problems(draft: Draft) -> dict[str, str]:
    """By field, what is wrong and how to mend it."""
    problems = {}
    if not any(character.isalnum() for character in draft.title):
        problems["title"] = _("Give it a title: a few words that others would search for.")
    elif len(draft.title) > words.LONGEST_TITLE:
        problems["title"] = _(
            "Make the title shorter: at most %(most)s characters.", most=words.LONGEST_TITLE
        )
    if not any(character.isalnum() for character in draft.words):
        problems["words"] = _("Say what you are trying to do, and what stands in your way.")
    elif len(draft.words) > words.LONGEST_WORDS:
        over = len(draft.words) - words.LONGEST_WORDS
        problems["words"] = _(
            "Make it shorter by %(over)s characters: at most %(most)s.", over=over, most=words.LONGEST_WORDS
        )
    return problems
