"""The numbers that tables give to their rows: where they stand, and from where they go on.

A removed row's number must never come back where something outside still names it (a secret is sealed to its
workspace, a look's number is the cause of changes): so a backup keeps them, and a restore goes on from there.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text


def last_numbers(conn: Connection) -> dict[str, int]:
    """The last number that each table gave; nothing for a table that gave none, or keeps no count."""
    if conn.dialect.name != "sqlite":
        return {table: last for table, sequence in _sequences(conn) if (last := _last(conn, sequence))}
    if not inspect(conn).has_table("sqlite_sequence"):
        return {}
    return {row.name: row.seq for row in conn.execute(text("SELECT name, seq FROM sqlite_sequence"))}


def go_on_from(conn: Connection, numbers: Mapping[str, int]) -> None:
    """Rows are numbered on from these, or from the highest that is there if that is higher."""
    if conn.dialect.name == "sqlite":
        counting = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
        for table in conn.scalars(counting).all():
            highest = max(numbers.get(table, 0), _highest(conn, table))
            conn.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
            kept = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)")
            conn.execute(kept, {"name": table, "seq": highest})
        return
    for table, sequence in _sequences(conn):
        if highest := max(numbers.get(table, 0), _highest(conn, table)):
            conn.execute(
                text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": sequence, "last": highest}
            )


def _sequences(conn: Connection) -> list[tuple[str, str]]:
    """Each table that numbers its rows, and the name of its sequence."""
    named = text("SELECT pg_get_serial_sequence(:table, 'id')")
    here = inspect(conn)
    tables = [one for one in here.get_table_names() if any(c["name"] == "id" for c in here.get_columns(one))]
    found = [(table, conn.scalar(named, {"table": table})) for table in sorted(tables)]
    return [(table, str(sequence)) for table, sequence in found if sequence]


def _last(conn: Connection, sequence: str) -> int:
    """Nought for one that was never used."""
    used = text("SELECT pg_sequence_last_value(CAST(:name AS regclass))")
    return conn.scalar(used, {"name": sequence}) or 0


def _highest(conn: Connection, table: str) -> int:
    highest = conn.scalar(text(f'SELECT max(id) FROM "{table}"'))  # noqa: S608 - a table's name of our own
    return int(highest or 0)
