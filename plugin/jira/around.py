"""What a panel says of its issue besides who waits: one statement, over tables of several rooms."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, String, bindparam, func, select

from lineage.outcomes import demands
from lineage.tables import history_about
from lineage.terms import ItemId
from plugin import app_state
from plugin.jira.acts import UNDO, acts
from store.connections import Connection as Connected
from store.connections import NotConnected, connections, opened
from store.looks import looks
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Around:
    """`demand`: the row of what it counts, empty where nobody asks; `zendesk`: the address of the account.

    `reading`: a look at it waits; `trouble`: why the last one failed. `seen`: the number of the newest row of
    history about it. `act`: what was done last and stands, or is under way: number, kind, who, when.
    `jira`: the row of the account there, still sealed; empty without one.
    """

    demand: dict[str, Any]
    zendesk: str
    reading: bool
    trouble: str
    seen: int
    act: "LastAct | None"
    jira: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LastAct:
    id: int
    kind: str
    who: str
    at: datetime
    waits: bool
    parked: bool
    reason: str


def account_of(beside: Around) -> Connected:
    """The account at the site. Raises NotConnected, and secrets.Unreadable."""
    if not beside.jira:
        raise NotConnected("This workspace is not connected to jira: run `kithspark connect jira`.")
    return opened(beside.jira, app_state.current().vault)


def around(conn: Connection, workspace: Workspace, item: ItemId) -> Around:
    row = conn.execute(_AROUND, {"workspace": workspace.id, "item": item}).mappings().one()
    act = None
    if row["act_id"] is not None:
        waits, parked = row["act_due_at"] is not None, row["act_parked_at"] is not None
        act = LastAct(
            row["act_id"], row["act_kind"], row["act_who"], row["act_at"], waits, parked, row["act_reason"]
        )
    demand = {name: row[name] for name in _COUNTED} if row["requesters"] is not None else {}
    failed = row["look_reason"] or ""
    return Around(
        demand,
        row["zendesk"] or "",
        row["look_due_at"] is not None and not failed,
        failed,
        row["seen"] or 0,
        act,
        {one.name: row[f"jira_{one.name}"] for one in _account.c} if row["jira_url"] else {},
    )


_COUNTED = (
    "requesters", "companies", "votes", "customer", "pipeline", "reach_customer", "reach_pipeline",
    "oldest_at",
)  # fmt: skip
_account = connections.alias("account")
_here: BindParameter[int] = bindparam("workspace")
_item: BindParameter[str] = bindparam("item", type_=String)
_one = select(_here.label("workspace_id"), _item.label("item_id")).subquery("one")
_last = (
    select(acts.c.id)
    .where(acts.c.workspace_id == _here, acts.c.item_id == _item, acts.c.undone_at.is_(None))
    .where((acts.c.kind != UNDO) | acts.c.due_at.is_not(None) | acts.c.parked_at.is_not(None))
    .order_by(acts.c.due_at.is_(None) & acts.c.parked_at.is_(None), acts.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""What is under way, or got stuck; else what was done last."""
_newest = (
    select(func.max(history_about.c.history_id))
    .where(history_about.c.workspace_id == _here, history_about.c.ref == _item)
    .where(history_about.c.role.in_(("item", "asked")))
    .scalar_subquery()
)
_AROUND = (
    select(*(demands.c[name] for name in _COUNTED), connections.c.url.label("zendesk"))
    .add_columns(looks.c.due_at.label("look_due_at"), looks.c.reason.label("look_reason"))
    .add_columns(
        _newest.label("seen"),
        *(
            acts.c[name].label(f"act_{name}")
            for name in ("id", "kind", "who", "at", "due_at", "parked_at", "reason")
        ),
    )
    .add_columns(*(one.label(f"jira_{one.name}") for one in _account.c))
    .select_from(_one)
    .outerjoin(demands, (demands.c.workspace_id == _here) & (demands.c.item_id == _item))
    .outerjoin(connections, (connections.c.workspace_id == _here) & (connections.c.system == "zendesk"))
    .outerjoin(_account, (_account.c.workspace_id == _here) & (_account.c.system == "jira"))
    .outerjoin(
        looks,
        (looks.c.workspace_id == _here)
        & (looks.c.system == "jira")
        & (looks.c.kind == "issue")
        & (looks.c.object_id == _item),
    )
    .outerjoin(acts, (acts.c.workspace_id == _here) & (acts.c.id == _last))
)
