"""How much items count, and why they rank where they do."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, func, select

from lineage.counting.sums import weights_of
from lineage.credit import score
from lineage.money import spoken
from lineage.outcomes import claims, demands
from lineage.questions.items import views_in
from lineage.questions.views import DemandView, ItemView
from lineage.tables import companies
from lineage.terms import ItemId, Money, Worth
from lineage.world import World
from store.workspaces import Workspace

Sort: TypeAlias = Literal["score", "requesters", "companies", "pipeline", "customer"]

SORTS = {
    "score": demands.c.score_hundredths,
    "requesters": demands.c.requesters,
    "companies": demands.c.companies,
    "pipeline": demands.c.pipeline,
    "customer": demands.c.customer,
}
NAMED = 5
"""Companies named in a 'why'; the rest are counted."""


def demand(conn: Connection, workspace: Workspace, item_id: ItemId) -> DemandView | None:
    """The demand of one item, all noughts where nobody asks for it; None if it was never heard of."""
    world = World(conn, workspace.id)
    world.load_links([item_id])
    found = views_in(conn, workspace, world, [item_id])
    if not found:
        return None
    query = select(demands).where(demands.c.workspace_id == workspace.id, demands.c.item_id == item_id)
    row = conn.execute(query).mappings().first()
    lines = _company_lines(conn, workspace, world, [item_id])
    return _view(workspace, found[item_id], dict(row) if row else _NOTHING, lines[item_id])


def ranking(
    conn: Connection, workspace: Workspace, *, top: int = 50, sort: Sort = "score"
) -> list[DemandView]:
    """The items on which something rests, the one that counts most first.

    Raises ValueError for a `sort` that there is not.
    """
    if sort not in SORTS:
        raise ValueError(f"The ranking is sorted by {', '.join(SORTS)}, not by {sort!r}.")
    order = [SORTS[sort].desc()] + ([demands.c.score_hundredths.desc()] if sort != "score" else [])
    query = (
        select(demands)
        .where(demands.c.workspace_id == workspace.id, demands.c.ranked)
        .order_by(*order, demands.c.item_id)
        .limit(top)
    )
    rows: list[RowMapping] = list(conn.execute(query).mappings())
    wanted = [ItemId(row["item_id"]) for row in rows]
    world = World(conn, workspace.id)
    world.load_links(wanted)
    found, lines = views_in(conn, workspace, world, wanted), _company_lines(conn, workspace, world, wanted)
    by_item = zip(wanted, rows, strict=True)
    return [_view(workspace, found[one], dict(row), lines[one]) for one, row in by_item]


_NOTHING: dict[str, Any] = {
    "requesters": 0, "companies": 0, "votes": 0, "customer": 0, "pipeline": 0, "reach_customer": 0,
    "reach_pipeline": 0, "oldest_at": None,
}  # fmt: skip


def _view(workspace: Workspace, item: ItemView, row: dict[str, Any], company_lines: list[str]) -> DemandView:
    def money(column: str) -> Money:
        return Money(row[column], workspace.policy.currency)

    points, why = score(row["requesters"], Worth(row["customer"], row["pipeline"]), weights_of(workspace))
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


def _company_lines(
    conn: Connection, workspace: Workspace, world: World, wanted: Collection[ItemId]
) -> dict[ItemId, list[str]]:
    """The companies whose money rests on each item, most first; they add up to its credit."""
    here = (claims.c.customer + claims.c.pipeline).desc()
    of_node = (claims.c.item_id, claims.c.own)
    ranked = (
        select(*of_node, companies.c.name, claims.c.customer, claims.c.pipeline)
        .add_columns(companies.c.customer_minor, companies.c.pipeline_minor)
        .add_columns(
            func.row_number().over(partition_by=of_node, order_by=(here, companies.c.id)).label("place"),
            func.count().over(partition_by=of_node).label("all"),
        )
        .join(companies, companies.c.id == claims.c.company_id)
        .where(claims.c.workspace_id == workspace.id, claims.c.item_id.in_(wanted))
        .subquery()
    )
    resting = {(place.item, place.own) for item in wanted for place in world.resting_places(item)}
    lines: dict[ItemId, list[str]] = defaultdict(list)
    query = select(ranked).where(ranked.c.place <= NAMED).order_by(ranked.c.item_id, ranked.c.place)
    for row in conn.execute(query).mappings():
        if (row["item_id"], row["own"]) in resting:
            lines[ItemId(row["item_id"])].append(_line(workspace, row))
            if row["place"] == NAMED < row["all"]:
                lines[ItemId(row["item_id"])].append(f"and {row['all'] - NAMED} more companies")
    return lines


def _line(workspace: Workspace, row: RowMapping) -> str:
    """What one company brings here, of all that it is worth."""

    def part(here: int, whole: int) -> str:
        said = spoken(Money(here, workspace.policy.currency))
        return said if here == whole else f"{said} of {spoken(Money(whole, workspace.policy.currency))}"

    won = part(row["customer"], row["customer_minor"])
    return f"{row['name']}: customer {won} won, pipeline {part(row['pipeline'], row['pipeline_minor'])} open"
