"""The companies behind the demand of an item: the few that bring most in words, the others counted."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select, union_all

from lineage.batches import batched
from lineage.money import spoken
from lineage.outcomes import claims
from lineage.tables import companies
from lineage.terms import NOTHING, ItemId, Money, Worth
from lineage.world import World
from store.workspaces import Workspace

NAMED = 5
"""Companies named in a 'why'; the rest are counted."""
CHUNK = 50
"""Items looked up in one statement: a page of the ranking."""


def company_lines(
    conn: Connection, workspace: Workspace, world: World, credit: Mapping[ItemId, Worth]
) -> dict[ItemId, list[str]]:
    """The companies whose money rests on each item, most first; with the last line, of those that are not
    named, they add up to its `credit`.
    """
    lines: dict[ItemId, list[str]] = defaultdict(list)
    named: dict[ItemId, Worth] = defaultdict(lambda: NOTHING)
    unnamed: Counter[ItemId] = Counter()
    places = [place for item in credit for place in world.resting_places(item)]
    for chunk in batched(places, CHUNK):
        size = 1 if len(chunk) == 1 else CHUNK  # two statements are made, and no more
        values: dict[str, Any] = {"workspace": workspace.id}
        for number in range(size):
            item, own = (chunk[number].item, chunk[number].own) if number < len(chunk) else ("", False)
            values |= {f"item{number}": item, f"own{number}": own}
        at_place: Counter[int] = Counter()
        for row in conn.execute(_largest(size), values):
            item, so_far = ItemId(row.item_id), named[ItemId(row.item_id)]
            lines[item].append(_line(workspace, row))
            named[item] = Worth(so_far.customer + row.customer, so_far.pipeline + row.pipeline)
            at_place[row.place] += 1
            unnamed[item] += row.all - NAMED if at_place[row.place] == NAMED else 0
    for item, number in (+unnamed).items():
        won, open_ = (
            spoken(Money(whole - part, workspace.policy.currency))
            for whole, part in zip(credit[item], named[item], strict=True)
        )
        lines[item].append(f"and {number} more companies: customer {won} won, pipeline {open_} open")
    return lines


def _line(workspace: Workspace, row: Row[Any]) -> str:
    """What one company brings here, of all that it is worth."""

    def part(here: int, whole: int) -> str:
        said = spoken(Money(here, workspace.policy.currency))
        return said if here == whole else f"{said} of {spoken(Money(whole, workspace.policy.currency))}"

    won = part(row.customer, row.customer_minor)
    return f"{row.name}: customer {won} won, pipeline {part(row.pipeline, row.pipeline_minor)} open"


@cache
def _largest(places: int) -> Any:
    """The largest claims at each of so many places, one place after the other.

    Thousands of companies may ask for an item: each place is cut by itself, where numbering the rows of all
    of them would take several times as long, and only companies that are named are looked up.
    """
    amount = claims.c.customer + claims.c.pipeline
    found = []
    for number in range(places):
        here = and_(
            claims.c.workspace_id == bindparam("workspace"),
            claims.c.item_id == bindparam(f"item{number}"),
            claims.c.own == bindparam(f"own{number}"),
        )
        few = select(claims).where(here).order_by(amount.desc(), claims.c.company_id).limit(NAMED).subquery()
        every = select(func.count()).select_from(claims).where(here).scalar_subquery()
        found.append(
            select(few.c.item_id, few.c.customer, few.c.pipeline, companies.c.name)
            .add_columns(companies.c.customer_minor, companies.c.pipeline_minor, every.label("all"))
            .add_columns(bindparam(f"place{number}", number).label("place"), companies.c.id)
            .join(companies, companies.c.id == few.c.company_id)
        )
    largest = union_all(*found).subquery()
    amount = largest.c.customer + largest.c.pipeline
    return select(largest).order_by(largest.c.place, amount.desc(), largest.c.id)
