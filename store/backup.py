"""Taking a backup: everything that one moment of the database shows, while others go on writing.

The tables are taken as they are, so that one can be taken before an upgrade too. Secrets stay sealed.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table

from store import backup_file
from store.backup_file import Manifest, Writer
from store.database import CannotOpen, reading
from store.new_file import new_file
from store.numbers import last_numbers
from store.secrets import Vault

PURPOSE = "backup"
AT_ONCE = 1000
VERSION_TABLE = "alembic_version"


def take(
    engine: Engine, vault: Vault, file: Path, *, now: datetime, tell: Callable[[int, int], None]
) -> Manifest:
    """Writes the backup whole or not at all, readable by its owner only, and reads it once more.

    `tell` is given how many rows are written, of how many. Raises Exists, CannotOpen, BadBackup and OSError.
    """
    with new_file(file) as draft:
        with draft.open("wb") as out, reading(engine) as conn:
            _check(conn)
            _write(conn, vault, out, now=now, tell=tell)
        return backup_file.check(draft)


def _check(conn: Connection) -> None:
    """Raises CannotOpen for a database that is not there, or whose file is damaged."""
    if MigrationContext.configure(conn).get_current_revision() is None:
        raise CannotOpen("There is no database yet, so there is nothing to back up: run `kithspark migrate`.")
    if conn.dialect.name == "sqlite":
        found = conn.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            raise CannotOpen(
                f"The database file is damaged ({found}): restore from the newest backup before that."
            )


def tables_of(conn: Connection) -> list[Table]:
    """Every table of ours as it is there, those that others refer to first."""
    there = MetaData()
    there.reflect(conn)
    return [table for table in there.sorted_tables if table.name != VERSION_TABLE]


def _write(
    conn: Connection, vault: Vault, out: IO[bytes], *, now: datetime, tell: Callable[[int, int], None]
) -> None:
    tables = tables_of(conn)
    revision = MigrationContext.configure(conn).get_current_revision()
    installation = str(conn.scalar(sa.text("SELECT id FROM installation")))
    rows = {table.name: conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}
    sealed = vault.seal(None, PURPOSE, installation)
    manifest = Manifest(str(revision), now, installation, sealed, last_numbers(conn), rows)
    writer, done = Writer(out, manifest), 0
    for table in tables:
        writer.table(table.name, [column.name for column in table.columns])
        every = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
        for some in conn.execute(every).partitions():
            for row in some:
                writer.row(row)
            done += len(some)
            tell(done, manifest.total)
    writer.end()
