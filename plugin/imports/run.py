"""One import of a workspace: begun or gone on with, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from connectors.zendesk.jira_links import FIRST, OLD
from plugin.imports.tables import (
    ALREADY,
    LINKED,
    LINKING,
    LISTING,
    NEW,
    NO_ISSUE,
    NO_TICKET,
    READY,
    UNKNOWN,
    import_links,
    imports,
)
from store.database import insert_or_ignore
from store.errors import GiveUp
from store.rows import find_row, update_rows
from store.workspaces import Workspace

PREVIEW_HOLDS = timedelta(hours=1)
"""A preview that is older is made anew before anything is recorded."""

UNDER_WAY = (
    "An import is under way, and a preview would go on with it. End it first, without --dry-run: "
    "`kithspark import {} --jira-links`."
)

FOUND = (UNKNOWN, NEW, ALREADY, NO_TICKET, NO_ISSUE, LINKED)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Missing:
    """A link of which the ticket or the issue is not there for us."""

    ticket: str
    issue: str
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """`counts`: how many links were found to be what; `reason`: why it waits, or (`parked`) was given up."""

    source: str
    phase: str
    counts: Mapping[str, int]
    tickets: int
    issues: int
    missing: tuple[Missing, ...]
    started_by: str
    started_at: datetime
    phase_at: datetime
    finished_at: datetime | None
    parked: bool
    reason: str

    @property
    def links(self) -> int:
        return sum(self.counts.values())

    @property
    def rests(self) -> bool:
        """Whether nothing goes on by itself: it is done, a preview that is ready, or given up."""
        return self.parked or self.phase == READY or self.finished_at is not None

    def ends_at(self, now: datetime) -> datetime | None:
        """When the recording will be over at the speed that it had so far; None where nobody can say."""
        done, left = self.counts[LINKED], self.counts[NEW]
        if self.phase != LINKING or not done or not left:
            return None
        return now + (now - self.phase_at) * left / done

    def as_json(self, now: datetime) -> dict[str, Any]:
        ends = self.ends_at(now)
        return {
            "source": self.source, "phase": self.phase, "links": self.links, "tickets": self.tickets,
            "issues": self.issues, **self.counts, "parked": self.parked, "reason": self.reason,
            "missing": [
                {"ticket": one.ticket, "issue": one.issue, "key": one.key, "why": one.why}
                for one in self.missing
            ],
            "ends_at": ends.isoformat().replace("+00:00", "Z") if ends else None,
        }  # fmt: skip


def begin(
    conn: Connection, workspace: Workspace, *, source: str, preview: bool, by: str, now: datetime
) -> None:
    """Begin an import, or go on with the one from the same source that was not finished.

    Raises GiveUp where a preview is asked for while links are being recorded: going on would record more.
    """
    key = {"workspace_id": workspace.id}
    known = find_row(conn, imports, **key)
    if preview and known is not None and known.phase == LINKING:
        raise GiveUp(UNDER_WAY.format(workspace.slug))
    if known is not None and known.finished_at is None and _same(known.source, source):
        if known.phase != READY:
            again = {"due_at": now, "parked_at": None, "attempts": 0, "reason": ""}
            free = known.lease_until is None or known.lease_until <= now
            update_rows(conn, imports, {"preview": preview, **(again if free else {})}, **key)
            return
        if not preview and now - known.phase_at <= PREVIEW_HOLDS:
            go_on = {"phase": LINKING, "phase_at": now, "preview": False, "due_at": now, "started_by": by}
            update_rows(conn, imports, go_on, **key)
            return
    conn.execute(delete(import_links).where(import_links.c.workspace_id == workspace.id))
    fresh = {
        "source": source, "phase": LISTING, "cursor": "", "tickets": 0, "issues": 0, "preview": preview,
        "started_by": by, "started_at": now, "phase_at": now, "finished_at": None, "due_at": now,
        "lease_until": None, "attempts": 0, "parked_at": None, "reason": "",
    }  # fmt: skip
    if not insert_or_ignore(conn, imports, key | fresh):
        assert known is not None
        update_rows(conn, imports, fresh | {"fence": known.fence + 1}, **key)  # whoever held it has lost it


def _same(known: str, source: str) -> bool:
    """The first API may have turned out to be there at its old address only."""
    return known == source or {known, source} <= {FIRST, OLD}


def progress(conn: Connection, workspace: Workspace) -> Progress | None:
    """None where nothing was ever imported by links."""
    row = find_row(conn, imports, workspace_id=workspace.id)
    if row is None:
        return None
    return Progress(
        row.source, row.phase, _counts(conn, workspace), row.tickets, row.issues,
        tuple(_missing(conn, workspace)), row.started_by, row.started_at, row.phase_at, row.finished_at,
        row.parked_at is not None, row.reason,
    )  # fmt: skip


def _counts(conn: Connection, workspace: Workspace) -> dict[str, int]:
    here = import_links.c.workspace_id == workspace.id
    counted = select(func.count()).select_from(import_links)
    return {one: conn.scalar(counted.where(here, import_links.c.found == one)) or 0 for one in FOUND}


def _missing(conn: Connection, workspace: Workspace) -> list[Missing]:
    found: list[Row[Any]] = []
    for why in (NO_TICKET, NO_ISSUE):
        query = select(import_links).where(
            import_links.c.workspace_id == workspace.id, import_links.c.found == why
        )
        found += conn.execute(query.order_by(import_links.c.ticket, import_links.c.issue).limit(SHOWN))
    return [Missing(row.ticket, row.issue, row.key, row.found) for row in found[:SHOWN]]
