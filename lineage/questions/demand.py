"""How much items count, and why they rank where they do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Integer, RowMapping, bindparam, select

from lineage import demand_days
from lineage.counting.sums import weights_in
from lineage.credit import score
from lineage.outcomes import demands
from lineage.questions.company_lines import company_lines
from lineage.questions.items import views_in
from lineage.questions.views import DemandView, ItemView
from lineage.terms import NOTHING, ItemId, Money, Worth
from lineage.world import World
from store.workspaces import Workspace

Sort: TypeAlias = Literal["score", "requesters", "companies", "pipeline", "customer"]

SORTS = {"score": "score_hundredths"} | {
    name: name for name in ("requesters", "companies", "pipeline", "customer")
}
"""The column of each sort."""


def demand(conn: Connection, workspace: Workspace, item_id: ItemId) -> DemandView | None:
    """The demand of one item, all noughts where nobody asks for it; None if it was never heard of."""
    world = World(conn, workspace.id)
    world.load_links([item_id])
    found = views_in(conn, workspace, world, [item_id])
    if not found:
        return None
    row = conn.execute(_OF_ITEM, {"workspace": workspace.id, "item": item_id}).mappings().first()
    credit = Worth(row["customer"], row["pipeline"]) if row else NOTHING
    lines = company_lines(conn, workspace, world, {item_id: credit})
    return view_of_row(workspace, found[item_id], dict(row) if row else _NOTHING, lines[item_id])


def ranking(
    conn: Connection, workspace: Workspace, *, top: int = 50, sort: Sort = "score", at: date | None = None
) -> list[DemandView]:
    """The items on which something rests, the one that counts most first: now, or at the end of a day.

    `at` is a day of UTC. What items are called and how far they are is said as it is now, also then; `why`
    names no companies of a past day. Raises ValueError for a `sort` that there is not.
    """
    rows = ranked_rows(conn, workspace, top=top, sort=sort, at=at)
    world = World(conn, workspace.id)
    world.load_links([ItemId(row["item_id"]) for row in rows])
    return views_of(conn, workspace, world, rows, named=at is None)


def views_of(
    conn: Connection, workspace: Workspace, world: World, rows: Sequence[RowMapping], *, named: bool = True
) -> list[DemandView]:
    """These rows in their order, for items whose links are loaded; not `named`: `why` names no companies."""
    wanted = [ItemId(row["item_id"]) for row in rows]
    found = views_in(conn, workspace, world, wanted)
    credit = {ItemId(row["item_id"]): Worth(row["customer"], row["pipeline"]) for row in rows}
    lines = company_lines(conn, workspace, world, credit) if named else defaultdict(list)
    by_item = zip(wanted, rows, strict=True)
    return [view_of_row(workspace, found[one], dict(row), lines[one]) for one, row in by_item]


def ranked_rows(
    conn: Connection, workspace: Workspace, *, top: int, sort: Sort, at: date | None = None
) -> list[RowMapping]:
    """The rows of those items alone, in their order. Raises ValueError as `ranking` does."""
    if sort not in SORTS:
        raise ValueError(f"The ranking is sorted by {', '.join(SORTS)}, not by {sort!r}.")
    if at is None:
        return list(conn.execute(_RANKED[sort], {"workspace": workspace.id, "top": top}).mappings())
    return demand_days.ranked_on(conn, workspace.id, at, order=_order(sort), top=top)


def _order(sort: str) -> list[str]:
    """The columns to sort by, falling: among equals the score decides."""
    return list(dict.fromkeys((SORTS[sort], "score_hundredths")))


_NOTHING: dict[str, Any] = {
    "requesters": 0, "companies": 0, "votes": 0, "customer": 0, "pipeline": 0, "reach_customer": 0,
    "reach_pipeline": 0, "oldest_at": None,
}  # fmt: skip


def view_of_row(
    workspace: Workspace, item: ItemView, row: Mapping[str, Any], company_lines: Sequence[str] = ()
) -> DemandView:
    """A row of `demands` as screens show it."""
    currency = row.get("currency") or workspace.policy.currency

    def money(column: str) -> Money:
        return Money(row[column], currency)

    points, why = score(row["requesters"], Worth(row["customer"], row["pipeline"]), weights_in(currency))
    return DemandView(
        item=item,
        requesters=row["requesters"],
        companies=row["companies"],
        votes=row["votes"],
        customer=money("customer"),
        pipeline=money("pipeline"),
        reach_customer=money("reach_customer"),
        reach_pipeline=money("reach_pipeline"),
        score=points,
        why=(*why, *company_lines),
        oldest_at=row["oldest_at"],
    )


# --- statements, made once: making one costs more than running it

COUNTED = tuple(_NOTHING)
"""The columns from which a `DemandView` is made."""

_here = demands.c.workspace_id == bindparam("workspace")
_counted = select(demands.c.item_id, *(demands.c[name] for name in COUNTED))
_OF_ITEM = _counted.where(_here, demands.c.item_id == bindparam("item"))
_RANKED = {
    sort: _counted.where(_here, demands.c.ranked)
    .order_by(*(demands.c[name].desc() for name in _order(sort)), demands.c.item_id)
    .limit(bindparam("top", type_=Integer))
    for sort in SORTS
}
