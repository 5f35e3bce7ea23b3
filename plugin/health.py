"""Whether this process is alive, whether it can do its work, and who may ask how the work stands."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from plugin import app_state, identity, opening
from plugin.app_state import Kithspark
from plugin.bearer import NotProven
from plugin.figures import Figures
from store import migrate, tally
from store.errors import TryLater

routes = Blueprint("health", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
"""With one of these, a call from this machine is a proxy's, for somebody else."""


@routes.get("/healthz")
@identity.proves("anyone")
def alive() -> ResponseReturnValue:
    """This process answers. Restarting it would help nothing else."""
    return _plain("ok")


@routes.get("/readyz")
@identity.proves("anyone")
def ready() -> ResponseReturnValue:
    """Whether calls may be sent here: the database answers and is of this version."""
    try:
        revision = migrate.current(app_state.current().engine)
    except (SQLAlchemyError, TryLater) as trouble:
        return _plain(f"the database does not answer ({type(trouble).__name__})", 503)
    if revision != migrate.head():
        return _plain("the database is of another version: run `kithspark migrate`", 503)
    return _plain("ok")


@routes.get("/metrics")
@identity.proves("monitor")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus. Raises NotProven."""
    app = app_state.current()
    if not (_from_this_machine() or _has_token(app)):
        raise NotProven("Ask from this machine, or with the token that `kithspark doctor --token` prints.")
    tally.write(app.engine)
    registry = CollectorRegistry(auto_describe=True)
    registry.register(Figures(app))
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def token(app: Kithspark) -> str:
    """What a monitor on another machine shows as `Authorization: Bearer …`."""
    return hmac.digest(opening.keys(app.settings)[0].encode(), b"kithspark metrics", "sha256").hex()


def _from_this_machine() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address((request.remote_addr or "").strip("[]")).is_loopback
    except ValueError:
        return False


def _has_token(app: Kithspark) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return scheme == "Bearer" and hmac.compare_digest(shown.encode(), token(app).encode())


def _plain(words: str, status: int = 200) -> Response:
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")
