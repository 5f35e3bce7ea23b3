"""One row an item: how many ask for it, what they are worth, and the score; kept by what came and went."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

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


class Sums(NamedTuple):
    """What adds up in the row of one item. `asks`, `whole_…`: of all that pass it; `own_…`: of the part that
    it kept. Money in minor units.
    """

    asks: int = 0
    own_asks: int = 0
    requesters: int = 0
    companies: int = 0
    votes: int = 0
    reach_customer: int = 0
    reach_pipeline: int = 0
    whole_customer: int = 0
    whole_pipeline: int = 0
    own_customer: int = 0
    own_pipeline: int = 0


@dataclass(slots=True)
class More:
    """By how much the sums of one item differ, and when what came, and what went, was asked."""

    sums: Counter[str] = field(default_factory=Counter)
    came: set[datetime] = field(default_factory=set)
    went: set[datetime] = field(default_factory=set)

    def add(self, name: str, worth: Worth) -> None:
        self.sums[f"{name}_customer"] += worth.customer
        self.sums[f"{name}_pipeline"] += worth.pipeline


def collect(difference: Difference, moved: Moved) -> dict[ItemId, More]:
    """What the differences of asks and money come to, item by item."""
    found: dict[ItemId, More] = defaultdict(More)
    for sign, rows in ((1, difference.gained), (-1, difference.lost)):
        for row in rows:
            if row.weight == Weight.NOTHING:
                continue
            more = found[row.node.item]
            if row.node.own:
                more.sums["own_asks"] += sign
                continue
            more.sums["asks"] += sign
            (more.came if sign > 0 else more.went).add(row.asked_at)
    for item, people in difference.people.items():
        found[item].sums["requesters"] += people
    for item, votes in difference.votes.items():
        found[item].sums["votes"] += votes
    for item, companies in moved.companies.items():
        found[item].sums["companies"] += companies
    for item, reach in moved.reach.items():
        found[item].add("reach", reach)
    for node, amount in moved.amounts.items():
        found[node.item].add("own" if node.own else "whole", amount)
    return found


def add_up(
    conn: Connection,
    workspace: Workspace,
    world: World,
    more: Mapping[ItemId, More],
    *,
    others: Collection[ItemId],
) -> dict[ItemId, dict[str, Any] | None]:
    """Bring the rows of these items up to date, and of the `others`, whose shape or score is another.

    Gives the rows that changed, None for one that is gone.
    """
    concerned = {*more, *others}
    world.load_links(concerned)
    before = _kept(conn, workspace.id, concerned)
    after: dict[ItemId, dict[str, Any]] = {}
    weights = weights_of(workspace)
    for item in concerned:
        was, differs = before.get(item, {}), more.get(item, More())
        sums = Sums(*(was.get(name, 0) + differs.sums[name] for name in Sums._fields))
        if sums.asks:
            oldest = _oldest(conn, workspace.id, item, was.get("oldest_at"), differs)
            key = {"workspace_id": workspace.id, "item_id": item}
            after[item] = key | row_of(world, item, sums, oldest, weights)
    changed = {item: row for item, row in after.items() if row != before.get(item)}
    gone = before.keys() - after.keys()
    upsert_many(conn, demands, ("workspace_id", "item_id"), list(changed.values()))
    _delete(conn, workspace.id, gone)
    return {**changed, **dict.fromkeys(gone)}


def row_of(
    world: World, item: ItemId, sums: Sums, oldest: datetime | None, weights: Weights
) -> dict[str, Any]:
    """The row's values; what rests on an item depends on whether it hands its asks on."""
    places = world.resting_places(item)
    asks, credit = 0, NOTHING
    if places and places[0].own:
        asks, credit = sums.own_asks, Worth(sums.own_customer, sums.own_pipeline)
    elif places:
        asks, credit = sums.asks, Worth(sums.whole_customer, sums.whole_pipeline)
    return sums._asdict() | {
        "ranked": asks > 0,
        "customer": credit.customer,
        "pipeline": credit.pipeline,
        "score_hundredths": hundredths(sums.requesters, credit, weights),
        "oldest_at": oldest,
    }


def hundredths(requesters: int, credit: Worth, weights: Weights) -> int:
    """The score as it is kept: exact to the digit that is shown."""
    points, _ = score(requesters, credit, weights)
    return round(points * 100)


def weights_of(workspace: Workspace) -> Weights:
    """How people and money weigh in this workspace."""
    return weights_in(workspace.policy.currency)


def weights_in(currency: str) -> Weights:
    """The same where amounts are in this currency: log2 counts thousands of it (§3)."""
    return Weights(unit_minor=minor_units(1_000, currency))


def _oldest(
    conn: Connection, workspace_id: int, item: ItemId, was: datetime | None, more: More
) -> datetime | None:
    """When the oldest ask was made; looked up only where that one went."""
    if was not in more.went:
        return min((at for at in (was, *more.came) if at is not None), default=None)
    oldest: datetime | None = conn.scalar(_OLDEST, {"workspace": workspace_id, "item": item})
    return oldest


def _kept(conn: Connection, workspace_id: int, items: Collection[ItemId]) -> dict[ItemId, dict[str, Any]]:
    return {
        ItemId(row["item_id"]): dict(row)
        for chunk in batched(items, CHUNK)
        for row in conn.execute(_OF_ITEMS, {"workspace": workspace_id, "items": chunk}).mappings()
    }


def _delete(conn: Connection, workspace_id: int, gone: Iterable[ItemId]) -> None:
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
