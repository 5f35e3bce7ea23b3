"""Whether this process is alive, whether it can do its work, and figures of how the work stands."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from plugin import app_state, identity, opening
from plugin.app_state import Kithspark
from plugin.bearer import NotProven
from store import migrate
from store.connections import connections
from store.database import reading
from store.errors import TryLater
from store.waiting import Counts
from store.workspaces import workspaces

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
    registry = CollectorRegistry(auto_describe=True)
    registry.register(Figures(app))
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def token(app: Kithspark) -> str:
    """What a monitor on another machine shows as `Authorization: Bearer …`."""
    return hmac.digest(opening.keys(app.settings)[0].encode(), b"kithspark metrics", "sha256").hex()


class Figures(Collector):
    """Read when they are asked for: they describe the database, so every process tells the same."""

    def __init__(self, app: Kithspark) -> None:
        self._app = app

    def collect(self) -> Iterable[GaugeMetricFamily]:
        from plugin.work import shelves  # it knows every vendor's library

        rows = GaugeMetricFamily("kithspark_rows", "Rows that wait for work", labels=["shelf", "state"])
        oldest = GaugeMetricFamily(
            "kithspark_oldest_due_seconds", "For how long the oldest row is due", labels=["shelf"]
        )
        heard = GaugeMetricFamily(
            "kithspark_vendor_age_seconds",
            "Since a vendor was last heard or reconciled",
            labels=["workspace", "system", "what"],
        )
        now = self._app.clock()
        with reading(self._app.engine) as conn:
            for name, work in shelves(self._app).items():
                counts = work.shelf.counts(conn, now=now)
                for state, number in _states(counts):
                    rows.add_metric([name, state], number)
                oldest.add_metric([name], counts.oldest_s)
            for labels, age_s in _ages(conn, now):
                heard.add_metric(labels, age_s)
        return [rows, oldest, heard]


def _states(counts: Counts) -> list[tuple[str, int]]:
    return [
        ("due", counts.due),
        ("leased", counts.leased),
        ("waiting", counts.waiting),
        ("parked", counts.parked),
    ]


def _ages(conn: Connection, now: datetime) -> list[tuple[list[str], float]]:
    query = select(
        workspaces.c.slug, connections.c.system, connections.c.last_event_at, connections.c.last_sync_at
    ).join(workspaces, workspaces.c.id == connections.c.workspace_id)
    found = []
    for slug, system, event_at, sync_at in conn.execute(query):
        for what, at in (("event", event_at), ("sync", sync_at)):
            if at is not None:
                found.append(([slug, system, what], (now - at).total_seconds()))
    return found


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
