"""How far it is with what goes out now: how many were told, how many wait, when that will be over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, case, func, select

from lineage.outbox import PACED
from lineage.outcomes import notices, replans
from lineage.questions.views import Shape, moment
from store.database import Instant
from store.workspaces import Workspace

TOGETHER = timedelta(minutes=15)
"""Messages of which one fell due so much later than another still go out together: they were planned for in
turns."""

BEGINNING = ("held", "queued")
GOING = (*BEGINNING, "sending", "unknown")


@dataclass(frozen=True, slots=True)
class Progress:
    """`sent` of `total` messages that go out now; `planning` persons' messages are still being worked out.

    `per_minute`: how many go to the helpdesk now at most; `expected_at`: when the last will have gone,
    at this pace; None while nothing goes out, or the workspace is paused.
    """

    sent: int
    total: int
    blocked: int
    planning: int
    per_minute: float
    expected_at: datetime | None

    @property
    def under_way(self) -> bool:
        return self.total > self.sent or self.planning > 0

    def as_json(self) -> Shape:
        return {
            "sent": self.sent, "total": self.total, "blocked": self.blocked, "planning": self.planning,
            "per_minute": self.per_minute, "expected_at": moment(self.expected_at),
        }  # fmt: skip


def progress(conn: Connection, workspace: Workspace, *, now: datetime) -> Progress:
    """What goes out is what is due; what was sent since the first of that fell due went out with it."""
    left, slots, began = _left(conn, workspace, now)
    pace = PACED.read(conn, workspace.id, now=now)
    per_minute = pace.per_minute(now)
    planning = _count(conn, select(func.count()).where(
        replans.c.workspace_id == workspace.id, replans.c.due_at.is_not(None)
    ))  # fmt: skip
    if began is None:
        return Progress(0, 0, 0, planning, per_minute, None)
    mine = select(func.count()).where(notices.c.workspace_id == workspace.id, notices.c.lane != "note")
    began -= TOGETHER
    sent = _count(conn, mine.where(notices.c.sent_at >= began))
    blocked = _count(conn, mine.where(notices.c.state == "blocked", notices.c.parked_at >= began))
    expected = max(now, pace.opens_at()) + timedelta(minutes=(slots + planning) / per_minute)
    return Progress(
        sent, sent + left + blocked, blocked, planning, per_minute,
        None if workspace.policy.paused else expected,
    )  # fmt: skip


def _left(conn: Connection, workspace: Workspace, now: datetime) -> tuple[int, int, datetime | None]:
    """How many messages are due; how many slots they and internal notes take; when the first fell due."""
    waits = notices.c.state.in_(BEGINNING)
    query = select(
        func.sum(case((notices.c.lane != "note", 1), else_=0)),
        func.sum(case((PACED.rows, 1), else_=0)),
        func.min(case((waits, notices.c.due_at)), type_=Instant),
        func.min(notices.c.due_at, type_=Instant),
    ).where(
        notices.c.workspace_id == workspace.id, notices.c.due_at <= now, notices.c.state.in_(GOING)
    )  # fmt: skip
    messages, slots, first, any_first = conn.execute(query).one()
    return int(messages or 0), int(slots or 0), first or any_first


def _count(conn: Connection, query: Select[int]) -> int:
    return conn.scalar(query) or 0
