"""A project whose key changed keeps what was said of its deliveries: Jira finds it by its former key too.

Else its issues would count as delivered before they are released, and customers would be told so.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from connectors import known
from connectors.errors import NotFound
from connectors.jira.client import Jira
from connectors.looking import Looking
from lineage import ledger
from lineage.changes import PolicyChanged
from store import workspaces
from store.database import reading, transaction
from store.workspaces import Deliver

BY = "the project has another key"


def keep_what_was_said(looking: Looking, jira: Jira, visible: Collection[str] | None = None) -> None:
    """Says it of the new key too, and of the former one no more once no issue is read under it.

    `visible`: the keys of the projects that our account sees, where they were read already.
    """
    said = looking.workspace.policy.deliver_in
    if not said:
        return
    there = {one.key for one in jira.projects()} if visible is None else set(visible)
    moved = {key: now for key in said if key not in there and (now := _key_now(jira, key))}
    wanted = {**{now: said[key] for key, now in moved.items()}, **said}
    with reading(looking.engine) as conn:
        over = {key for key in moved if not known.items_of_project(conn, looking.workspace.id, key)}
    wanted = {key: deliver for key, deliver in wanted.items() if key not in over}
    if wanted != said:
        _say(looking, said, wanted)


def _key_now(jira: Jira, former: str) -> str:
    """Empty for a project that is gone or hidden."""
    try:
        return jira.project(former).key
    except NotFound:
        return ""


def _say(looking: Looking, said: Mapping[str, Deliver], wanted: Mapping[str, Deliver]) -> None:
    now = looking.clock()
    with transaction(looking.engine) as conn:
        workspace = workspaces.hold(conn, looking.workspace.id)
        if workspace.policy.deliver_in != said:
            return  # somebody said something else meanwhile: it is looked at again next time
        workspaces.set_policy(conn, workspace.id, replace(workspace.policy, deliver_in=wanted))
        changed = workspaces.by_id(conn, workspace.id)
        cause = f"look:{looking.claimed.id}:{looking.claimed.row['serial'] + 1}:renamed"
        ledger.record(conn, changed, PolicyChanged(BY, now), cause=cause, now=now)
