"""The one door: whatever happens, on any side, is recorded here, once.

`record` keeps the change, works out what follows from it, plans the news that it makes and asks for what
must be read or pushed because of it: all in the caller's transaction, so that all of it commits or none.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import Connection, insert, select

from lineage import affected, asking, changes, deciding, issues, organisations, replanning
from lineage.counting import recount
from lineage.tables import history
from lineage.touched import Touched
from lineage.world import World
from store import looks, workspaces
from store.workspaces import Workspace

Apply: TypeAlias = Callable[[Connection, Workspace, Any, datetime], Touched]

APPLY: Mapping[type, Apply] = {
    changes.IssueSeen: issues.issue_seen,
    changes.IssueDeleted: issues.issue_deleted,
    changes.IssueUnreadable: issues.issue_unreadable,
    changes.VersionSeen: issues.version_seen,
    changes.TicketSeen: asking.ticket_seen,
    changes.PostSeen: asking.post_seen,
    changes.Voted: asking.voted,
    changes.VoteWithdrawn: asking.vote_withdrawn,
    changes.Linked: asking.linked,
    changes.Unlinked: asking.unlinked,
    changes.PartsChosen: asking.parts_chosen,
    changes.CompanySeen: organisations.company_seen,
    changes.KeepsPart: deciding.keeps_part,
    changes.Sized: deciding.sized,
    changes.Titled: deciding.titled,
    changes.OptedOut: deciding.opted_out,
    changes.PolicyChanged: deciding.policy_changed,
}
"""What each change does to the facts: the table of contents of everything that can happen."""

PRIVATE = frozenset({"words", "subject", "requester", "voter", "author", "emails", "name"})
"""Fields that the history leaves out: it is kept for ever, and people can ask to be forgotten."""


def record(
    conn: Connection, workspace: Workspace, change: changes.Change, *, cause: str, now: datetime
) -> bool:
    """Record `change`, heard now because of `cause` (a delivery, a click, a poll; unique per workspace).

    False, with nothing written, if this cause was recorded before or says nothing new. Raises LineageError,
    with a sentence that says what to do, for a change that the rules refuse.
    """
    workspaces.hold(conn, workspace.id)
    if conn.scalar(
        select(history.c.id).where(history.c.workspace_id == workspace.id, history.c.cause == cause)
    ):
        return False
    touched = APPLY[type(change)](conn, workspace, change, now)
    for want in sorted(touched.wanted):
        looks.ask(
            conn, workspace_id=workspace.id, system=want.system, kind=want.kind,
            object_id=want.object_id, now=now,
        )  # fmt: skip
    if not touched.changed:
        return False
    conn.execute(insert(history).values(_row(workspace, change, cause, now)))
    follow(conn, workspace, touched, now=now)
    return True


def follow(conn: Connection, workspace: Workspace, touched: Touched, *, now: datetime) -> None:
    """Work out everything that follows from what was touched."""
    world = World(conn, workspace.id)
    counted = recount(conn, workspace, world, touched, now=now)
    persons = counted.persons | touched.persons | affected.askers(conn, workspace.id, world, touched)
    replanning.plan_now_or_soon(conn, workspace, world, persons, now=now)


def _row(workspace: Workspace, change: changes.Change, cause: str, now: datetime) -> dict[str, Any]:
    told = {
        field.name: _plain(getattr(change, field.name))
        for field in dataclasses.fields(change)
        if field.name not in PRIVATE
    }
    at = getattr(change, "at", None) or getattr(change, "updated", None) or now
    who = getattr(change, "by", "")
    return {
        "workspace_id": workspace.id, "cause": cause, "kind": type(change).__name__, "change": told,
        "happened_at": at, "heard_at": now, "who": who,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return value
