"""Kept places: where each item stood by one measure at the end of a day that is over.

They follow from the record of that day (`demand_days.py`) and are kept because a million requests take long
to rank: from when somebody compares with a day, for a fortnight. `placing.py` fills them in, on the side.
Whoever changes the record of a past day says so in the same transaction (`unsettle`), and they count no more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
    select,
    text,
    update,
)

from lineage.tables import workspace_column
from store.database import Instant, insert_or_ignore, metadata, row_id
from store.waiting import Shelf, waiting_columns

past_days = Table(
    "past_days",
    metadata,
    row_id(),
    workspace_column(),
    Column("day", Date, nullable=False),
    Column("measure", String(20), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("changes", BigInteger, nullable=False, server_default=text("0")),
    Column("made_of", BigInteger),
    *waiting_columns(),
    UniqueConstraint("workspace_id", "day", "measure"),
    sqlite_autoincrement=True,  # a number is never that of another ranking: a slow worker may still have it
)
"""Rankings that somebody asked for. `changes`: how often the record that it rests on was changed since;
`made_of`: the same when its places were filled in, None until they are. It holds where both are equal."""

past_places = Table(
    "past_places",
    metadata,
    workspace_column(primary_key=True),
    Column("past_day_id", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(40), primary_key=True),
    Column("place", Integer, nullable=False),
    Index("past_places_by_place", "workspace_id", "past_day_id", "place"),
    sqlite_with_rowid=False,
)
"""Every item that ranked then. Places begin with 1."""

SHELF = Shelf("past_days", past_days)


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is of a ranking. `number`: of its row, None where its places are not to be used.

    `wanted`: nobody asked for it, its record was changed since, or it could not be made and was dismissed.
    """

    number: int | None
    wanted: bool


def kept(conn: Connection, workspace_id: int, day: date, measure: str) -> Kept:
    """The ranking of that day, as far as it is kept."""
    row = conn.execute(_KEPT, {"workspace": workspace_id, "day": day, "measure": measure}).first()
    if row is None:
        return Kept(None, wanted=True)
    holds = row.made_of == row.changes
    under_way = row.made_of is None and (row.due_at or row.parked_at)
    return Kept(row.id if holds else None, wanted=not holds and not under_way)


def want(conn: Connection, workspace_id: int, day: date, measure: str, *, now: datetime) -> None:
    """Have the places of a day that is over kept from now on; of one that is asked for, nothing changes."""
    key = {"workspace_id": workspace_id, "day": day, "measure": measure}
    if not insert_or_ignore(conn, past_days, {**key, "asked_at": now, "due_at": now}):
        given = {"workspace": workspace_id, "on": day, "by": measure, "now": now}
        conn.execute(_WANT_AGAIN, given)


def unsettle(conn: Connection, workspace_id: int, *, since: date) -> None:
    """The record of this day is changed: no place of it, or of a later day, holds any more."""
    conn.execute(_UNSETTLE, {"workspace": workspace_id, "since": since})


def places_of(conn: Connection, workspace_id: int, number: int, wanted: Collection[str]) -> dict[str, int]:
    """The places of these items in a ranking that is kept, of those that ranked."""
    given = {"workspace": workspace_id, "number": number, "items": list(wanted)}
    return {row.item_id: row.place for row in conn.execute(_PLACES, given)}


_this = and_(
    past_places.c.workspace_id == bindparam("workspace"), past_places.c.past_day_id == bindparam("number")
)
_PLACES = select(past_places.c.item_id, past_places.c.place).where(
    _this, past_places.c.item_id.in_(bindparam("items", expanding=True))
)
_KEPT = select(past_days).where(
    past_days.c.workspace_id == bindparam("workspace"),
    past_days.c.day == bindparam("day"),
    past_days.c.measure == bindparam("measure"),
)
_dismissed = and_(*(past_days.c[name].is_(None) for name in ("made_of", "due_at", "parked_at")))
_now: Any = bindparam("now", type_=past_days.c.due_at.type)
_WANT_AGAIN = (
    update(past_days)
    .where(past_days.c.workspace_id == bindparam("workspace"), past_days.c.day == bindparam("on"))
    .where(past_days.c.measure == bindparam("by"))
    .where(or_(past_days.c.made_of != past_days.c.changes, _dismissed))
    .values(made_of=None, asked_at=_now, due_at=_now)
)
_UNSETTLE = (
    update(past_days)
    .where(past_days.c.workspace_id == bindparam("workspace"), past_days.c.day >= bindparam("since"))
    .values(changes=past_days.c.changes + 1)
)
