"""How far the writing of demand into Jira is: after an installation, or when other things may be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from connectors.jira.push import SHELF
from lineage.outcomes import pushes


@dataclass(frozen=True, slots=True)
class Backfill:
    """`issues` are written to in all; `left` of them wait to be written again, `parked` are given up.

    `ends_at`: when the last of those that wait falls due; None where none waits.
    """

    issues: int
    left: int
    parked: int
    ends_at: datetime | None

    @property
    def written(self) -> int:
        return self.issues - self.left - self.parked


def progress(conn: Connection, workspace_id: int, *, now: datetime) -> Backfill:
    """Counted from indexes alone."""
    here: Any = pushes.c.workspace_id == workspace_id
    counts = SHELF.counts(conn, now=now, workspace_id=workspace_id)
    left = counts.due + counts.leased + counts.waiting
    last = select(func.max(pushes.c.due_at, type_=pushes.c.due_at.type)).where(here)
    issues = conn.scalar(select(func.count()).select_from(pushes).where(here)) or 0
    return Backfill(issues, left, counts.parked, conn.scalar(last) if left else None)
