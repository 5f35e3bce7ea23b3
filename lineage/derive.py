"""Everything that follows from the facts around some items, worked out and written as differences.

Rows that would not change are not touched, so what was written says what changed: whose asks moved
or came further, and which items' demand is to be pushed to the tracker.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from lineage import demand_days
from lineage.batches import batched
from lineage.credit import Claim, Demand, Weights, Worth, demand, score
from lineage.money import minor_units
from lineage.outcomes import carriers, demands, pushes
from lineage.standing import Progress, progress
from lineage.tables import asks, companies
from lineage.terms import AskId, CompanyId, ItemId, PersonId
from lineage.world import CHUNK, World
from store.database import upsert
from store.workspaces import Workspace


def derive(conn: Connection, workspace: Workspace, world: World, *, now: datetime) -> set[PersonId]:
    """Bring the derived rows of every loaded item up to date; the persons for whom anything changed."""
    moved = _carriers(conn, workspace.id, world)
    stood = _standings(conn, workspace.id, world)
    changed = _demands(conn, workspace, world, now)
    for item in changed:
        push(conn, workspace.id, item, now=now)
    return {world.asks[ask].person for ask in moved | stood if ask in world.asks}


def weights_of(workspace: Workspace) -> Weights:
    """How people and money weigh in this workspace: log2 counts thousands of its currency (§3)."""
    return weights_in(workspace.policy.currency)


def weights_in(currency: str) -> Weights:
    """The same, where amounts are in this currency."""
    return Weights(unit_minor=minor_units(1_000, currency))


def progress_of(world: World, ask: AskId) -> Progress:
    """How far this ask is, from the states of its carriers."""
    return progress([world.state(node) for node in world.rest(ask).shares])


def _carriers(conn: Connection, workspace_id: int, world: World) -> set[AskId]:
    wanted = {
        (ask, node.item, node.own): {
            "share": str(share),
            "since": world.rest(ask).since[node],
            "state": world.state(node).value,
        }
        for ask in world.asks
        for node, share in world.rest(ask).shares.items()
    }
    found = _kept(conn, workspace_id, world)
    for key in found.keys() - wanted.keys():
        conn.execute(delete(carriers).where(*_carrier(workspace_id, key)))
    for key in found.keys() & wanted.keys():
        if found[key] != wanted[key]:
            conn.execute(update(carriers).where(*_carrier(workspace_id, key)).values(wanted[key]))
    fresh = [_carrier_row(workspace_id, key, wanted[key]) for key in wanted.keys() - found.keys()]
    if fresh:
        conn.execute(insert(carriers), fresh)
    return {key[0] for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)}


def _kept(
    conn: Connection, workspace_id: int, world: World
) -> dict[tuple[AskId, ItemId, bool], dict[str, Any]]:
    """The carrier rows of every ask on the loaded items, asks that no longer count included."""
    rows = {}
    for chunk in batched(world.items, CHUNK):
        query = (
            select(carriers)
            .join(asks, asks.c.id == carriers.c.ask_id)
            .where(carriers.c.workspace_id == workspace_id, asks.c.item_id.in_(chunk))
        )
        for row in conn.execute(query):
            key = (AskId(row.ask_id), ItemId(row.item_id), row.own)
            rows[key] = {"share": row.share, "since": row.since, "state": row.state}
    return rows


def _carrier(workspace_id: int, key: tuple[AskId, ItemId, bool]) -> tuple[Any, ...]:
    return (
        carriers.c.workspace_id == workspace_id,
        carriers.c.ask_id == key[0],
        carriers.c.item_id == key[1],
        carriers.c.own == key[2],
    )


def _carrier_row(
    workspace_id: int, key: tuple[AskId, ItemId, bool], values: Mapping[str, Any]
) -> dict[str, Any]:
    return {"workspace_id": workspace_id, "ask_id": key[0], "item_id": key[1], "own": key[2], **values}


def _standings(conn: Connection, workspace_id: int, world: World) -> set[AskId]:
    changed: set[AskId] = set()
    for chunk in batched(world.asks, CHUNK):
        kept = select(asks.c.id, asks.c.standing, asks.c.delivered, asks.c.parts).where(
            asks.c.workspace_id == workspace_id, asks.c.id.in_(chunk)
        )
        for row in conn.execute(kept).all():
            now = progress_of(world, row.id)
            if (row.standing, row.delivered, row.parts) != (now.standing.value, now.delivered, now.parts):
                changed.add(row.id)
                values = {"standing": now.standing.value, "delivered": now.delivered, "parts": now.parts}
                conn.execute(
                    update(asks)
                    .where(asks.c.workspace_id == workspace_id, asks.c.id == row.id)
                    .values(values)
                )
    return changed


def _demands(conn: Connection, workspace: Workspace, world: World, now: datetime) -> set[ItemId]:
    workspace_id, weights = workspace.id, weights_of(workspace)
    claims = [
        Claim(row.ask, row.person, row.company, row.item, row.vote, world.rest(row.ask))
        for row in world.asks.values()
        if not row.staff
    ]
    counted = demand(claims, world.flow, _worth(conn, workspace_id, claims))
    oldest = _oldest(world, claims)
    wanted = {item: _demand_row(of, oldest[item], weights) for item, of in counted.items()}
    found = {}
    for chunk in batched(world.items, CHUNK):
        kept = select(demands).where(demands.c.workspace_id == workspace_id, demands.c.item_id.in_(chunk))
        for row in conn.execute(kept).mappings():
            found[ItemId(row["item_id"])] = {k: v for k, v in row.items() if k not in _DEMAND_KEY}
    for item in found.keys() - wanted.keys():
        conn.execute(delete(demands).where(demands.c.workspace_id == workspace_id, demands.c.item_id == item))
    changed = {item for item in found.keys() | wanted.keys() if found.get(item) != wanted.get(item)}
    for item in changed & wanted.keys():
        key = {"workspace_id": workspace_id, "item_id": item}
        upsert(conn, demands, list(key), key | wanted[item])
    days = [{"item_id": item, **wanted.get(item, demand_days.NONE)} for item in changed]
    demand_days.keep(conn, workspace, days, day=demand_days.day_of(now))
    return changed


_DEMAND_KEY = {"workspace_id", "item_id"}


def hundredths(requesters: int, credit: Worth, weights: Weights) -> int:
    """The score as it is kept: exact to the digit that is shown."""
    points, _ = score(requesters, credit, weights)
    return round(points * 100)


def _demand_row(of: Demand, oldest: datetime, weights: Weights) -> dict[str, Any]:
    return {
        "ranked": of.rests,
        "requesters": len(of.people),
        "companies": len(of.companies),
        "votes": of.votes,
        "reach_customer": of.reach.customer,
        "reach_pipeline": of.reach.pipeline,
        "whole_customer": of.whole.customer,
        "whole_pipeline": of.whole.pipeline,
        "customer": of.credit.customer,
        "pipeline": of.credit.pipeline,
        "score_hundredths": hundredths(len(of.people), of.credit, weights),
        "oldest_at": oldest,
    }


def _oldest(world: World, claims: Iterable[Claim]) -> dict[ItemId, datetime]:
    oldest: dict[ItemId, datetime] = {}
    for claim in claims:
        asked = world.asks[claim.ask].asked_at
        for node in claim.rest.passed:
            oldest[node.item] = min(asked, oldest.get(node.item, asked))
    return oldest


def _worth(conn: Connection, workspace_id: int, claims: Iterable[Claim]) -> dict[CompanyId, Worth]:
    named = {claim.company for claim in claims if claim.company is not None}
    worth = {}
    for chunk in batched(named, CHUNK):
        query = select(companies.c.id, companies.c.customer_minor, companies.c.pipeline_minor).where(
            companies.c.workspace_id == workspace_id, companies.c.id.in_(chunk)
        )
        for row in conn.execute(query):
            worth[CompanyId(row.id)] = Worth(row.customer_minor, row.pipeline_minor)
    return worth


def push(conn: Connection, workspace_id: int, item: ItemId, *, now: datetime) -> None:
    """Ask for the item's demand to be pushed to the tracker: one waiting row an item, the newest wins."""
    kept = conn.execute(
        select(pushes.c.rev).where(pushes.c.workspace_id == workspace_id, pushes.c.item_id == item)
    ).scalar()
    values = {"rev": (kept or 0) + 1, "due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    key = {"workspace_id": workspace_id, "item_id": item}
    upsert(conn, pushes, list(key), key | values)


def push_again(conn: Connection, workspace_id: int, *, now: datetime, item: ItemId | None = None) -> None:
    """Write again what the tracker shows of this item, or of all: what may be shown there changed.

    What was never written is not written now.
    """
    here = pushes.c.workspace_id == workspace_id
    if item is not None:
        here &= pushes.c.item_id == item
    values = {"rev": pushes.c.rev + 1, "due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    conn.execute(update(pushes).where(here).values(values))
