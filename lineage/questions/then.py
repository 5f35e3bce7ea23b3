"""Then and now: what the items of a page counted at the end of a past day, and at which place that was.

The places are kept, once somebody compared with that day (`lineage/past_places.py`); until then the whole
record of the day is ranked. Both say the same.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Integer, RowMapping, bindparam, func, select

from lineage import demand_days, past_places
from lineage.demand_days import FALLEN
from lineage.measures import RISING, Measure, order_of
from lineage.outcomes import demands
from lineage.past_places import past_places as places
from lineage.questions.days import counted
from lineage.tables import items
from lineage.terms import ItemId, Money
from store.workspaces import Workspace

Fits: TypeAlias = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""A condition on an item, by its id."""


@dataclass(frozen=True, slots=True)
class Then:
    """What an item counted at the end of a past day, and at which place that was."""

    place: int
    requesters: int
    companies: int
    votes: int
    customer: Money
    pipeline: Money
    score: float


@dataclass(frozen=True, slots=True)
class Past:
    """These items then, and the first that no longer rank. `to_keep`: whoever asks should have it kept."""

    of: Mapping[ItemId, Then]
    to_keep: bool


NOT_ASKED = Past({}, to_keep=False)


@dataclass(frozen=True, slots=True)
class Question:
    """Of which ranking, and which items of it count; `values` are those of the conditions."""

    day: date
    sort: Measure
    fits: Collection[Fits]
    values: Mapping[str, Any]


def look_back(conn: Connection, workspace: Workspace, asked: Question, wanted: Collection[str]) -> Past:
    """What these items, and the first that no longer rank, counted then."""
    kept = past_places.kept(conn, workspace.id, asked.day, asked.sort)
    if kept.number is None:
        found = _ranked(conn, workspace, asked, wanted)
    else:
        found = _looked_up(conn, workspace, asked, wanted, kept.number)
    return Past({ItemId(row["item_id"]): Then(place, *counted(row)) for place, row in found}, kept.wanted)


def _ranked(
    conn: Connection, workspace: Workspace, asked: Question, wanted: Collection[str]
) -> list[tuple[int, RowMapping]]:
    """Worked out from the record of the day."""
    fits = [condition(items.c.id) for condition in asked.fits]
    order, rising = order_of(asked.sort), asked.sort in RISING
    rows = demand_days.places_on(
        conn, workspace.id, asked.day, order=order, rising=rising, fits=fits, values=asked.values,
        wanted=wanted,
    )  # fmt: skip
    return [(row["place"], row) for row in rows]


def _looked_up(
    conn: Connection, workspace: Workspace, asked: Question, wanted: Collection[str], number: int
) -> list[tuple[int, RowMapping]]:
    """The same from the places that are kept."""
    given = {"workspace": workspace.id, "number": number, **asked.values}
    found = past_places.places_of(conn, workspace.id, number, wanted)
    if found and asked.fits:
        found = _among_those_that_fit(conn, asked, found, given)
    found |= _fallen(conn, asked, given)
    rows = demand_days.rows_on(conn, workspace.id, asked.day, found)
    return sorted(((found[row["item_id"]], row) for row in rows), key=lambda one: one[0])


def _among_those_that_fit(
    conn: Connection, asked: Question, found: Mapping[str, int], given: Mapping[str, Any]
) -> dict[str, int]:
    """Gone through in order down to the last of these."""
    number = func.row_number().over(order_by=places.c.place).label("number")
    fitting = select(places.c.item_id, number).where(*_that_fit(asked), places.c.place <= bindparam("last"))
    ranked = fitting.subquery()
    query = select(ranked).where(ranked.c.item_id.in_(list(found)))
    rows = conn.execute(query, {**given, "last": max(found.values())})
    return {row.item_id: row.number for row in rows}


def _fallen(conn: Connection, asked: Question, given: Mapping[str, Any]) -> dict[str, int]:
    """Those of the first that do not rank now."""
    now = select(demands.c.item_id).where(
        demands.c.workspace_id == bindparam("workspace"),
        demands.c.item_id == places.c.item_id,
        demands.c.ranked,
    )
    query = select(places.c.item_id, now.exists().label("ranks")).where(*_that_fit(asked))
    query = query.order_by(places.c.place).limit(bindparam("first", type_=Integer))
    first = conn.execute(query, {**given, "first": FALLEN}).all()
    return {row.item_id: place for place, row in enumerate(first, 1) if not row.ranks}


def _that_fit(asked: Question) -> list[ColumnElement[bool]]:
    here = places.c.workspace_id == bindparam("workspace")
    of = places.c.past_day_id == bindparam("number")
    return [here, of, *(condition(places.c.item_id) for condition in asked.fits)]
