"""The send plan and approval queue: who will hear what, where, in which exact words, why now or why not."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from plugin import app_state, identity, queue
from plugin.admin.workspace import around, named, say
from plugin.identity import Operator
from store.database import reading
from store.workspaces import Workspace

routes = Blueprint("plan", __name__)


@routes.get("/<slug>/plan")
@identity.operators_only
def plan(operator: Operator, slug: str) -> ResponseReturnValue:
    state = app_state.current()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
        shown = queue.page(conn, workspace, queue.asked(), state.clock())
    here = url_for("admin.plan.plan", slug=slug)
    return render_template("admin/plan.html", shown=shown, here=here, **around(operator, workspace))


@routes.post("/<slug>/plan/approve")
@identity.operators_only
def approve(operator: Operator, slug: str) -> ResponseReturnValue:
    return _back(slug, queue.approve(_workspace(slug), by=operator.email))


@routes.post("/<slug>/plan/<any(pause, resume):act>")
@identity.operators_only
def pause(operator: Operator, slug: str, act: str) -> ResponseReturnValue:
    return _back(slug, queue.pause(_workspace(slug), act, by=operator.email))


@routes.post("/<slug>/plan/<int:notice>/<any(cancel, dismiss, retry, edit):act>")
@identity.operators_only
def settle(operator: Operator, slug: str, notice: int, act: str) -> ResponseReturnValue:
    return _back(slug, queue.settle(_workspace(slug), notice, act, by=operator.email))


def _workspace(slug: str) -> Workspace:
    with reading(app_state.current().engine) as conn:
        return named(conn, slug)


def _back(slug: str, done: Iterable[str]) -> ResponseReturnValue:
    """To the page from which the form came."""
    for words in done:
        say(words)
    return redirect(url_for("admin.plan.plan", slug=slug) + queue.asked().again, 303)
