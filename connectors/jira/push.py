"""The work of the shelf `pushes`: an issue's demand, written where Jira can show it and sort by it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select, update

from connectors.errors import NotFound
from connectors.jira import demand
from connectors.jira.client import Jira
from lineage.outcomes import demands, pushes
from lineage.tables import items
from lineage.terms import ItemId, Money
from store import workspaces
from store.database import reading, transaction
from store.waiting import Claimed, Shelf, Superseded
from store.workspaces import Workspace

SHELF = Shelf("pushes", pushes)


def push(claimed: Claimed, jira: Jira, *, engine: Engine, clock: Callable[[], datetime]) -> None:
    """Writes one issue's demand as it is now. Raises connectors.errors, and Superseded.

    What changes while we speak makes it due again; an issue that cannot be written to is left alone until
    its demand changes.
    """
    item = ItemId(claimed.row["item_id"])
    with reading(engine) as conn:
        workspace = workspaces.by_id(conn, claimed.workspace_id)
        row = conn.execute(select(pushes).where(pushes.c.id == claimed.id)).one()
        here = (items.c.workspace_id == workspace.id) & (items.c.id == item)
        of_item = conn.execute(select(items).where(here)).first()
        found = conn.execute(
            select(demands).where(demands.c.workspace_id == workspace.id, demands.c.item_id == item)
        ).first()
    note = _unwritable(of_item)
    if not note:
        shown = _may_show_amounts(jira, workspace, of_item)
        value = _value(found, row.rev, currency=workspace.policy.currency if shown else None)
        try:
            demand.push(jira, item, value)
        except NotFound as gone:
            note = str(gone)
    _close(engine, claimed, rev=row.rev, note=note, now=clock())


def _unwritable(item: Row[Any] | None) -> str:
    if item is None or item.deleted_at is not None:
        return "the issue is deleted"
    return "the issue cannot be read" if item.unreadable_at is not None else ""


def _may_show_amounts(jira: Jira, workspace: Workspace, item: Row[Any] | None) -> bool:
    """Whoever may browse an issue can read its properties: never where nobody needs to sign in."""
    if not workspace.policy.push_amounts or item is None or not item.project:
        return False
    return not jira.readable_by_anyone(item.project)


def _value(found: Row[Any] | None, rev: int, *, currency: str | None) -> dict[str, Any]:
    """Zeros where nobody asks any more."""
    return demand.property_value(
        rev=rev,
        score=found.score_hundredths / 100 if found else 0.0,
        requesters=found.requesters if found else 0,
        companies=found.companies if found else 0,
        votes=found.votes if found else 0,
        oldest=found.oldest_at if found else None,
        pipeline=Money(found.pipeline if found else 0, currency) if currency else None,
        customer=Money(found.customer if found else 0, currency) if currency else None,
    )


def _close(engine: Engine, claimed: Claimed, *, rev: int, note: str, now: datetime) -> None:
    with transaction(engine) as conn:
        held = SHELF.held(claimed)
        newest = conn.scalar(select(pushes.c.rev).where(held).with_for_update())
        if newest is None:
            raise Superseded(f"push {claimed.id} was taken over by another worker")
        conn.execute(update(pushes).where(held).values(pushed_rev=rev))
        if newest != rev:
            SHELF.later(conn, claimed, at=now, reason="", counts=False)
            return
        SHELF.done(conn, claimed)
        conn.execute(update(pushes).where(pushes.c.id == claimed.id).values(reason=note))
