"""Jira's faces: the app that is installed there, and the panel beside an issue."""

from flask import Blueprint

from plugin import formats, frames, phrases
from plugin.jira import (
    board,
    context,
    deciding,
    descriptor,
    forge,
    lifecycle,
    panel,
    panel_more,
    scope,
    setup,
    split,
    under_way,
    undo,
)

routes = Blueprint("jira", __name__)
routes.after_request(frames.keep_nothing)
for screen in (
    descriptor, lifecycle, context, board, setup, panel, panel_more, deciding, scope, split, under_way, undo,
    forge,
):  # fmt: skip
    routes.register_blueprint(screen.routes)
formats.use(routes)
phrases.use(routes)
