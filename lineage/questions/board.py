"""The demand board: a page of the ranking, filtered, in any order; and the same on a day that is past.

Pages follow one another by the last row of the one before, never by counting rows: the hundredth costs what
the first does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    bindparam,
    select,
    tuple_,
)

from lineage import demand_days
from lineage.components import item_components
from lineage.measures import COLUMNS, RISING, Measure, order_of
from lineage.outcomes import claims, demands, passes
from lineage.questions.demand import COUNTED, views_of
from lineage.questions.items import views_in
from lineage.questions.then import NOT_ASKED, Past, Question, Then, look_back
from lineage.questions.views import DemandView, ItemView
from lineage.tables import companies, items
from lineage.terms import ItemId, State
from lineage.world import World
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Filters:
    """What is left out of the ranking. An item passes if all of these fit that are given.

    `segment`: a company of it asks for the item; `asked_since`: somebody asked for it since then.
    """

    project: str | None = None
    component: str | None = None
    state: State | None = None
    segment: str | None = None
    asked_since: datetime | None = None

    def given(self) -> dict[str, Any]:
        """Those that are given, as statements name them."""
        every = {
            "project": self.project, "component": self.component, "segment": self.segment,
            "state": self.state.value if self.state else None, "asked_since": self.asked_since,
        }  # fmt: skip
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class After:
    """The last row of a page: its place, and what it was sorted by."""

    place: int
    value: int | datetime
    score: int
    item: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item at its place. `then`: None where nobody asked for it then, or nobody wants to know."""

    place: int
    demand: DemandView
    trend: tuple[int, ...]
    """The people at the end of each of the last weeks, as far as they are on record; the last: now."""
    then: Then | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """`after`: where the next page begins, None on the last. `fallen`: what ranked then and does no more."""

    rows: tuple[Row, ...]
    after: After | None
    fallen: tuple[tuple[ItemView, Then], ...] = ()
    to_keep: bool = False
    """The places of the day that it is compared with are not kept, and nobody asked for that yet."""


def ranked_page(
    conn: Connection, workspace: Workspace, *, sort: Measure, filters: Filters, after: After | None, top: int
) -> tuple[list[RowMapping], After | None]:
    """The rows of one page alone, and where the next begins: one statement, two where time is asked for."""
    statement = _page(sort, _conditions(conn, workspace, filters), after is not None)
    values = {"workspace": workspace.id, "top": top + 1, **filters.given()}
    if after is not None:
        values |= {"value": after.value, "score": after.score, "item": after.item}
    rows = list(conn.execute(statement, values).mappings())
    if len(rows) <= top:
        return rows, None
    last = rows[top - 1]
    place = (after.place if after else 0) + top
    end = After(place, last[COLUMNS[sort]], last["score_hundredths"], last["item_id"])
    return rows[:top], end


def board(
    conn: Connection,
    workspace: Workspace,
    *,
    sort: Measure = "score",
    filters: Filters = Filters(),
    after: After | None = None,
    top: int = 50,
    weeks: Sequence[date] = (),
    then: date | None = None,
) -> Board:
    """One page. `weeks`: the days on which the trend is taken; `then`: the day to compare with.

    Of a past day the items are filtered by what they are now: what they were is not kept.
    """
    rows, end = ranked_page(conn, workspace, sort=sort, filters=filters, after=after, top=top)
    wanted = [ItemId(row["item_id"]) for row in rows]
    world = World(conn, workspace.id)
    was = _past(conn, workspace, sort, filters, then, wanted) if then else NOT_ASKED
    past = was.of
    fallen = [item for item in past if item not in set(wanted)]
    world.load_links([*wanted, *fallen])
    shown = views_of(conn, workspace, world, rows)
    lines = demand_days.people_on(conn, workspace.id, wanted, weeks) if weeks else {}
    first = after.place if after else 0
    return Board(
        tuple(
            Row(first + number, one, (*lines.get(one.item.id, ()), one.requesters), past.get(one.item.id))
            for number, one in enumerate(shown, 1)
        ),
        end,
        tuple(_named(conn, workspace, world, past, fallen)),
        was.to_keep,
    )


