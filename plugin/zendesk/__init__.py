"""At home in Zendesk: beside a ticket, where this request stands and what is said about it; in the nav bar,
everything that waits to be said.
"""

from flask import Blueprint

from plugin import formats, frames, phrases
from plugin.zendesk import create, link, parts, queue, remark, reply, sidebar, ticket

routes = Blueprint("zendesk", __name__, url_prefix="/zendesk")
routes.after_request(frames.keep_nothing)
for screen in (sidebar, ticket, link, create, parts, reply, remark, queue):
    routes.register_blueprint(screen.routes)
formats.use(routes)
phrases.use(routes)
