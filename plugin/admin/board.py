"""The demand board for operators, who may read every issue's summary."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin import app_state, board, identity
from plugin.admin.workspace import around, named
from plugin.identity import Operator
from store.database import reading

routes = Blueprint("board", __name__)


@routes.get("/<slug>/board")
@identity.operators_only
def ranking(operator: Operator, slug: str) -> ResponseReturnValue:
    state = app_state.current()
    now = state.clock()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
        shown = board.page(conn, workspace, board.asked(request.args, now), now)
    board.keep_its_past(workspace, shown)
    return render_template(
        "admin/board.html",
        shown=shown,
        here=url_for("admin.board.ranking", slug=slug),
        csv=url_for("admin.board.saved", slug=slug),
        trace=url_for("admin.trace.trace", slug=slug),
        **around(operator, workspace),
    )


@routes.get("/<slug>/board.csv")
@identity.operators_only
def saved(_operator: Operator, slug: str) -> Response:
    state = app_state.current()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
    return board.as_csv(workspace, board.asked(request.args, state.clock()), summaries=True)
