"""Whose news may be another because of a change: nobody else's is worked out again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from lineage.batches import batched
from lineage.outcomes import LIVE, notices, passes
from lineage.standing import SETTLED
from lineage.tables import edges, items
from lineage.terms import ItemId, PersonId, State
from lineage.touched import Touched
from lineage.world import CHUNK, World


def askers(conn: Connection, workspace_id: int, world: World, touched: Touched) -> set[PersonId]:
    """Those whose asks rest on an item that came into another state, and those about to read other words."""
    found = resting_on(conn, workspace_id, world, touched.restated)
    words = touched.retitled | touched.restated
    return found | _about_to_hear(conn, workspace_id, _passing(conn, workspace_id, words))


def resting_on(
    conn: Connection, workspace_id: int, world: World, restated: Collection[ItemId]
) -> set[PersonId]:
    """Those for whom the state of one of these items is the state of something that they asked for.

    A part that is settled may settle what the whole says of its own part (rule 3).
    """
    unsure = _wholes_that_may_be_containers(conn, workspace_id, restated)
    world.load_links({*restated, *unsure})
    places = {place for item in {*restated, *unsure} for place in world.resting_places(item)}
    return {
        PersonId(row.person_id)
        for chunk in batched({place.item for place in places}, CHUNK)
        for row in conn.execute(_PASSING, {"workspace": workspace_id, "items": chunk})
        if (row.item_id, row.own) in places
    }


def _passing(conn: Connection, workspace_id: int, named: Collection[ItemId]) -> set[PersonId]:
    return {
        PersonId(row.person_id)
        for chunk in batched(named, CHUNK)
        for row in conn.execute(_PASSING, {"workspace": workspace_id, "items": chunk})
    }


def _wholes_that_may_be_containers(
    conn: Connection, workspace_id: int, parts: Collection[ItemId]
) -> set[ItemId]:
    """Settled items above these of which nobody has said whether they keep a part."""
    found: set[ItemId] = set()
    seen, frontier = set(parts), set(parts)
    while frontier:
        above: dict[ItemId, Any] = {}
        for chunk in batched(frontier, CHUNK):
            for row in conn.execute(_ABOVE, {"workspace": workspace_id, "items": chunk}):
                above[ItemId(row.src)] = row
        unsure = {item for item, row in above.items() if row.kind == "split" and row.keeps_part is None}
        found |= {item for item in unsure if State(above[item].state) in SETTLED}
        frontier = above.keys() - seen
        seen |= frontier
    return found


def _about_to_hear(conn: Connection, workspace_id: int, people: Collection[PersonId]) -> set[PersonId]:
    """Those of them to whom something is about to be said: its words may be others now."""
    return {
        PersonId(row.person_id)
        for chunk in batched(people, CHUNK)
        for row in conn.execute(_WAITING, {"workspace": workspace_id, "persons": chunk})
    }


_items: BindParameter[Any] = bindparam("items", expanding=True)
_PASSING = select(passes.c.item_id, passes.c.own, passes.c.person_id).where(
    passes.c.workspace_id == bindparam("workspace"), passes.c.item_id.in_(_items)
)
_ABOVE = (
    select(edges.c.src, edges.c.kind, items.c.keeps_part, items.c.state)
    .join(items, (items.c.workspace_id == edges.c.workspace_id) & (items.c.id == edges.c.src))
    .where(edges.c.workspace_id == bindparam("workspace"), edges.c.removed_at.is_(None))
    .where(edges.c.dst.in_(_items))
)
_WAITING = select(notices.c.person_id).where(
    notices.c.workspace_id == bindparam("workspace"),
    notices.c.lane != "note",
    notices.c.state.in_(LIVE),
    notices.c.person_id.in_(bindparam("persons", expanding=True)),
)
