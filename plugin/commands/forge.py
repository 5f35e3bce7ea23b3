"""The folder of the Forge app, for the operator's own `forge deploy`."""

from pathlib import Path

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def forge(folder: Path) -> None:
    """Write the Forge app into FOLDER, or bring it up to date; an app id that is there stays."""
    from plugin import create_app
    from plugin.jira.forge import folder as writing

    settings = desk.settings()
    try:
        writing.write(
            create_app(settings), folder, public_url=settings.public_url, app_id=settings.forge_app_id
        )
    except ValueError as wrong:
        raise Failed(str(wrong)) from None
    click.echo(f"The Forge app is in {folder}: its pages, and the manifest for {settings.public_url}.")
    if settings.forge_app_id is None:
        click.echo("Next, in that folder: `forge register`, and its id goes into KITHSPARK_FORGE_APP_ID.")
    else:
        click.echo("Next, in that folder: `forge deploy -e production`, then `forge install -e production`.")
