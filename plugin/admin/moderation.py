"""The queue of forum posts that wait for a person. Whoever refuses one says why: its author reads that."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin import app_state, identity
from plugin.admin.workspace import around, named, say
from plugin.forum.moderation import decide, queue
from plugin.identity import Operator
from plugin.said import said
from plugin.translating import gettext as _
from store.database import reading, transaction

routes = Blueprint("moderation", __name__)


@routes.get("/<slug>/moderation")
@identity.operators_only
def moderation(operator: Operator, slug: str) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        workspace = named(conn, slug)
        held = queue(conn, workspace)
    return render_template("admin/moderation.html", held=held, **around(operator, workspace))


@routes.post("/<slug>/moderation/<int:post>")
@identity.operators_only
def judge(operator: Operator, slug: str, post: int) -> ResponseReturnValue:
    state, publish = app_state.current(), request.form.get("verdict") == "publish"
    reason = request.form.get("reason", "").strip()[:500]
    try:
        with transaction(state.engine) as conn:
            done = decide(
                conn,
                named(conn, slug),
                post,
                "publish" if publish else "refuse",
                by=operator.email,
                reason=reason,
                now=state.clock(),
            )
    except ValueError as missing:
        say(said(str(missing)))
    else:
        words = (
            _("Published: everybody can read it and vote.")
            if publish
            else _("Refused. Its author reads the reason.")
        )
        say(words if done else _("Somebody else decided that already."))
    state.wake()
    return redirect(url_for("admin.moderation.moderation", slug=slug), 303)
