"""How a command fails: one sentence on standard error with the next step, and exit code 1."""

from typing import Any

import click


class Failed(Exception):
    """The command cannot do it. The message says why and what to do."""


class Explaining(click.Group):
    """Turns what we raise on purpose into words. What we do not expect stays a traceback: it is a bug."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            words = explanation(error)
            if words is None:
                raise
            raise click.ClickException(words) from error

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the contract, which is the order in which one needs them."""
        return list(self.commands)


def explanation(error: Exception) -> str | None:
    """The sentence for an error that is no bug; None for one that is."""
    from sqlalchemy.exc import OperationalError

    from lineage.errors import LineageError
    from plugin.serving import CannotServe
    from plugin.settings import SettingsError
    from store import writable
    from store.database import CannotOpen
    from store.errors import GiveUp, TryLater
    from store.workspaces import NoSuchWorkspace

    if isinstance(error, CannotOpen):
        return str(error)
    if words := writable.trouble(error):
        return words.replace(writable.GOES_ON, " Then try again.")
    if isinstance(error, Failed | LineageError | CannotServe | SettingsError | GiveUp | TryLater):
        return str(error)
    if isinstance(error, NoSuchWorkspace):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database does not answer ({error.orig}): see whether it runs, then try again."
    return None
