"""Jira's faces: the app that is installed there, and the panel beside an issue."""

from flask import Blueprint

from plugin import formats, frames, phrases
from plugin.jira import board, context, descriptor, lifecycle, panel, scope

routes = Blueprint("jira", __name__)
routes.after_request(frames.keep_nothing)
for screen in (descriptor, lifecycle, context, board, panel, scope):
    routes.register_blueprint(screen.routes)
formats.use(routes)
phrases.use(routes)
