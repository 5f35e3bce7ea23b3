"""Placing a forum post on the issue that it asks for: all its votes, present and future, count there."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from connectors import accounts
from connectors.errors import NotFound, Refused, Unavailable
from connectors.zendesk import community
from lineage import ledger, questions
from lineage.changes import Linked, Unlinked
from lineage.errors import LineageError
from lineage.questions.views import ItemView
from lineage.tables import placements, posts
from lineage.terms import ItemId
from lineage.votes import COMMUNITY, placing_of
from plugin import app_state, identity, issues
from plugin.admin.workspace import around, cause, named, say
from plugin.errors import Missing
from plugin.identity import Operator
from plugin.said import said
from plugin.translating import gettext as _
from plugin.zendesk import vendor
from plugin.zendesk.suggestions import Suggestion, by_words
from store import connections, looks
from store.connections import NotConnected
from store.database import reading, transaction
from store.workspaces import Workspace

routes = Blueprint("place", __name__)

MOST = 100


@dataclass(frozen=True, slots=True)
class Post:
    """A published post: where it is placed, else what it may be about. `address` is that of its page."""

    id: str
    title: str
    address: str
    where: str
    placed: tuple[ItemView, ...]
    suggested: tuple[Suggestion, ...]


@routes.get("/<slug>/posts")
@identity.operators_only
def place(operator: Operator, slug: str) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        workspace = named(conn, slug)
        shown = _posts(conn, workspace)
    return render_template("admin/place.html", posts=shown, **around(operator, workspace))


@routes.post("/<slug>/posts/<post>/place")
@identity.operators_only
def put(operator: Operator, slug: str, post: str) -> ResponseReturnValue:
    state = app_state.current()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
    try:
        item = issues.known_issue(workspace, request.form.get("issue", "").strip())
        change = Linked(placing_of(post), item.id, by=operator.email, at=state.clock())
        with transaction(state.engine) as conn:
            ledger.record(conn, workspace, change, cause=cause(f"place:{post}"), now=state.clock())
        say(_("Placed on %(key)s: every vote counts there, also those to come.", key=item.key))
    except Missing:
        say(_("Jira knows no such issue. Give its key, like KS-1."))
    except (LineageError, Unavailable, Refused, NotConnected) as trouble:
        say(said(str(trouble)))
    state.wake()
    return redirect(url_for("admin.place.place", slug=slug), 303)


@routes.post("/<slug>/posts/community")
@identity.operators_only
def put_community(operator: Operator, slug: str) -> ResponseReturnValue:
    """Place a post of Zendesk's community; the worker reads its votes."""
    state, now = app_state.current(), app_state.current().clock()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
    ident = request.form.get("post", "").strip()
    try:
        with reading(state.engine) as conn:
            account = connections.load(conn, state.vault, workspace.id, "zendesk")
        with vendor.speaking(account) as zendesk:
            post = community.read_post(zendesk, ident)
        item = issues.known_issue(workspace, request.form.get("issue", "").strip())
        where = placing_of(post.post)
        linked = Linked(where, item.id, by=operator.email, at=now)
        with transaction(state.engine) as conn:
            ledger.record(conn, workspace, post, cause=cause(f"read:{post.post}"), now=now)
            ledger.record(conn, workspace, linked, cause=cause(f"place:{post.post}"), now=now)
            looks.ask(
                conn, workspace_id=workspace.id, system="zendesk", kind="post", object_id=where.id, now=now
            )  # fmt: skip
        say(_("Placed on %(key)s: every vote counts there, also those to come.", key=item.key))
    except Missing:
        say(_("Jira knows no such issue. Give its key, like KS-1."))
    except (ValueError, NotFound):
        say(_("Zendesk shows no such post. Give the number in its address."))
    except (LineageError, Unavailable, Refused, NotConnected) as trouble:
        say(said(str(trouble)))
    state.wake()
    return redirect(url_for("admin.place.place", slug=slug), 303)


@routes.post("/<slug>/posts/<post>/remove")
@identity.operators_only
def remove(operator: Operator, slug: str, post: str) -> ResponseReturnValue:
    """Take the post off an issue again: its votes count there no more."""
    state = app_state.current()
    item = ItemId(request.form.get("issue", ""))
    change = Unlinked(placing_of(post), item, keep=False, by=operator.email, at=state.clock())
    try:
        with transaction(state.engine) as conn:
            ledger.record(conn, named(conn, slug), change, cause=cause(f"remove:{post}"), now=state.clock())
        say(_("Taken off: its votes count there no more."))
    except LineageError as refused:
        say(said(str(refused)))
    state.wake()
    return redirect(url_for("admin.place.place", slug=slug), 303)


def _posts(conn: Connection, workspace: Workspace) -> list[Post]:
    """Those that are placed nowhere first, the newest of each first."""
    account = accounts.connection_or_none(conn, app_state.current().vault, workspace.id, "zendesk")
    site = account.url if account else ""
    query = select(posts.c.id, posts.c.title).where(posts.c.workspace_id == workspace.id)
    rows = conn.execute(query.order_by(posts.c.created_at.desc()).limit(MOST)).all()
    where = select(placements.c.post_id, placements.c.item_id).where(
        placements.c.workspace_id == workspace.id, placements.c.post_id.in_([row.id for row in rows])
    )
    placed: dict[str, list[ItemView]] = {}
    for row in conn.execute(where):
        item = questions.item(conn, workspace, ItemId(row.item_id))
        if item is not None:
            placed.setdefault(row.post_id, []).append(item)
    found = [
        Post(
            row.id,
            row.title,
            _address(workspace, row.id, site),
            str(placing_of(row.id)),
            tuple(placed.get(row.id, ())),
            () if row.id in placed else by_words(conn, workspace, row.title),
        )
        for row in rows
    ]
    return sorted(found, key=lambda post: bool(post.placed))


def _address(workspace: Workspace, post: str, site: str) -> str:
    """Of a post's own page; empty where nobody knows it."""
    if not post.startswith(COMMUNITY):
        return url_for("forum.post", slug=workspace.slug, post_id=post)
    return f"{site}/hc/community/posts/{post.removeprefix(COMMUNITY)}" if site else ""
