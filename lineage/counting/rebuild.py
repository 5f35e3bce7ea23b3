"""Everything that is counted in a workspace, worked out anew and compared, a few islands at a time.

Each batch is complete in itself: what was interrupted goes on by being begun again, and finds the first
batches as they should be.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from lineage import issues
from lineage.counting import tell, whole
from lineage.counting.whole import Rows
from lineage.likeness import keeping
from lineage.outcomes import passes
from lineage.tables import asks, items
from lineage.terms import ItemId
from lineage.world import World
from store.workspaces import Workspace

BATCH = 2_000
"""Items looked at in one go; an island is never cut."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The items looked at, how many of their rows were compared, and those that differ, in words."""

    items: set[ItemId]
    checked: int
    differences: list[str]


def every_item(conn: Connection, workspace: Workspace) -> list[ItemId]:
    """All items, deleted ones too."""
    query = select(items.c.id).where(items.c.workspace_id == workspace.id).order_by(items.c.id)
    return [ItemId(ident) for ident in conn.scalars(query)]


def is_missing(conn: Connection, workspace: Workspace) -> bool:
    """Whether nothing is counted although something was asked for: the tables are new."""
    asked, counted = (
        conn.scalar(select(table.c.workspace_id).where(table.c.workspace_id == workspace.id).limit(1))
        for table in (asks, passes)
    )
    return asked is not None and counted is None


def look(
    conn: Connection, workspace: Workspace, wanted: Collection[ItemId], *, mend: bool, now: datetime
) -> Looked:
    """Compare every derived row around these items with what it has to be; `mend` writes what differs."""
    world = World(conn, workspace.id)
    of = world.load_islands(wanted)
    stale = issues.stale_states(conn, workspace, of)
    before, after = whole.kept(conn, workspace.id, of), whole.expected(conn, workspace, world, of)
    differences = [f"issue {item}: is not {state.value} since {at}" for item, (_, state, at) in stale.items()]
    for name, rows in after.items():
        differences += _differences(name, before[name], rows)
    if mend:
        issues.restate(conn, workspace, stale)
        tell(conn, workspace, whole.mend(conn, before, after), now=now)
    differences += keeping.look(conn, workspace, of, mend=mend)
    return Looked(of, 2 * len(of) + sum(len(rows) for rows in after.values()), differences)


def _differences(name: str, before: Rows, after: Rows) -> list[str]:
    changed = sorted((k for k in before.keys() | after.keys() if before.get(k) != after.get(k)), key=str)
    return [_sentence(name, key, before.get(key), after.get(key)) for key in changed]


def _sentence(
    name: str, key: tuple[Any, ...], was: Mapping[str, Any] | None, is_: Mapping[str, Any] | None
) -> str:
    row = f"{name} {' '.join(str(part) for part in key[1:])}"
    if was is None:
        return f"{row}: missing"
    if is_ is None:
        return f"{row}: should not be there"
    wrong = [f"{one} is {was[one]}, not {is_[one]}" for one in is_ if was[one] != is_[one]]
    return f"{row}: {', '.join(wrong)}"
