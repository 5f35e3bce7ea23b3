"""Figures of how the work stands, in Prometheus' form. `docs/metrics.md` explains each.

All are read from the database when they are asked for, so every process tells the same: what waits is there
anyway, and what processes count, they add up there (`store/tally.py`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select, text

from connectors import calls, delivery
from lineage.outcomes import ENDED, LIVE, NOT_OVER, UNDER_WAY, notices
from plugin.app_state import Kithspark
from store import tally
from store.connections import connections
from store.database import EPOCH, Instant, reading
from store.looks import looks
from store.waiting import Counts
from store.workspaces import workspaces


class Figures(Collector):
    def __init__(self, app: Kithspark) -> None:
        self._app = app

    def collect(self) -> Iterable[Metric]:
        now = self._app.clock()
        with reading(self._app.engine) as conn:
            return [
                *_rows(self._app, conn, now),
                _look_lag(conn, now),
                _ages(conn, now),
                _notices(conn),
                *_counted(conn),
                _told_after(conn),
            ]


def _rows(app: Kithspark, conn: Connection, now: datetime) -> Iterator[Metric]:
    from plugin.work import shelves  # it knows every vendor's library

    rows = GaugeMetricFamily("kithspark_rows", "Rows that wait for work", labels=["shelf", "state"])
    oldest = GaugeMetricFamily(
        "kithspark_oldest_due_seconds", "For how long the oldest row is due", labels=["shelf"]
    )
    for name, work in shelves(app).items():
        counts = work.shelf.counts(conn, now=now)
        for state, number in _states(counts):
            rows.add_metric([name, state], number)
        oldest.add_metric([name], counts.oldest_s)
    yield rows
    yield oldest


def _states(counts: Counts) -> list[tuple[str, int]]:
    return [
        ("due", counts.due),
        ("leased", counts.leased),
        ("waiting", counts.waiting),
        ("parked", counts.parked),
    ]


def _look_lag(conn: Connection, now: datetime) -> Metric:
    waiting = workspaces.join(looks, looks.c.workspace_id == workspaces.c.id)
    query = select(func.min(looks.c.event_at, type_=Instant)).select_from(waiting)
    oldest: datetime | None = conn.scalar(query.where(looks.c.due_at > EPOCH))
    lag_s = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    meaning = "Since the oldest event whose object was not read yet"
    return GaugeMetricFamily("kithspark_look_lag_seconds", meaning, value=lag_s)


def _ages(conn: Connection, now: datetime) -> Metric:
    heard = GaugeMetricFamily(
        "kithspark_vendor_age_seconds",
        "Since a vendor was last heard or reconciled",
        labels=["workspace", "system", "what"],
    )
    query = select(
        workspaces.c.slug, connections.c.system, connections.c.last_event_at, connections.c.last_sync_at
    ).join(workspaces, workspaces.c.id == connections.c.workspace_id)
    for slug, system, event_at, sync_at in conn.execute(query):
        for what, at in (("event", event_at), ("sync", sync_at)):
            if at is not None:
                heard.add_metric([slug, system, what], (now - at).total_seconds())
    return heard


def _notices(conn: Connection) -> Metric:
    """Those that are not settled; what became of the others is counted as it happens."""
    states = (*LIVE, *UNDER_WAY)
    of_all = workspaces.join(notices, notices.c.workspace_id == workspaces.c.id)
    query = select(notices.c.state, func.count().label("number")).select_from(of_all)
    query = query.where(text(NOT_OVER), notices.c.state.in_(states))
    found = {row.state: row.number for row in conn.execute(query.group_by(notices.c.state))}
    family = GaugeMetricFamily("kithspark_notices", "Messages that are not settled", labels=["state"])
    for state in states:
        family.add_metric([state], found.get(state, 0))
    return family


def _counted(conn: Connection) -> Iterator[Metric]:
    for name, meaning, labels in (
        (calls.COUNT, "Requests to vendors", ["system", "outcome"]),
        (delivery.TRIES, "Tries to send a message, by how they ended", ["outcome"]),
        (delivery.SAID, "Messages that were said, by whether their reader was mailed", ["state"]),
        (ENDED, "Messages that ended unsaid, by how", ["state"]),
        (delivery.TRY_CALLS, "Requests made by those tries", []),
    ):
        family = CounterMetricFamily(f"kithspark_{name}", meaning, labels=labels)
        found = tally.read(conn, name)
        for these, number in found:
            family.add_metric([these.get(label, "") for label in labels], number)
        if not found and not labels:
            family.add_metric([], 0)
        yield family


def _told_after(conn: Connection) -> Metric:
    """From the moment at which it was done, by Jira's time, to the message that says so."""
    within = {these["le"]: number for these, number in tally.read(conn, delivery.TOLD_AFTER)}
    spent = sum(number for _, number in tally.read(conn, delivery.TOLD_AFTER_SUM))
    buckets, total = [], 0.0
    for edge in (*map(str, delivery.EDGES_S), "+Inf"):
        total += within.get(edge, 0)
        buckets.append((edge, total))
    family = HistogramMetricFamily("kithspark_told_after_seconds", "From shipped to told")
    family.add_metric([], buckets, sum_value=spent)
    return family
