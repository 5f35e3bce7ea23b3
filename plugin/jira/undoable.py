"""What people decide of an issue, from the panel, the sidebar or the command line, kept as it was before: so
that whoever may edit the issue can undo the last of it in the panel, exactly.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from lineage import ledger
from lineage.changes import ChildrenAreParts, KeepsPart, PartsChosen
from lineage.decided import decisions
from lineage.terms import PersonId
from plugin.jira import acts
from plugin.jira.acts import NewAct
from store import workspaces
from store.workspaces import Workspace

Decision: TypeAlias = KeepsPart | ChildrenAreParts | PartsChosen
KINDS: dict[type, str] = {KeepsPart: "keeps", ChildrenAreParts: "children", PartsChosen: "parts"}


@dataclass(frozen=True, slots=True)
class Told:
    """`cause`: unique, as the ledger wants it; `click`: the form's name, or anything else that is unique."""

    cause: str
    click: str


def decide(conn: Connection, workspace: Workspace, change: Decision, told: Told, *, now: datetime) -> bool:
    """Record it, and keep how it was. False where it says nothing new. Raises LineageError."""
    workspaces.hold(conn, workspace.id)
    persons = _concerned(change)
    before = decisions(conn, workspace.id, change.item, persons)
    if not ledger.record(conn, workspace, change, cause=told.cause, now=now):
        return False
    after = decisions(conn, workspace.id, change.item, persons)
    plan = {"are": change.are} if isinstance(change, ChildrenAreParts) else {}
    kept = NewAct(KINDS[type(change)], change.by, plan, before=before.as_json(), after=after.as_json())
    acts.keep(conn, workspace.id, change.item, kept, click=told.click[:100], now=now)
    return True


def _concerned(change: Decision) -> Collection[PersonId]:
    return [change.person] if isinstance(change, PartsChosen) else []
