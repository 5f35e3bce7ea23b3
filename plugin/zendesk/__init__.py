"""The Zendesk sidebar: beside a ticket, where this request stands and what is said about it."""

from flask import Blueprint

from plugin import formats, frames, phrases
from plugin.zendesk import create, link, parts, remark, reply, sidebar, ticket

routes = Blueprint("zendesk", __name__, url_prefix="/zendesk")
routes.after_request(frames.keep_nothing)
for screen in (sidebar, ticket, link, create, parts, reply, remark):
    routes.register_blueprint(screen.routes)
formats.use(routes)
phrases.use(routes)
