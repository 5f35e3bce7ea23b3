"""How much every item counts, kept by differences: one event costs what it touches, not what exists (§7).

`recount` is called once for each change, inside its transaction:

    passing   which nodes each touched ask passes now; what came and went is written
    purse     the money of the companies concerned, pushed down the links as differences
    sums      the items' rows: counts, money and score, by what was added and taken away

`whole` works the same rows out from nothing. It shares the pure rules with the above and nothing else, so
that each checks the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lineage import demand_days
from lineage.counting import passing, purse, sums
from lineage.counting.pushing import push, push_again
from lineage.terms import ItemId, PersonId
from lineage.touched import Touched
from lineage.world import World
from store.workspaces import Workspace

__all__ = ["Counted", "recount"]


@dataclass(frozen=True, slots=True)
class Counted:
    """Whose asks were followed anew, and which items count otherwise than before."""

    persons: set[PersonId]
    items: set[ItemId]


def recount(
    conn: Connection, workspace: Workspace, world: World, touched: Touched, *, now: datetime
) -> Counted:
    """Bring what is counted up to date after a change; asks to be pushed what the tracker shows of it."""
    givers = _whose_ways_may_differ(world, touched)
    followed = touched.asks | passing.asks_through(conn, workspace.id, givers)
    difference = passing.bring_up_to_date(conn, workspace.id, world, followed)
    moved = purse.settle(conn, workspace.id, world, difference, touched.companies)
    more = sums.collect(difference, moved)
    rows = sums.add_up(conn, workspace, world, more, others=givers | touched.rescored)
    tell(conn, workspace, rows, now=now)
    linked = givers | {end for link in touched.links for end in link}  # the tracker shows it of both ends
    push_again(conn, workspace.id, linked - rows.keys(), now=now)
    return Counted({row.person for row in difference.followed}, set(rows))


def tell(
    conn: Connection, workspace: Workspace, rows: Mapping[ItemId, Mapping[str, Any] | None], *, now: datetime
) -> None:
    """Items count otherwise (None: not at all any more): the record of the day has it, the tracker is to."""
    if rows:
        days = [row or {"item_id": item, **demand_days.NONE} for item, row in rows.items()]
        demand_days.keep(conn, workspace, days, day=demand_days.day_of(now))
        push(conn, workspace.id, rows.keys(), now=now)


def _whose_ways_may_differ(world: World, touched: Touched) -> set[ItemId]:
    """Where links run in a circle, a link more or less decides about others of that circle (rule 10).

    So does an item of which the merge counts, or does not, as it is called a container.
    """
    world.load_links(touched.items | {end for link in touched.links for end in link})
    links = touched.links | {ends for item in touched.items for ends in world.links_from(item)}
    on_circles = world.on_circles_with(links)
    return touched.items | {src for src, _ in touched.links} | on_circles
