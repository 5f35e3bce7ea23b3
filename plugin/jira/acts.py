"""What engineers did from the panel, and agents from a ticket, one row each: what was asked for, what is done
in Jira, and how it was before, so that it can be undone.

What needs Jira waits on a shelf and is done by the worker (`act_work.py`), step by step, each kept before the
next begins. A form that is sent twice finds its first row by the click, so nothing is made twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    select,
    update,
)

from lineage.tables import requests
from lineage.terms import ItemId, PersonId
from store.database import Instant, Json, insert_or_ignore, metadata, row_id
from store.rows import find_row
from store.waiting import Claimed, Shelf, Superseded, waiting_columns

acts = Table(
    "jira_acts",
    metadata,
    row_id(),
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", String(40), nullable=False),
    Column("click", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("plan", Json, nullable=False),
    Column("made", Json, nullable=False, server_default="{}"),
    Column("before", Json, nullable=False, server_default="{}"),
    Column("after", Json, nullable=False, server_default="{}"),
    Column("undone_at", Instant),
    Column("undoes", BigInteger),
    *waiting_columns(),
    UniqueConstraint("workspace_id", "click"),
)
Index("jira_acts_by_item", acts.c.workspace_id, acts.c.item_id, acts.c.id)
SHELF = Shelf("acts", acts)

UNDO, FROM_TICKET = "undo", "from ticket"
OWN = "own"
"""In a plan, among the parts: what the item keeps for itself."""
MOST_TRIES = 600
"""A page asks once a second how far an act is; after so many times it leaves that to its reader."""
REFUSED = "refused"
"""Under this name `made` holds what Jira said against a form."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did to `item`; for an issue made from a ticket that is the request's origin.

    `waits`: it is being done in Jira; `parked`: that was given up, `reason`
    says why. `plan` and `made` are as `act_work.py` reads them.
    """

    id: int
    item: ItemId
    kind: str
    who: str
    at: datetime
    plan: Mapping[str, Any]
    made: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    waits: bool
    parked: bool
    reason: str
    undone: bool

    @property
    def in_jira(self) -> bool:
        """Whether links were made in Jira, or were about to be: then undoing it has a part there, too."""
        return self.made.get("links") is not None

    @property
    def left(self) -> list[str]:
        """The keys of the issues that we made for it: they stay in Jira when it is undone."""
        return [one["key"] for one in self.made.get("parts", {}).values() if one.get("ours")]


@dataclass(frozen=True, slots=True)
class NewAct:
    """Something to be kept; `waits`: the worker has to do it. `undoes`: the number of another one."""

    kind: str
    who: str
    plan: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    undoes: int | None = None
    waits: bool = False


def keep(
    conn: Connection, workspace_id: int, item: ItemId, new: NewAct, *, click: str, now: datetime
) -> bool:
    """A new row. False where this form was sent before."""
    row = {
        "workspace_id": workspace_id, "item_id": item, "click": click, "kind": new.kind, "who": new.who,
        "at": now, "plan": dict(new.plan), "before": dict(new.before), "after": dict(new.after), "made": {},
        "undoes": new.undoes, "due_at": now if new.waits else None,
    }  # fmt: skip
    return insert_or_ignore(conn, acts, row)


def act(conn: Connection, workspace_id: int, ident: int) -> Act | None:
    row = find_row(conn, acts, workspace_id=workspace_id, id=ident)
    return None if row is None else _act(row)


def by_click(conn: Connection, workspace_id: int, click: str) -> Act | None:
    """What this very form did, if it was sent before."""
    row = find_row(conn, acts, workspace_id=workspace_id, click=click)
    return None if row is None else _act(row)


def last_to_undo(conn: Connection, workspace_id: int, item: ItemId) -> Act | None:
    """The last thing done to this item that was not undone; None while something is under way."""
    found = conn.execute(_STANDING, {"workspace": workspace_id, "item": item}).all()
    if any(row.due_at is not None or row.parked_at is not None for row in found):
        return None
    left = [row for row in found if row.kind != UNDO and row.undone_at is None and row.before]
    return _act(left[0]) if left else None


def under_way(conn: Connection, workspace_id: int, item: ItemId) -> Act | None:
    """What is being done to this item in Jira, or could not be."""
    rows = conn.execute(_STANDING, {"workspace": workspace_id, "item": item}).all()
    waiting = [row for row in rows if row.due_at is not None or row.parked_at is not None]
    return _act(waiting[0]) if waiting else None


def from_tickets(conn: Connection, workspace_id: int, origin: ItemId) -> list[Act]:
    """What was made, is being made or could not be made from this ticket, the newest first."""
    rows = conn.execute(_STANDING, {"workspace": workspace_id, "item": origin}).all()
    return [_act(row) for row in rows if row.kind == FROM_TICKET and row.undone_at is None]


def without_words(conn: Connection, workspace_id: int, ident: int) -> None:
    """Nothing of a form is kept but where the issue was made, and the mark that finds it again."""
    here = (acts.c.workspace_id == workspace_id, acts.c.id == ident)
    plan = conn.scalar(select(acts.c.plan).where(*here)) or {}
    marks = [{"n": part["n"], "mark": part["mark"]} for part in plan.get("parts", [])]
    kept = {"project": plan.get("project", ""), "kind": plan.get("kind", ""), "parts": marks}
    conn.execute(update(acts).where(*here).values(plan=kept))


def progress(conn: Connection, claimed: Claimed, made: Mapping[str, Any]) -> None:
    """Keep what is done so far. Raises Superseded where another worker has this row."""
    done = conn.execute(update(acts).where(SHELF.held(claimed)).values(made=dict(made)))
    if not done.rowcount:
        raise Superseded(f"act {claimed.id} was taken over by another worker")


def remember(
    conn: Connection, claimed: Claimed, *, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Keep what was decided before and after, in the transaction that decides it."""
    values = {"before": dict(before), "after": dict(after)}
    conn.execute(update(acts).where(SHELF.held(claimed)).values(values))


def forget_words(conn: Connection, workspace_id: int, person: PersonId) -> None:
    """What agents wrote into forms about this person's requests goes; what was not made yet is not made."""
    theirs = select(requests.c.origin).where(
        requests.c.workspace_id == workspace_id, requests.c.person_id == person
    )
    here = (acts.c.workspace_id == workspace_id, acts.c.kind == FROM_TICKET, acts.c.item_id.in_(theirs))
    ended: dict[str, Any] = {"plan": {}, "due_at": None, "parked_at": None, "lease_until": None}
    for row in conn.execute(select(acts.c.id, acts.c.made).where(*here)).all():
        made = {name: kept for name, kept in row.made.items() if name != REFUSED}  # it may repeat their words
        conn.execute(update(acts).where(acts.c.id == row.id).values(**ended, made=made))


def undone(conn: Connection, workspace_id: int, ident: int, *, now: datetime) -> None:
    here = (acts.c.workspace_id == workspace_id, acts.c.id == ident)
    conn.execute(update(acts).where(*here).values(undone_at=now))


def _act(row: Row[Any]) -> Act:
    return Act(
        row.id, ItemId(row.item_id), row.kind, row.who, row.at, row.plan, row.made, row.before, row.after,
        row.due_at is not None, row.parked_at is not None, row.reason, row.undone_at is not None,
    )  # fmt: skip


_of_item = (
    select(acts)
    .where(acts.c.workspace_id == bindparam("workspace"), acts.c.item_id == bindparam("item"))
    .order_by(acts.c.id.desc())
)
_STANDING = _of_item.limit(50)
