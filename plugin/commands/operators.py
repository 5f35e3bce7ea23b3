"""Who may sign in to /admin."""

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed


@click.group()
def operator() -> None:
    """The people who may sign in to /admin."""


@operator.command()
@click.argument("email")
def add(email: str) -> None:
    """Let somebody in, or in again: prints a link that is good once, for a quarter of an hour."""
    from plugin import create_app
    from plugin.admin.signin import make_link
    from store.database import transaction

    with desk.opened() as app:
        flask = create_app(app.settings, engine=app.engine)
        with flask.app_context(), transaction(app.engine) as conn:
            try:
                link = make_link(conn, email)
            except ValueError as wrong:
                raise Failed(str(wrong)) from None
    click.echo(link)
