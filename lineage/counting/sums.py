"""One row an item: how many ask for it, what they are worth, and the score; kept by what came and went."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from lineage.batches import batched
from lineage.counting.passing import Difference, Weight
from lineage.counting.purse import Moved
from lineage.credit import Weights, score
from lineage.money import minor_units
from lineage.outcomes import demands, passes
from lineage.terms import NOTHING, ItemId, Worth
from lineage.world import CHUNK, World
from store.database import upsert_many
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Sums:
    """What one item counts. `asks`, `whole`: of all that pass it; `own_…`: of the part that it kept."""

    asks: int = 0
    own_asks: int = 0
    requesters: int = 0
    companies: int = 0
    votes: int = 0
    reach: Worth = NOTHING
    whole: Worth = NOTHING
    own: Worth = NOTHING
    oldest_at: datetime | None = None


@dataclass(slots=True)
class More:
    """By how much the sums of one item differ. `since`: when the oldest that came was asked; `left`: the
    same of what went.
    """

    asks: int = 0
    own_asks: int = 0
    requesters: int = 0
    companies: int = 0
    votes: int = 0
    reach: Worth = NOTHING
    whole: Worth = NOTHING
    own: Worth = NOTHING
    came: set[datetime] = field(default_factory=set)
    left: set[datetime] = field(default_factory=set)


def collect(difference: Difference, moved: Moved) -> dict[ItemId, More]:
    """What the differences of asks and money come to, item by item."""
    found: dict[ItemId, More] = {}
    for sign, rows in ((1, difference.gained), (-1, difference.lost)):
        for row in rows:
            if row.weight == Weight.NOTHING:
                continue
            more = found.setdefault(row.node.item, More())
            if row.node.own:
                more.own_asks += sign
                continue
            more.asks += sign
            more.votes += sign * row.vote
            (more.came if sign > 0 else more.left).add(row.asked_at)
    for item, people in difference.people.items():
        found.setdefault(item, More()).requesters += people
    for item, companies in moved.companies.items():
        found.setdefault(item, More()).companies += companies
    for item, reach in moved.reach.items():
        found.setdefault(item, More()).reach = reach
    for node, amount in moved.amounts.items():
        more = found.setdefault(node.item, More())
        more.whole, more.own = (more.whole, amount) if node.own else (amount, more.own)
    return found


def add_up(
    conn: Connection,
    workspace: Workspace,
    world: World,
    more: Mapping[ItemId, More],
    *,
    others: Collection[ItemId],
) -> set[ItemId]:
    """Bring the rows of these items up to date, and of the `others`, whose shape or score is another.

    Gives those that changed.
    """
    concerned = {*more, *others}
    world.load_links(concerned)
    before = _kept(conn, workspace.id, concerned)
    wanted, weights = [], weights_of(workspace)
    for item in concerned:
        sums = _sums(before.get(item))
        sums = _plus(sums, more.get(item, More()))
        if item in more and more[item].left and sums.asks:
            sums = replace(sums, oldest_at=_oldest(conn, workspace.id, item))
        if sums.asks:
            wanted.append(
                {"workspace_id": workspace.id, "item_id": item, **row_of(world, item, sums, weights)}
            )
    changed = [row for row in wanted if row != before.get(row["item_id"])]
    gone = before.keys() - {row["item_id"] for row in wanted}
    _write(conn, workspace.id, changed, gone)
    return {ItemId(row["item_id"]) for row in changed} | gone


def row_of(world: World, item: ItemId, sums: Sums, weights: Weights) -> dict[str, Any]:
    """The row's values; what rests here depends on whether the item hands its asks on."""
    resting = world.resting_places(item)
    credit = (sums.own if resting[0].own else sums.whole) if resting else NOTHING
    resting_asks = (sums.own_asks if resting[0].own else sums.asks) if resting else 0
    return {
        "ranked": resting_asks > 0,
        "asks": sums.asks,
        "own_asks": sums.own_asks,
        "requesters": sums.requesters,
        "companies": sums.companies,
        "votes": sums.votes,
        "reach_customer": sums.reach.customer,
        "reach_pipeline": sums.reach.pipeline,
        "whole_customer": sums.whole.customer,
        "whole_pipeline": sums.whole.pipeline,
        "own_customer": sums.own.customer,
        "own_pipeline": sums.own.pipeline,
        "customer": credit.customer,
        "pipeline": credit.pipeline,
        "score_hundredths": hundredths(sums.requesters, credit, weights),
        "oldest_at": sums.oldest_at,
    }


def hundredths(requesters: int, credit: Worth, weights: Weights) -> int:
    """The score as it is kept: exact to the digit that is shown."""
    points, _ = score(requesters, credit, weights)
    return round(points * 100)


def weights_of(workspace: Workspace) -> Weights:
    """How people and money weigh in this workspace: log2 counts thousands of its currency (§3)."""
    return Weights(unit_minor=minor_units(1_000, workspace.policy.currency))


def _kept(conn: Connection, workspace_id: int, items: Collection[ItemId]) -> dict[ItemId, dict[str, Any]]:
    return {
        ItemId(row["item_id"]): dict(row)
        for chunk in batched(items, CHUNK)
        for row in conn.execute(_OF_ITEMS, {"workspace": workspace_id, "items": chunk}).mappings()
    }


def _sums(row: Mapping[str, Any] | None) -> Sums:
    if row is None:
        return Sums()
    return Sums(
        row["asks"], row["own_asks"], row["requesters"], row["companies"], row["votes"],
        Worth(row["reach_customer"], row["reach_pipeline"]),
        Worth(row["whole_customer"], row["whole_pipeline"]),
        Worth(row["own_customer"], row["own_pipeline"]), row["oldest_at"],
    )  # fmt: skip


def _plus(sums: Sums, more: More) -> Sums:
    known = {sums.oldest_at} - {None}
    return Sums(
        sums.asks + more.asks,
        sums.own_asks + more.own_asks,
        sums.requesters + more.requesters,
        sums.companies + more.companies,
        sums.votes + more.votes,
        _both(sums.reach, more.reach),
        _both(sums.whole, more.whole),
        _both(sums.own, more.own),
        min([*more.came, *(at for at in known if at)], default=None),
    )


def _both(one: Worth, other: Worth) -> Worth:
    return Worth(one.customer + other.customer, one.pipeline + other.pipeline)


def _oldest(conn: Connection, workspace_id: int, item: ItemId) -> datetime | None:
    oldest: datetime | None = conn.scalar(_OLDEST, {"workspace": workspace_id, "item": item})
    return oldest


def _write(conn: Connection, workspace_id: int, rows: list[dict[str, Any]], gone: Iterable[ItemId]) -> None:
    upsert_many(conn, demands, ("workspace_id", "item_id"), rows)
    for chunk in batched(gone, CHUNK):
        conn.execute(_DELETE, {"workspace": workspace_id, "items": chunk})


_items: BindParameter[Any] = bindparam("items", expanding=True)
_here = demands.c.workspace_id == bindparam("workspace")
_OF_ITEMS = select(demands).where(_here, demands.c.item_id.in_(_items))
_DELETE = delete(demands).where(_here, demands.c.item_id.in_(_items))
_OLDEST = (
    select(passes.c.asked_at)
    .where(passes.c.workspace_id == bindparam("workspace"), passes.c.item_id == bindparam("item"))
    .where(passes.c.weight != Weight.NOTHING)
    .order_by(passes.c.asked_at)
    .limit(1)
)
