"""The work of the shelf `pushes`: an issue's demand, written where Jira can show it and sort by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from connectors import known
from connectors.errors import NotFound
from connectors.jira import backlinks, demand
from connectors.jira.client import Jira
from connectors.jira.demand import Amounts, Lineage
from lineage import questions
from lineage.outcomes import demands, pushes
from lineage.tables import items
from lineage.terms import EdgeKind, ItemId, Money
from store import connections, workspaces
from store.database import reading, transaction
from store.waiting import Claimed, Shelf, Superseded
from store.workspaces import Workspace

SHELF = Shelf("pushes", pushes)
LATE = timedelta(minutes=5)
"""What an earlier try sent and heard nothing of may come that late, and Jira takes it as it comes. So what
stands there is compared once more."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to write: `item` is its row, `counted` that of its demand, `rev` the row's own."""

    workspace: Workspace
    item: Row[Any] | None
    counted: Row[Any] | None
    rev: int
    lineage: Lineage
    tickets: Mapping[str, str]


def push(claimed: Claimed, jira: Jira, *, engine: Engine, clock: Callable[[], datetime]) -> None:
    """Writes one issue's demand as it is now. Raises connectors.errors, and Superseded.

    What changes while we speak makes it due again, and so does an earlier try that did not end well; an
    issue that cannot be written to is left alone until its demand changes.
    """
    item = ItemId(claimed.row["item_id"])
    with reading(engine) as conn:
        found = _load(conn, claimed, item)
    note = _unwritable(found.item)
    if not note:
        private = _is_private(jira, found)
        value = _value(found, amounts=private and found.workspace.policy.push_amounts)
        links = found.tickets if private else {}
        try:
            demand.push(jira, item, value)
            backlinks.bring_up_to_date(engine, jira, workspace_id=found.workspace.id, item=item, wanted=links)
        except NotFound as gone:
            note = str(gone)
    _close(engine, claimed, rev=found.rev, note=note, now=clock())


def _load(conn: Connection, claimed: Claimed, item: ItemId) -> _Known:
    workspace = workspaces.by_id(conn, claimed.workspace_id)
    rev: int = conn.execute(select(pushes.c.rev).where(pushes.c.id == claimed.id)).scalar_one()
    here = (items.c.workspace_id == workspace.id) & (items.c.id == item)
    counted = select(demands).where(demands.c.workspace_id == workspace.id, demands.c.item_id == item)
    return _Known(
        workspace,
        conn.execute(select(items).where(here)).first(),
        conn.execute(counted).first(),
        rev,
        _lineage(conn, workspace, item),
        _tickets(conn, workspace, item),
    )


def _lineage(conn: Connection, workspace: Workspace, item: ItemId) -> Lineage:
    """By the links that stand: what was merged away is that above all, then what was split."""
    standing = [edge for edge in questions.edges_at(conn, workspace, item) if edge.stands]
    split, merged = EdgeKind.SPLIT.value, EdgeKind.MERGED.value
    if any(edge.kind == merged and edge.src == item for edge in standing):
        return "merged"
    if any(edge.kind == split and edge.src == item for edge in standing):
        return "split"
    return "part" if any(edge.kind == split and edge.dst == item for edge in standing) else "whole"


def _tickets(conn: Connection, workspace: Workspace, item: ItemId) -> Mapping[str, str]:
    """From origin to address; none where the workspace wants no links, or has no helpdesk."""
    desk = connections.url_of(conn, workspace.id, "zendesk") if workspace.policy.remote_links else None
    if desk is None:
        return {}
    origins = known.tickets_asking(conn, workspace.id, item, most=backlinks.MOST)
    return {one: known.ticket_page(desk, one.removeprefix(known.TICKET)) for one in origins}


def _unwritable(item: Row[Any] | None) -> str:
    if item is None or item.deleted_at is not None:
        return "the issue is deleted"
    return "the issue cannot be read" if item.unreadable_at is not None else ""


def _is_private(jira: Jira, found: _Known) -> bool:
    """Whoever may browse an issue can read what we write there: never where nobody needs to sign in.

    Jira is asked only where the workspace would have something shown that is not for everybody.
    """
    policy, item = found.workspace.policy, found.item
    if not (policy.push_amounts or policy.remote_links) or item is None or not item.project:
        return False
    return not jira.readable_by_anyone(item.project)


def _value(found: _Known, *, amounts: bool) -> dict[str, Any]:
    """Zeros where nobody asks any more."""
    row, currency = found.counted, found.workspace.policy.currency
    return demand.property_value(
        rev=found.rev,
        score=row.score_hundredths / 100 if row else 0.0,
        requesters=row.requesters if row else 0,
        companies=row.companies if row else 0,
        votes=row.votes if row else 0,
        oldest=row.oldest_at if row else None,
        lineage=found.lineage,
        amounts=Amounts(
            Money(row.pipeline if row else 0, currency), Money(row.customer if row else 0, currency)
        )
        if amounts
        else None,
    )


def _close(engine: Engine, claimed: Claimed, *, rev: int, note: str, now: datetime) -> None:
    with transaction(engine) as conn:
        held = SHELF.held(claimed)
        newest = conn.scalar(select(pushes.c.rev).where(held).with_for_update())
        if newest is None:
            raise Superseded(f"push {claimed.id} was taken over by another worker")
        in_doubt = claimed.fence != claimed.row["settled_fence"] + 1
        changed = newest != rev
        settled = {} if in_doubt and changed else {"settled_fence": claimed.fence}
        conn.execute(update(pushes).where(held).values(pushed_rev=rev, **settled))
        if changed or in_doubt:
            at = now if changed else now + LATE
            SHELF.later(conn, claimed, at=at, reason="", counts=False)
            return
        SHELF.done(conn, claimed)
        conn.execute(update(pushes).where(pushes.c.id == claimed.id).values(reason=note))
