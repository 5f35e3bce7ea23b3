"""The one door: whatever happens, on any side, is recorded here, once.

`record` keeps the change, works out what follows from it, plans the news that it makes and asks for what
must be read or pushed because of it: all in the caller's transaction, so that all of it commits or none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection

from lineage import (
    affected,
    agent_changes,
    asking,
    changes,
    children,
    decided,
    deciding,
    engineer_changes,
    forgetting,
    history,
    importing,
    issues,
    operator_changes,
    organisations,
    own_wording,
    people,
    rejecting,
    remapping,
    replanning,
    requester,
    requester_changes,
)
from lineage.counting import recount
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
    engineer_changes.Assigned: decided.assigned,
    engineer_changes.PutBack: decided.put_back,
    changes.CompanySeen: organisations.company_seen,
    changes.KeepsPart: deciding.keeps_part,
    changes.ChildrenAreParts: children.children_are_parts,
    changes.Sized: deciding.sized,
    changes.Titled: deciding.titled,
    changes.UsersMerged: people.users_merged,
    changes.Erased: forgetting.erased,
    changes.OptedOut: deciding.opted_out,
    requester_changes.OptedIn: deciding.opted_in,
    operator_changes.WordingSet: own_wording.wording_set,
    operator_changes.LinkImported: importing.link_imported,
    operator_changes.FindingImported: importing.finding_imported,
    changes.MappingChanged: remapping.mapping_changed,
    changes.PolicyChanged: deciding.policy_changed,
    requester_changes.RequestWithdrawn: requester.request_withdrawn,
    requester_changes.RequestResumed: requester.request_resumed,
    requester_changes.NotMeant: requester.not_meant,
    requester_changes.RemarksSettled: requester.remarks_settled,
    requester_changes.LinkRevoked: requester.link_revoked,
    agent_changes.NotThis: rejecting.not_this,
    agent_changes.MaybeThis: rejecting.maybe_this,
}
"""What each change does to the facts: the table of contents of everything that can happen."""


def record(
    conn: Connection, workspace: Workspace, change: changes.Change, *, cause: str, now: datetime
) -> bool:
    """Record `change`, heard now because of `cause` (a delivery, a click, a poll; unique per workspace).

    False, with nothing written, if this cause was recorded before or says nothing new. Raises LineageError,
    with a sentence that says what to do, for a change that the rules refuse.
    """
    workspaces.hold(conn, workspace.id)
    if history.knows(conn, workspace.id, cause):
        return False
    touched = APPLY[type(change)](conn, workspace, change, now)
    for want in sorted(touched.wanted):
        looks.ask(
            conn, workspace_id=workspace.id, system=want.system, kind=want.kind,
            object_id=want.object_id, now=now,
        )  # fmt: skip
    if not touched.changed:
        return False
    history.write(conn, workspace, change, touched, cause=cause, now=now)
    follow(conn, workspace, touched, now=now)
    return True


def follow(conn: Connection, workspace: Workspace, touched: Touched, *, now: datetime) -> None:
    """Work out everything that follows from what was touched."""
    world = World(conn, workspace.id)
    counted = recount(conn, workspace, world, touched, now=now)
    persons = counted.persons | touched.persons | affected.askers(conn, workspace.id, world, touched)
    replanning.plan_now_or_soon(conn, workspace, world, persons, now=now)
