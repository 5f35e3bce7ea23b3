"""One issue and who waits for it, for a panel beside it: two statements, however many ask.

What people asked for elsewhere, what they were told and what comes next are other questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Integer, Row, Select, bindparam, func, select, union

from lineage.ask_rows import AskRow
from lineage.choosing import wish_of
from lineage.graph import Edge
from lineage.outcomes import passes
from lineage.questions.edges import edges_in
from lineage.questions.items import view_of
from lineage.questions.views import EdgeView, ItemView
from lineage.tables import asks, choices, companies, edges, items, persons, requests
from lineage.terms import AskId, EdgeKind, ItemId, Money, PersonId, Standing, State
from lineage.world import World
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Waiter:
    """One request that rests on an issue or passed it. `choices`: keys of the parts that its person wants,
    None for all; `customer` and `pipeline`: what their company is worth, None without one.
    """

    ask_id: AskId
    person_id: PersonId
    person_name: str
    company: str | None
    customer: Money | None
    pipeline: Money | None
    words: str
    subject: str
    origin: str
    asked_at: datetime
    standing: Standing
    delivered: int
    parts: int
    choices: tuple[str, ...] | None
    wanted: tuple[ItemId, ...] | None
    """What their person wants of this very issue."""
    chosen: tuple[ItemId, ...] = ()
    """The items whose keys `choices` has, in its order."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`total` requests, of which these are the worthiest and then the oldest. `parts`: where they may go, the
    own part first. `edges`: the links at the issue, also those that are set aside.
    """

    item: ItemView
    waiters: tuple[Waiter, ...]
    total: int
    parts: tuple[ItemView, ...]
    edges: tuple[EdgeView, ...]


def waiting_for(
    conn: Connection, workspace: Workspace, item_id: ItemId, *, limit: int, offset: int = 0
) -> Waiting | None:
    """None for an issue that was never heard of."""
    here = {"workspace": workspace.id, "item": item_id}
    world = _Loaded(conn, workspace.id)
    world.take_links(conn.execute(_around(), here).all())
    if item_id not in world.items:
        return None
    rows = conn.execute(_ASKING, {**here, "limit": limit, "offset": offset}).all()
    world.take_asks(rows)
    row = {AskId(one.ask_id): one for one in rows}
    item = view_of(world, world.items[item_id], ())
    every = () if not item.split else item.parts if item.keeps_part is False else (item_id, *item.parts)
    return Waiting(
        item,
        tuple(_waiter(workspace, world, item_id, one) for one in row.values()),
        rows[0].total if rows else 0,
        tuple(view_of(world, world.items[part], ()) for part in every if part in world.items),
        tuple(edges_in(world, item_id)),
    )


class _Loaded(World):
    """A world that was read in other statements than its own."""

    def take_links(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            item = ItemId(row.id)
            if item not in self.items:
                self.items[item], self.states[item], self.state_times[item] = (
                    row,
                    State(row.state),
                    row.state_at,
                )
                self._followed.add(item)
            if row.link_id is not None:
                edge = Edge(
                    row.link_id, EdgeKind(row.link_kind), ItemId(row.src), ItemId(row.dst), row.link_at
                )
                self._edges[edge.link_id] = edge

    def take_asks(self, rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            person, ask = PersonId(row.person_id), AskId(row.ask_id)
            self.asks[ask] = AskRow(
                ask, row.request_id, person, row.company_id, ItemId(row.starts_at), row.origin,
                row.linked_at, row.asked_at, row.staff, row.proven, row.imported_at,
            )  # fmt: skip
            chosen = self._choices.setdefault(person, {})
            if row.chosen_of is None:
                continue
            wish = wish_of(row)
            if wish.parts is not None:
                chosen[ItemId(row.chosen_of)] = wish.parts


def _waiter(workspace: Workspace, world: World, item: ItemId, row: Row[Any]) -> Waiter:
    ask, currency = AskId(row.ask_id), workspace.policy.currency
    rest, so_far = world.rest(ask), world.progress(ask)
    chosen = world.chosen_by(PersonId(row.person_id))
    named = [
        part
        for whole in sorted(rest.narrowed | rest.unheeded)
        for part in sorted(chosen[whole])
        if part in world.items
    ]
    valued = row.customer_minor is not None
    return Waiter(
        ask_id=ask,
        person_id=PersonId(row.person_id),
        person_name=row.name,
        company=row.company,
        customer=Money(row.customer_minor, currency) if valued else None,
        pipeline=Money(row.pipeline_minor, currency) if valued else None,
        words=row.words,
        subject=row.subject,
        origin=row.origin,
        asked_at=row.asked_at,
        standing=so_far.standing,
        delivered=so_far.delivered,
        parts=so_far.parts,
        choices=tuple(world.items[part].key for part in named) if rest.narrowed | rest.unheeded else None,
        wanted=tuple(sorted(chosen[item])) if item in chosen else None,
        chosen=tuple(named),
    )


# --- statements, made once: making one costs more than running it


@cache
def _around() -> Select[Any]:
    """Every item that these asks can be on, from where they start, with the links that lead on from it."""
    workspace: BindParameter[int] = bindparam("workspace")
    item: BindParameter[str] = bindparam("item")
    starts = (
        select(asks.c.item_id.label("id"))
        .select_from(passes)
        .join(asks, asks.c.id == passes.c.ask_id)
        .where(passes.c.workspace_id == workspace, passes.c.item_id == item, passes.c.own.is_(False))
        .where(passes.c.direct.is_(False))  # the others start here
    )
    above = select(edges.c.src).where(
        edges.c.workspace_id == workspace, edges.c.dst == item, edges.c.removed_at.is_(None)
    )
    itself = select(items.c.id).where(items.c.workspace_id == workspace, items.c.id == item)
    seeds = union(itself, starts, above).subquery("seeds")
    reach = select(seeds.c.id).cte("reach", recursive=True)
    onward = (
        select(edges.c.dst)
        .join(reach, edges.c.src == reach.c.id)
        .where(edges.c.workspace_id == workspace, edges.c.removed_at.is_(None))
    )
    reach = reach.union(onward)
    on = (
        (edges.c.workspace_id == items.c.workspace_id)
        & (edges.c.src == items.c.id)
        & edges.c.removed_at.is_(None)
    )
    return (
        select(items, edges.c.link_id, edges.c.kind.label("link_kind"), edges.c.src, edges.c.dst)
        .add_columns(edges.c.at.label("link_at"))
        .select_from(reach)
        .join(items, (items.c.workspace_id == workspace) & (items.c.id == reach.c.id))
        .outerjoin(edges, on)
    )


_amount = func.coalesce(companies.c.customer_minor + companies.c.pipeline_minor, 0)
_few = (
    select(passes.c.ask_id, passes.c.person_id, passes.c.company_id, _amount.label("amount"))
    .add_columns(passes.c.asked_at, func.count().over().label("total"))
    .outerjoin(companies, companies.c.id == passes.c.company_id)
    .where(passes.c.workspace_id == bindparam("workspace"), passes.c.item_id == bindparam("item"))
    .where(passes.c.own.is_(False))
    .order_by(_amount.desc(), passes.c.asked_at, passes.c.ask_id)
    .limit(bindparam("limit", type_=Integer))
    .offset(bindparam("offset", type_=Integer))
    .subquery("few")
)
_ASKING = (
    select(_few, asks.c.item_id.label("starts_at"), asks.c.linked_at, requests.c.id.label("request_id"))
    .add_columns(asks.c.imported_at)
    .add_columns(requests.c.origin, requests.c.words, requests.c.subject)
    .add_columns(persons.c.name, persons.c.staff, persons.c.proven, companies.c.name.label("company"))
    .add_columns(companies.c.customer_minor, companies.c.pipeline_minor)
    .add_columns(choices.c.item_id.label("chosen_of"), choices.c.parts, choices.c.joined, choices.c.chosen_at)
    .join(asks, asks.c.id == _few.c.ask_id)
    .join(requests, requests.c.id == asks.c.request_id)
    .join(persons, persons.c.id == _few.c.person_id)
    .outerjoin(companies, companies.c.id == _few.c.company_id)
    .outerjoin(
        choices,
        (choices.c.workspace_id == bindparam("workspace")) & (choices.c.person_id == _few.c.person_id),
    )
    .order_by(_few.c.amount.desc(), _few.c.asked_at, _few.c.ask_id)
)
