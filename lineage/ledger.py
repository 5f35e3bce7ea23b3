"""The one door: whatever happens, on any side, is recorded here, once.

`record` keeps the change, works out what follows from it, plans the news that it makes and asks for what
must be read or pushed because of it: all in the caller's transaction, so that all of it commits or none.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import Connection, insert, select

from lineage import asking, changes, deciding, issues, organisations, requester, requester_changes
from lineage.batches import batched
from lineage.derive import derive
from lineage.outcomes import notices
from lineage.planning import LIVE, plan
from lineage.tables import history
from lineage.terms import AskId, ItemId, PersonId
from lineage.touched import Touched
from lineage.world import CHUNK, World
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
    requester_changes.RequestWithdrawn: requester.request_withdrawn,
    requester_changes.RequestResumed: requester.request_resumed,
    requester_changes.NotMeant: requester.not_meant,
    requester_changes.RemarksSettled: requester.remarks_settled,
    requester_changes.LinkRevoked: requester.link_revoked,
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
    world.load(touched.items)
    persons = derive(conn, workspace, world, now=now) | touched.persons
    persons |= {row.person for row in world.asks.values() if _rests_on(world, row.ask, touched.restated)}
    persons |= _about_to_hear(conn, workspace.id, {row.person for row in world.asks.values()})
    plan(conn, workspace, world, persons, now=now)


def _rests_on(world: World, ask: AskId, items: set[ItemId]) -> bool:
    return bool(items) and any(node.item in items for node in world.rest(ask).shares)


def _about_to_hear(conn: Connection, workspace_id: int, askers: Iterable[PersonId]) -> set[PersonId]:
    """Those of them to whom something is about to be said: its words may be others now."""
    query = select(notices.c.person_id).where(
        notices.c.workspace_id == workspace_id, notices.c.lane != "note", notices.c.state.in_(LIVE)
    )
    return {
        PersonId(row.person_id)
        for chunk in batched(askers, CHUNK)
        for row in conn.execute(query.where(notices.c.person_id.in_(chunk)))
    }


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
