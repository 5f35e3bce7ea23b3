"""Fresh databases for tests, of either kind."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.postgres.server import Server


@contextmanager
def fresh(request: pytest.FixtureRequest, dbms: str, folder: Path) -> Iterator[str]:
    """The address of a migrated database without rows; SQLite's lies in `folder`, Postgres's goes at the end.

    What the copy is made from is asked for here and not as arguments: SQLite's tests need no server.
    """
    if dbms == "postgres":
        postgres: Server = request.getfixturevalue("postgres")
        with postgres.database(request.getfixturevalue("migrated_name")) as name:
            yield postgres.url(name)
    else:
        file = folder / "kithspark.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"


def number_anew(conn: Connection) -> None:
    """Rows are numbered from 1 again. SQLite does so by itself when the rows before were undone."""
    if conn.dialect.name == "postgresql":
        for sequence in conn.exec_driver_sql("SELECT sequencename FROM pg_sequences").scalars().all():
            conn.exec_driver_sql(f"ALTER SEQUENCE {sequence} RESTART")