def _past(
    conn: Connection,
    workspace: Workspace,
    sort: Measure,
    filters: Filters,
    day: date,
    wanted: Collection[str],
) -> Past:
    fits = [_CONDITIONS[name] for name in sorted(_conditions(conn, workspace, filters))]
    return look_back(conn, workspace, Question(day, sort, fits, filters.given()), wanted)


def _named(
    conn: Connection,
    workspace: Workspace,
    world: World,
    past: Mapping[ItemId, Then],
    fallen: Iterable[ItemId],
) -> Iterable[tuple[ItemView, Then]]:
    for item, view in views_in(conn, workspace, world, fallen).items():
        yield view, past[item]


# --- statements

_WORKSPACE: BindParameter[int] = bindparam("workspace")


def _in_project(item: ColumnElement[str]) -> ColumnElement[bool]:
    return _item_with("project", item)


def _in_state(item: ColumnElement[str]) -> ColumnElement[bool]:
    return _item_with("state", item)


def _item_with(column: str, item: ColumnElement[str]) -> ColumnElement[bool]:
    here = items.alias()
    found = select(here.c.id).where(here.c.workspace_id == _WORKSPACE, here.c.id == item)
    return found.where(here.c[column] == bindparam(column)).exists()


def _in_component(item: ColumnElement[str]) -> ColumnElement[bool]:
    of = item_components.c
    found = select(of.item_id).where(of.workspace_id == _WORKSPACE, of.component == bindparam("component"))
    return found.where(of.item_id == item).exists()


def _of_segment(item: ColumnElement[str]) -> ColumnElement[bool]:
    asks = select(claims.c.company_id).join(companies, companies.c.id == claims.c.company_id)
    here = asks.where(claims.c.workspace_id == _WORKSPACE, claims.c.item_id == item)
    return here.where(companies.c.segment == bindparam("segment")).exists()


_since: BindParameter[datetime] = bindparam("asked_since", type_=passes.c.asked_at.type)
_SINCE = (passes.c.workspace_id == _WORKSPACE, passes.c.asked_at >= _since)


def _asked_since(item: ColumnElement[str]) -> ColumnElement[bool]:
    return select(passes.c.ask_id).where(*_SINCE, passes.c.item_id == item).exists()


def _among_few(item: ColumnElement[str]) -> ColumnElement[bool]:
    """The same, where what was asked since then is looked up first."""
    return item.in_(select(passes.c.item_id).where(*_SINCE))


_CONDITIONS = {
    "project": _in_project,
    "state": _in_state,
    "component": _in_component,
    "segment": _of_segment,
    "asked_since": _asked_since,
    "few asked since": _among_few,
}
FEW = 20_000
"""Of no more requests since then the items are looked up before the ranking. Of more, hardly an item of the
ranking is passed by in vain."""
_MANY = (
    select(passes.c.item_id)
    .where(*_SINCE)
    .order_by(passes.c.asked_at)
    .offset(bindparam("few", type_=Integer))
    .limit(1)
)


def _conditions(conn: Connection, workspace: Workspace, filters: Filters) -> frozenset[str]:
    """The names of the conditions that leave out what these filters do."""
    names = frozenset(filters.given())
    if filters.asked_since is None:
        return names
    asked = {"workspace": workspace.id, "asked_since": filters.asked_since, "few": FEW}
    many = conn.scalar(_MANY, asked) is not None
    return names if many else names - {"asked_since"} | {"few asked since"}


@cache
def _page(sort: Measure, given: frozenset[str], follows: bool) -> Select[Any]:
    """A few hundred at most: of each order with each choice of filters, the first page and all others."""
    here = demands.c.workspace_id == _WORKSPACE
    columns = [demands.c[name] for name in order_of(sort)]
    rising = sort in RISING
    query = select(demands.c.item_id, demands.c.score_hundredths, *(demands.c[name] for name in COUNTED))
    query = query.where(here, demands.c.ranked)
    for name in sorted(given):
        query = query.where(_CONDITIONS[name](demands.c.item_id))
    if follows:
        last = [bindparam("value", type_=columns[0].type)] if len(columns) == 3 else []
        last += [bindparam("score", type_=Integer), bindparam("item")]
        row, end = tuple_(*columns), tuple_(*last)
        query = query.where(row > end if rising else row < end)
    return query.order_by(*(one.asc() if rising else one.desc() for one in columns)).limit(
        bindparam("top", type_=Integer)
    )
