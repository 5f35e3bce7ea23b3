"""The record of demand: what each item counted at the end of each day, as far as was known then (§6).

Rows are written as demand changes and never worked out again: an item has one for a day on which its
demand changed, and until its next row that is what it counted. A day is one of UTC.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from lineage import past_places
from lineage.batches import batched
from lineage.outcomes import demands
from lineage.past_places import past_days
from lineage.tables import items, workspace_column
from lineage.terms import ItemId
from store.database import Instant, metadata, upsert_many
from store.workspaces import Workspace

demand_days = Table(
    "demand_days",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("ranked", Boolean, nullable=False),
    Column("requesters", Integer, nullable=False),
    Column("companies", Integer, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("reach_customer", BigInteger, nullable=False),
    Column("reach_pipeline", BigInteger, nullable=False),
    Column("customer", BigInteger, nullable=False),
    Column("pipeline", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("score_hundredths", BigInteger, nullable=False),
    Column("oldest_at", Instant),
    Index("demand_days_by_day", "workspace_id", "day"),
)

KEY = ("workspace_id", "item_id", "day")
COUNTED = tuple(column.name for column in demand_days.c if column.name not in {*KEY, "currency"})

NONE: Mapping[str, Any] = dict.fromkeys(COUNTED, 0) | {"ranked": False, "oldest_at": None}
"""What is kept of an item for which nobody asks any more."""

CHUNK = 500
RANKED_ALREADY = ""
"""Stands for no item: a day of which places are kept is not over after all."""
FALLEN = 10
"""So many of the first places of a past day are named, where they rank no more."""


def day_of(at: datetime) -> date:
    """The day to which a moment belongs."""
    return at.astimezone(UTC).date()


def keep(conn: Connection, workspace: Workspace, rows: Iterable[Mapping[str, Any]], *, day: date) -> None:
    """Record what these items count from now on; call it wherever rows of `demands` are written.

    Each row is one of `demands`, or `NONE` with its `item_id`, for an item whose row is deleted.
    """
    for chunk in batched(rows, CHUNK):
        newest = _newest(conn, workspace.id, [row["item_id"] for row in chunk], day)
        key = {"workspace_id": workspace.id, "currency": workspace.policy.currency}
        fresh = [
            key
            | {"item_id": row["item_id"], "day": newest.get(row["item_id"], day)}
            | {name: row[name] for name in COUNTED}
            for row in chunk
        ]
        upsert_many(conn, demand_days, KEY, fresh)
        if RANKED_ALREADY in newest:
            past_places.unsettle(conn, workspace.id, since=day)


def keep_all(conn: Connection, workspace: Workspace, *, day: date) -> None:
    """Record what every item of the workspace counts: the amounts of all are in another currency now."""
    found = conn.execute(select(demands).where(demands.c.workspace_id == workspace.id)).mappings().all()
    keep(conn, workspace, [dict(row) for row in found], day=day)


def _newest(conn: Connection, workspace_id: int, wanted: Sequence[str], day: date) -> dict[str, date]:
    """Days later than this one for which items have a row already.

    The clocks of two machines differ, and what is written last is what is known last. With `RANKED_ALREADY`
    where places are kept of this day, or of a later one.
    """
    here = {"workspace": workspace_id, "items": wanted, "today": day}
    return {row[0]: row[1] for row in conn.execute(_LATER, here)}


def ranked_on(
    conn: Connection, workspace_id: int, day: date, *, order: Sequence[str], top: int
) -> list[RowMapping]:
    """The rows of the items on which something rested at the end of this day, by these columns, falling.

    One look into the key per item, however many days are kept.
    """
    query = (
        select(demand_days)
        .select_from(items.join(demand_days, _at_its_end(day)))
        .where(items.c.workspace_id == workspace_id, demand_days.c.ranked)
        .order_by(*(demand_days.c[name].desc() for name in order), demand_days.c.item_id)
        .limit(top)
    )
    return list(conn.execute(query).mappings())


def places_on(
    conn: Connection,
    workspace_id: int,
    day: date,
    *,
    order: Sequence[str],
    rising: bool,
    fits: Sequence[ColumnElement[bool]],
    values: Mapping[str, Any],
    wanted: Collection[str],
) -> list[RowMapping]:
    """The rows of that ranking, with their `place` in it, of these items and of the first that rank no more.

    `order`: names of columns of this table, all of them falling or rising; `fits`: conditions on `items` and
    `values` for them. Two looks into the key per item, as `ranked_on`; only what stood before the last of
    these is put in order.
    """
    given = {"workspace": workspace_id, **values}
    columns = [demand_days.c[name] for name in order]
    by = _by(order, rising=rising)
    there = items.c.workspace_id == bindparam("workspace")
    source = items.join(demand_days, _at_its_end(day))
    kept = select(demand_days).select_from(source).where(there, demand_days.c.ranked, *fits)
    theirs = kept.where(items.c.id.in_(list(wanted))).order_by(*by)
    found = conn.execute(theirs, given).mappings().all()
    if len(found) >= FALLEN:  # so the last of them stands behind all that may have fallen out
        end = tuple_(*(literal(found[-1][one.name], one.type) for one in columns))
        kept = kept.where(tuple_(*columns) <= end if rising else tuple_(*columns) >= end)
    ranked = kept.add_columns(func.row_number().over(order_by=by).label("place")).subquery()
    still = select(demands.c.item_id).where(
        demands.c.workspace_id == bindparam("workspace"),
        demands.c.item_id == ranked.c.item_id,
        demands.c.ranked,
    )
    fell = and_(ranked.c.place <= FALLEN, ~still.exists())
    query = select(ranked).where(or_(ranked.c.item_id.in_(list(wanted)), fell)).order_by(ranked.c.place)
    return list(conn.execute(query, given).mappings())


def items_on(
    conn: Connection, workspace_id: int, day: date, *, order: Sequence[str], rising: bool
) -> list[str]:
    """The items of the whole ranking of a day, in its order. Two looks into the key per item."""
    source = items.join(demand_days, _at_its_end(day))
    query = select(demand_days.c.item_id).select_from(source)
    query = query.where(items.c.workspace_id == workspace_id, demand_days.c.ranked)
    return list(conn.scalars(query.order_by(*_by(order, rising=rising))))


def rows_on(conn: Connection, workspace_id: int, day: date, wanted: Collection[str]) -> list[RowMapping]:
    """What these items counted at the end of a day."""
    query = select(demand_days).select_from(items.join(demand_days, _at_its_end(day)))
    query = query.where(items.c.workspace_id == workspace_id, items.c.id.in_(list(wanted)))
    return list(conn.execute(query).mappings())


def _by(order: Sequence[str], *, rising: bool) -> list[ColumnElement[Any]]:
    return [demand_days.c[name].asc() if rising else demand_days.c[name].desc() for name in order]


def people_on(
    conn: Connection, workspace_id: int, wanted: Collection[str], days: Sequence[date]
) -> dict[str, list[int]]:
    """How many people asked for each of these items at the end of each of these days, the earliest first.

    Items without a row until the last of them are left out; before its first row an item counted nobody.
    """
    kept = demand_days.alias()
    of_item = (kept.c.workspace_id == workspace_id, kept.c.item_id == demand_days.c.item_id)
    start = select(func.max(kept.c.day)).where(*of_item, kept.c.day <= days[0]).scalar_subquery()
    query = (
        select(demand_days.c.item_id, demand_days.c.day, demand_days.c.requesters)
        .where(demand_days.c.workspace_id == workspace_id, demand_days.c.item_id.in_(list(wanted)))
        .where(demand_days.c.day >= func.coalesce(start, days[0]), demand_days.c.day <= days[-1])
    )
    rows = conn.execute(query.order_by(demand_days.c.day)).all()
    found: dict[str, list[int]] = {}
    for row in rows:
        line = found.setdefault(row.item_id, [0] * len(days))
        line[:] = [row.requesters if row.day <= day else was for day, was in zip(days, line, strict=True)]
    return found


def _at_its_end(day: date) -> ColumnElement[bool]:
    """Of each item the row that says what it counted at the end of this day."""
    kept = demand_days.alias()
    newest = (
        select(func.max(kept.c.day))
        .where(kept.c.workspace_id == items.c.workspace_id, kept.c.item_id == items.c.id, kept.c.day <= day)
        .scalar_subquery()
    )
    return and_(
        demand_days.c.workspace_id == items.c.workspace_id,
        demand_days.c.item_id == items.c.id,
        demand_days.c.day == newest,
    )


def rows_of(conn: Connection, workspace_id: int, item: ItemId, first: date) -> list[RowMapping]:
    """The rows of one item that say what it counted from `first` on, oldest first."""
    here = and_(demand_days.c.workspace_id == workspace_id, demand_days.c.item_id == item)
    start = select(func.max(demand_days.c.day)).where(here, demand_days.c.day <= first).scalar_subquery()
    query = select(demand_days).where(here, demand_days.c.day >= func.coalesce(start, first))
    return list(conn.execute(query.order_by(demand_days.c.day)).mappings())


def recorded_since(conn: Connection, workspace_id: int) -> date | None:
    """The first day of the record; None where nothing was ever asked for."""
    here = demand_days.c.workspace_id == workspace_id
    first: date | None = conn.scalar(select(func.min(demand_days.c.day)).where(here))
    return first


_LATER = (
    select(demand_days.c.item_id, func.max(demand_days.c.day))
    .where(demand_days.c.workspace_id == bindparam("workspace"), demand_days.c.day > bindparam("today"))
    .where(demand_days.c.item_id.in_(bindparam("items", expanding=True)))
    .group_by(demand_days.c.item_id)
    .union_all(
        select(literal(RANKED_ALREADY), past_days.c.day).where(
            past_days.c.workspace_id == bindparam("workspace"), past_days.c.day >= bindparam("today")
        )
    )
)
