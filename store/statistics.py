"""What SQLite is told of our tables, so that it looks things up by the right index.

Every key begins with the workspace, of which there are few. Without statistics SQLite takes any first column
for a selective one and then reads a workspace whole; and `ANALYZE` knows nothing while tables are empty. So
the shape of the data is written down: a workspace is large, whatever comes after it in an index is selective,
but for a few columns that many rows share. Postgres keeps its own statistics.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

ROWS = 1_000_000
"""As many rows as a large workspace has; the number itself decides nothing."""

ALIKE = (50, 5)
"""How many rows are alike in the second column of an index after the workspace, and in the third."""

BROAD = frozenset({"kind", "lane", "ranked", "role", "state", "system"})
"""Columns of few values: as second column of an index they leave a good part of the workspace."""


def tell(conn: Connection) -> None:
    """Replace what SQLite knows of all tables by what we know. Does nothing on other databases.

    Takes effect for connections that are opened afterwards, and for this one.
    """
    if conn.dialect.name != "sqlite":
        return
    conn.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of statistics
    conn.exec_driver_sql("DELETE FROM sqlite_stat1")
    for row in _shapes(conn):
        conn.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", row)
    conn.exec_driver_sql("ANALYZE sqlite_schema")  # reads it


def _shapes(conn: Connection) -> Iterator[tuple[str, str, str]]:
    """Table, index and statistics, as `sqlite_stat1` has them."""
    query = "SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for table, without_rowid in conn.exec_driver_sql(query).all():
        for _, index, unique, origin, _ in conn.exec_driver_sql(f'PRAGMA index_list("{table}")').all():
            columns = [row[2] for row in conn.exec_driver_sql(f'PRAGMA index_info("{index}")').all()]
            name = table if without_rowid and origin == "pk" else index
            yield table, name, _shape(columns, unique=bool(unique))


def _shape(columns: list[str], *, unique: bool) -> str:
    """The number of rows, then for each column how many rows are alike up to it.

    >>> _shape(["workspace_id", "item_id", "asked_at"], unique=False)
    '1000000 1000000 50 5'
    >>> _shape(["workspace_id", "id"], unique=True)
    '1000000 1000000 1'
    >>> _shape(["workspace_id", "kind", "value"], unique=True)
    '1000000 1000000 200000 1'
    """
    small = [ROWS] if columns[0] == "workspace_id" else []
    small += [ROWS // 5] if small and columns[1:2] and columns[1] in BROAD else []
    alike = [*small, *ALIKE, *[2] * len(columns)][: len(columns)]
    if unique:
        alike[-1] = 1
    return " ".join(map(str, (ROWS, *alike)))
