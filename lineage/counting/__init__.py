"""How much every item counts, kept by differences: one event costs what it touches, not what exists (§7).

`recount` is called once for each change, inside its transaction:

    passing   which nodes each touched ask passes now; what came and went is written
    purse     the money of the companies concerned, pushed down the links as differences
    sums      the items' rows: counts, money and score, by what was added and taken away

`whole` works the same rows out from nothing. It shares the pure rules with the above and nothing else, so
that each checks the other.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lineage.counting import passing, purse, sums
from lineage.counting.pushing import push
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
    items = sums.add_up(conn, workspace, world, more, others=givers | touched.rescored)
    push(conn, workspace.id, items, now=now)
    return Counted({row.person for row in difference.followed}, items)


def _whose_ways_may_differ(world: World, touched: Touched) -> set[ItemId]:
    """Where links run in a circle, a link more or less decides about others of that circle (rule 10)."""
    world.load_links({end for link in touched.links for end in link})
    on_circles = world.on_circles_with(touched.links)
    return touched.items | {src for src, _ in touched.links} | on_circles
