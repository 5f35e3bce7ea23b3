"""The operator's pages: what goes out next, what is stuck, what the forum waits for."""

from flask import Blueprint

from plugin import formats, phrases
from plugin.admin import (
    board,
    connect_jira,
    connect_zendesk,
    moderation,
    overview,
    place,
    plan,
    remarks,
    signin,
    trace,
    wording,
)
from plugin.pages import guard

routes = Blueprint("admin", __name__, url_prefix="/admin")
guard(routes)
for screen in (
    signin, overview, board, plan, moderation, place, trace, remarks, wording, connect_jira, connect_zendesk,
):  # fmt: skip
    routes.register_blueprint(screen.routes)
formats.use(routes)
phrases.use(routes)
