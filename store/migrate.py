"""Brings a database to the tables that this version of the program knows."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from store import installation, statistics
from store.database import CannotOpen, reading, transaction, utc_now

FOLDER = Path(__file__).parent / "migrations"
LOCK = 5_479_104_372  # any number that nobody else uses for a lock in this database


def upgrade(engine: Engine) -> None:
    """Creates or upgrades everything in one transaction: all or nothing.

    A second process that upgrades at the same time waits, and then finds nothing to do. Raises CannotOpen
    for a database that a newer version has upgraded already.
    """
    with transaction(engine) as conn:
        hold(conn)
        try:
            step(conn, "head")
        except CommandError as error:
            raise CannotOpen(
                f"The database is at revision {_revision(conn)}, which this version does not know: install "
                "the version that was used last, or a newer one."
            ) from error
        complete(conn)


def hold(conn: Connection) -> None:
    """Whoever else makes or upgrades the tables waits until this transaction ends."""
    if conn.dialect.name != "sqlite":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def step(conn: Connection, revision: str) -> None:
    """The tables as that revision had them. Raises CommandError for one that is unknown."""
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, revision)


def complete(conn: Connection) -> None:
    """What a database at the head has besides its tables."""
    installation.ensure(conn, now=utc_now())
    statistics.tell(conn)


def knows(revision: str) -> bool:
    """Whether this version can upgrade from there."""
    return any(one.revision == revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None for one that was never migrated."""
    with reading(engine) as conn:
        return _revision(conn)


def head() -> str:
    """The newest revision that this version knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def _revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
