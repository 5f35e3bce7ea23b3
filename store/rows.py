"""Rows by the values of their columns, with statements that are made once: making one costs more than
running it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update


def find_row(conn: Connection, table: Table, **key: Any) -> Row[Any] | None:
    """The first row whose columns have these values (none of them None), or None."""
    return conn.execute(_select(table, tuple(key)), key).first()


def find_rows(conn: Connection, table: Table, **key: Any) -> Sequence[Row[Any]]:
    """Every row whose columns have these values (none of them None), in no order."""
    return conn.execute(_select(table, tuple(key)), key).all()


def insert_row(conn: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """A new row of a table that numbers its rows; its number."""
    made: int | None = conn.scalar(_insert(table), dict(values))
    assert made is not None
    return made


def update_rows(conn: Connection, table: Table, values: Mapping[str, Any], **key: Any) -> None:
    """Give these values to the rows whose columns are as `key` says (none of them None)."""
    here = {f"key_{name}": value for name, value in key.items()}
    conn.execute(_update(table, tuple(key)), {**values, **here})


@cache
def _select(table: Table, key: tuple[str, ...]) -> Any:
    return select(table).where(*(table.c[name] == bindparam(name) for name in key))


@cache
def _insert(table: Table) -> Any:
    return insert(table).returning(table.c.id)


@cache
def _update(table: Table, key: tuple[str, ...]) -> Any:
    return update(table).where(*(table.c[name] == bindparam(f"key_{name}") for name in key))
