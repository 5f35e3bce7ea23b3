"""What nearly every command begins with: the installation, opened, and a workspace of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from plugin.app_state import Kithspark
    from plugin.settings import Settings
    from store.workspaces import Workspace

BY = "command line"
"""Who did it, where a name is asked for."""

slug = click.argument("slug")
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


def settings() -> "Settings":
    """Raises SettingsError. The log is set up from here on."""
    from plugin import logs
    from plugin.settings import Settings

    found = Settings.load()
    logs.configure(found.log)
    return found


@contextmanager
def opened(*, any_version: bool = False) -> "Iterator[Kithspark]":
    """The installation. Raises CannotOpen for a database that `migrate` has not brought up to date."""
    from connectors import accounts
    from plugin.opening import open_installation
    from store import migrate
    from store.database import CannotOpen

    app = open_installation(settings())
    try:
        if not any_version and migrate.current(app.engine) != migrate.head():
            raise CannotOpen("The database is not there yet, or of another version: run `kithspark migrate`.")
        yield app
    finally:
        accounts.close_all()
        app.engine.dispose()


def workspace_of(app: "Kithspark", named: str) -> "Workspace":
    """Raises NoSuchWorkspace."""
    from store import workspaces
    from store.database import reading

    with reading(app.engine) as conn:
        return workspaces.by_slug(conn, named)
