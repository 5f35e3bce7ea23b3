"""How old the data on a screen is, and asking for newer.

A screen never reads a vendor by itself: it asks for looks, which the worker takes, and says how they fare.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from plugin import app_state
from store import looks
from store.database import transaction
from store.workspaces import Workspace

SYSTEMS = {"jira": "Jira", "zendesk": "Zendesk", "hubspot": "HubSpot"}


@dataclass(frozen=True, slots=True)
class Object:
    """Something of a vendor's that can be looked at: `system`, `kind` and `id` as `store.looks` has them."""

    system: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """`read_at`: the oldest of what is shown; `reading`: whom we ask now; `trouble`: why that fails."""

    read_at: datetime | None
    reading: tuple[str, ...]
    trouble: str


def fresh(
    conn: Connection, workspace: Workspace, shown: Sequence[Object], read_at: Iterable[datetime | None]
) -> Fresh:
    """How fresh these objects are, the items among them having been read at `read_at`."""
    times = [at for at in read_at if at is not None]
    rows = conn.execute(select(looks.looks).where(_of(workspace, shown))).all() if shown else []
    waiting = {row.system for row in rows if row.due_at is not None and not row.reason}
    troubles = [row.reason for row in rows if row.reason]
    names = tuple(SYSTEMS.get(system, system) for system in sorted(waiting))
    return Fresh(min(times, default=None), names, troubles[0] if troubles else "")


def look_again(workspace: Workspace, shown: Iterable[Object]) -> None:
    """Have the worker read these now."""
    state = app_state.current()
    now = state.clock()
    with transaction(state.engine) as conn:
        for one in shown:
            looks.ask(
                conn, workspace_id=workspace.id, system=one.system, kind=one.kind, object_id=one.id, now=now
            )
    state.wake()


def _of(workspace: Workspace, shown: Sequence[Object]) -> ColumnElement[bool]:
    table = looks.looks
    together: dict[tuple[str, str], list[str]] = {}
    for one in shown:
        together.setdefault((one.system, one.kind), []).append(one.id)
    each = [
        (table.c.system == system) & (table.c.kind == kind) & table.c.object_id.in_(ids)
        for (system, kind), ids in together.items()
    ]
    return (table.c.workspace_id == workspace.id) & or_(*each)
