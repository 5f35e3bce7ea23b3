"""Shows: every screen, and the put-together app. Start reading here; see README.md."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from plugin.settings import Settings

LARGEST_REQUEST_BYTES = 1024 * 1024


def create_app(
    settings: "Settings | None" = None,
    *,
    engine: "Engine | None" = None,
    clock: Callable[[], datetime] | None = None,
) -> "Flask":
    """The whole product as one WSGI application. Raises SettingsError and CannotOpen, each with the mend.

    The imports are in here so that the command line, which lives in this package too, starts quickly.
    """
    from flask import Flask

    from plugin import admin, errors, follow, forum, incoming, jira, pages, translating, zendesk
    from plugin.health import routes as health
    from plugin.jira.installations import tenant
    from plugin.opening import keys, open_installation
    from plugin.settings import Settings
    from webhooks import connect, receiving

    settings = settings or Settings.load()
    kithspark = open_installation(settings, engine=engine, clock=clock)

    app = Flask(__name__, template_folder=".", static_folder="static")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST_BYTES
    incoming.refuse_the_impossible(app)
    app.extensions["kithspark"] = kithspark  # what every screen shares: `app_state.current()`
    pages.prepare(app, keys=keys(settings), public_url=settings.public_url, redis_url=settings.redis_url)
    errors.answer(app)
    translating.use(app)

    # Hears: what vendors tell us.
    ears = receiving.Receiver(
        kithspark.engine, kithspark.vault, settings.public_url, kithspark.wake, kithspark.clock
    )
    app.register_blueprint(receiving.routes(ears))
    app.register_blueprint(connect.routes(ears, tenant_of=tenant))

    # Shows: beside a ticket, beside an issue, to customers, to operators.
    app.register_blueprint(zendesk.routes)
    app.register_blueprint(jira.routes)
    app.register_blueprint(forum.routes)
    app.register_blueprint(follow.routes)
    app.register_blueprint(admin.routes)

    # Tells how it is: /healthz, /readyz, /metrics.
    app.register_blueprint(health)
    return app
