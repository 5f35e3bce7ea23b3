"""Restoring from a backup: in one transaction, so that it is whole or has not happened.

The tables are made as the backup's revision had them, filled, and then upgraded like any database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, insert

from store import backup_file, connections, in_use, migrate, workspaces
from store.backup import AT_ONCE, PURPOSE, VERSION_TABLE, tables_of
from store.backup_file import BadBackup, Manifest
from store.database import transaction
from store.numbers import go_on_from
from store.secrets import Unreadable, Vault


class CannotRestore(Exception):
    """The backup cannot be restored here, now. The message says why and what to do."""


def judged(file: Path, vault: Vault, *, without_secrets: bool) -> Manifest:
    """What the backup says of itself, once all of it was read. Raises BadBackup and CannotRestore."""
    if not file.is_file():
        raise CannotRestore(f"There is no file {file}: name a backup that `kithspark backup` wrote.")
    manifest = backup_file.check(file)
    if not migrate.knows(manifest.revision):
        raise CannotRestore(
            f"The backup is of revision {manifest.revision}, which this version does not know: install the "
            "version that made it, or a newer one."
        )
    if not without_secrets:
        _try_keys(vault, manifest)
    return manifest


def is_empty(engine: Engine) -> bool:
    """Whether nothing would be lost: no tables of ours, or no workspace in them."""
    with engine.connect() as conn:
        if not sa.inspect(conn).has_table(workspaces.workspaces.name):
            return True
        return conn.scalar(sa.select(sa.func.count()).select_from(workspaces.workspaces)) == 0


def restore(
    engine: Engine,
    vault: Vault,
    file: Path,
    manifest: Manifest,
    *,
    now: datetime,
    afterwards: Callable[[Connection], None],
    tell: Callable[[int, int], None],
    without_secrets: bool = False,
) -> None:
    """Replaces whatever is there by the backup. `afterwards` is done in the same transaction.

    Raises CannotRestore (also where somebody works on the database), BadBackup and Unreadable.
    """
    in_use.must_rest(engine, now=now)
    with transaction(engine) as conn, _foreign_keys_later(conn):
        migrate.hold(conn)
        _drop_all(conn)
        migrate.step(conn, manifest.revision)
        _fill(conn, file, tell=tell, total=manifest.total)
        go_on_from(conn, manifest.numbers)
        migrate.step(conn, "head")
        migrate.complete(conn)
        if not without_secrets:
            _open_all(conn, vault)
        afterwards(conn)


def _try_keys(vault: Vault, manifest: Manifest) -> None:
    try:
        vault.open(None, PURPOSE, manifest.sealed)
    except Unreadable:
        raise CannotRestore(
            "The keys that are set here do not open what is sealed in this backup: put the keys of the "
            "installation that made it into KITHSPARK_SECRET_KEYS (or its secret.keys into the data folder). "
            "If they are lost, --without-secrets restores the rest, and every account is connected again."
        ) from None


def _open_all(conn: Connection, vault: Vault) -> None:
    """Every account's secrets open, not only those that were sealed last. Raises Unreadable."""
    systems = sa.select(connections.connections.c.system).distinct()
    for system in conn.scalars(systems).all():
        connections.all_for(conn, vault, system)


@contextmanager
def _foreign_keys_later(conn: Connection) -> Iterator[None]:
    """SQLite looks at the end of the transaction whether every reference leads somewhere."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    yield


def _drop_all(conn: Connection) -> None:
    for table in reversed(tables_of(conn)):
        table.drop(conn)
    if sa.inspect(conn).has_table(VERSION_TABLE):
        conn.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")


def _fill(conn: Connection, file: Path, *, tell: Callable[[int, int], None], total: int) -> None:
    tables = {table.name: table for table in tables_of(conn)}
    done = 0
    for name, rows in groupby(backup_file.rows_of(file), key=lambda one: one[0]):
        if name not in tables:
            raise BadBackup(f"{file} has rows of {name!r}, a table that its revision does not have.")
        for some in _batches(tables[name], rows):
            conn.execute(insert(tables[name]), some)
            done += len(some)
            tell(done, total)


def _batches(
    table: Table, rows: Iterator[tuple[str, list[str], list[Any]]]
) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for _, columns, values in rows:
        kinds = [table.c[column].type for column in columns]
        some.append(
            {
                column: backup_file.value_for(kind, value)
                for column, kind, value in zip(columns, kinds, values, strict=True)
            }
        )
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some
