"""How much items count, and why they rank where they do."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, func, select

from lineage import demand_days
from lineage.credit import Worth, score
from lineage.derive import weights_in
from lineage.money import spoken
from lineage.outcomes import carriers, demands
from lineage.questions.items import views
from lineage.questions.views import DemandView, ItemView
from lineage.tables import asks, companies, persons, requests
from lineage.terms import ItemId, Money
from store.workspaces import Workspace

Sort: TypeAlias = Literal["score", "requesters", "companies", "pipeline", "customer"]

SORTS = {"score": "score_hundredths"} | {
    name: name for name in ("requesters", "companies", "pipeline", "customer")
}
"""The column of each sort."""
NAMED = 5
"""Companies named in a 'why'; the rest are counted."""


def demand(conn: Connection, workspace: Workspace, item_id: ItemId) -> DemandView | None:
    """The demand of one item, all noughts where nobody asks for it; None if it was never heard of."""
    found = views(conn, workspace, [item_id])
    if not found:
        return None
    query = select(demands).where(demands.c.workspace_id == workspace.id, demands.c.item_id == item_id)
    row = conn.execute(query).mappings().first()
    lines = _company_lines(conn, workspace, [item_id])
    return _view(workspace, found[item_id], dict(row) if row else _NOTHING, lines[item_id])


def ranking(
    conn: Connection, workspace: Workspace, *, top: int = 50, sort: Sort = "score", at: date | None = None
) -> list[DemandView]:
    """The items on which something rests, the one that counts most first: now, or at the end of a day.

    `at` is a day of UTC. What items are called and how far they are is said as it is now, also then; `why`
    names no companies of a past day. Raises ValueError for a `sort` that there is not.
    """
    if sort not in SORTS:
        raise ValueError(f"The ranking is sorted by {', '.join(SORTS)}, not by {sort!r}.")
    order = list(dict.fromkeys((SORTS[sort], "score_hundredths")))
    if at is None:
        rows = _ranked_now(conn, workspace, order, top)
    else:
        rows = demand_days.ranked_on(conn, workspace.id, at, order=order, top=top)
    wanted = [ItemId(row["item_id"]) for row in rows]
    found = views(conn, workspace, wanted)
    lines = _company_lines(conn, workspace, wanted) if at is None else defaultdict(list)
    by_item = zip(wanted, rows, strict=True)
    return [_view(workspace, found[one], dict(row), lines[one]) for one, row in by_item]


def _ranked_now(conn: Connection, workspace: Workspace, order: Sequence[str], top: int) -> list[RowMapping]:
    query = (
        select(demands)
        .where(demands.c.workspace_id == workspace.id, demands.c.ranked)
        .order_by(*(demands.c[name].desc() for name in order), demands.c.item_id)
        .limit(top)
    )
    return list(conn.execute(query).mappings())


_NOTHING: dict[str, Any] = {
    "requesters": 0, "companies": 0, "votes": 0, "customer": 0, "pipeline": 0, "reach_customer": 0,
    "reach_pipeline": 0, "oldest_at": None,
}  # fmt: skip


def _view(workspace: Workspace, item: ItemView, row: dict[str, Any], company_lines: list[str]) -> DemandView:
    currency = row.get("currency") or workspace.policy.currency

    def money(column: str) -> Money:
        return Money(row[column], currency)

    points, why = score(row["requesters"], Worth(row["customer"], row["pipeline"]), weights_in(currency))
    if company_lines and row["reach_customer"] + row["reach_pipeline"] > row["customer"] + row["pipeline"]:
        here, whole = spoken(money("customer")), spoken(money("reach_customer"))
        open_here, open_whole = spoken(money("pipeline")), spoken(money("reach_pipeline"))
        shares = f"customer {here} of {whole}, pipeline {open_here} of {open_whole}"
        company_lines = [*company_lines, f"shared with other parts, so that here count: {shares}"]
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
    conn: Connection, workspace: Workspace, wanted: Collection[ItemId]
) -> dict[ItemId, list[str]]:
    """The companies whose asks rest on each item, those that are worth most by name."""
    asking = (
        select(carriers.c.item_id, requests.c.company_id)
        .distinct()
        .join(asks, asks.c.id == carriers.c.ask_id)
        .join(requests, requests.c.id == asks.c.request_id)
        .join(persons, persons.c.id == requests.c.person_id)
        .where(carriers.c.workspace_id == workspace.id, carriers.c.item_id.in_(wanted))
        .where(persons.c.staff.is_(False), requests.c.company_id.is_not(None))
        .subquery()
    )
    worth = (companies.c.customer_minor + companies.c.pipeline_minor).desc()
    ranked = (
        select(asking.c.item_id, companies.c.name, companies.c.customer_minor, companies.c.pipeline_minor)
        .add_columns(
            func.row_number()
            .over(partition_by=asking.c.item_id, order_by=(worth, companies.c.id))
            .label("place"),
            func.count().over(partition_by=asking.c.item_id).label("all"),
        )
        .join(companies, companies.c.id == asking.c.company_id)
        .subquery()
    )
    lines: dict[ItemId, list[str]] = defaultdict(list)
    query = select(ranked).where(ranked.c.place <= NAMED).order_by(ranked.c.item_id, ranked.c.place)
    for row in conn.execute(query).mappings():
        lines[ItemId(row["item_id"])].append(_line(workspace, row))
        if row["place"] == NAMED < row["all"]:
            lines[ItemId(row["item_id"])].append(f"and {row['all'] - NAMED} more companies")
    return lines


def _line(workspace: Workspace, row: RowMapping) -> str:
    won, open_ = (
        spoken(Money(row[name], workspace.policy.currency)) for name in ("customer_minor", "pipeline_minor")
    )
    return f"{row['name']}: customer {won} won, pipeline {open_} open"
