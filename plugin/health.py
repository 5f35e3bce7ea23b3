"""Whether this process is alive, whether it can do its work, and who may ask how the work stands."""

import hmac
import time
from ipaddress import ip_address

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from plugin import app_state, identity, opening
from plugin.app_state import Kithspark
from plugin.bearer import NotProven
from plugin.figures import Figures
from store import migrate, tally, writable
from store.errors import TryLater

routes = Blueprint("health", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
"""With one of these, a call from this machine is a proxy's, for somebody else."""

WRITES_EVERY_S = 5.0
"""Anybody may ask whether we are ready, and the answer costs a write: so often, at most."""


class _Writing:
    """What the last try to write showed, for a few seconds."""

    def __init__(self) -> None:
        self._last: tuple[Engine, float, str] | None = None

    def why_not(self, engine: Engine) -> str:
        now = time.monotonic()
        if self._last is None or self._last[0] is not engine or now - self._last[1] >= WRITES_EVERY_S:
            self._last = (engine, now, writable.why_not(engine))
        return self._last[2]


_writing = _Writing()


@routes.get("/healthz")
@identity.proves("anyone")
def alive() -> ResponseReturnValue:
    """This process answers. Restarting it would help nothing else."""
    return _plain("ok")


@routes.get("/readyz")
@identity.proves("anyone")
def ready() -> ResponseReturnValue:
    """Whether calls may be sent here: the database answers, is of this version, and can be written."""
    try:
        revision = migrate.current(app_state.current().engine)
    except (SQLAlchemyError, TryLater) as trouble:
        return _plain(f"the database does not answer ({type(trouble).__name__})", 503)
    if revision != migrate.head():
        return _plain("the database is of another version: run `kithspark migrate`", 503)
    if reason := _writing.why_not(app_state.current().engine):
        return _plain(reason, 503)
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
