"""When the next row of a shelf can be claimed, which at a pace may be later than it falls due."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, ScalarSelect, Table, and_, func, select

from store.database import Instant
from store.pace import Paced, paces
from store.workspaces import workspaces


def first_due(conn: Connection, table: Table, paced: Paced | None) -> datetime | None:
    """When the next row that nobody holds falls due, or its slot begins (maybe past); None: there is none."""
    if paced is None:
        return _as_they_come(conn, table)
    rows, others, rests = paced.rows, paced.theirs & ~paced.rows, paces.c.hold_until
    moments = [
        _as_they_come(conn, table, ~paced.theirs),
        *_at_the_pace(conn, table, paced, others, rests),
        *_at_the_pace(conn, table, paced, rows, rests, paces.c.free_at),
    ]
    return min((at for at in moments if at is not None), default=None)


def _as_they_come(conn: Connection, table: Table, *which: ColumnElement[bool]) -> datetime | None:
    firsts = select(_first(table, *which).label("due_at")).select_from(workspaces).subquery()
    earliest: datetime | None = conn.scalar(select(func.min(firsts.c.due_at, type_=Instant)))
    return earliest


def _at_the_pace(
    conn: Connection, table: Table, paced: Paced, which: ColumnElement[bool], *not_before: Column[Any]
) -> list[datetime]:
    """One moment for each workspace that has such a row."""
    its_pace = and_(paces.c.workspace_id == workspaces.c.id, paces.c.system == paced.system)
    query = select(_first(table, which).label("due_at"), *not_before)
    rows = conn.execute(query.select_from(workspaces.outerjoin(paces, its_pace))).all()
    return [max(at for at in row if at is not None) for row in rows if row.due_at is not None]


def _first(table: Table, *which: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """When the first free row of a workspace falls due."""
    return (
        select(table.c.due_at)
        .where(table.c.workspace_id == workspaces.c.id, table.c.due_at.is_not(None))
        .where(table.c.lease_until.is_(None), *which)
        .order_by(table.c.due_at)
        .limit(1)
        .correlate(workspaces)
        .scalar_subquery()
    )
