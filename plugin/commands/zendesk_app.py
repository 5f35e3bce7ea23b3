"""The sidebar as an app that Zendesk's administrators upload."""

from pathlib import Path

import click

from plugin.commands.explaining import Failed


@click.command("zendesk-app")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def zendesk_app(file: Path) -> None:
    """Write the private app for Zendesk's sidebar into FILE, a zip to upload."""
    from plugin.zendesk import packaging
    from store.new_file import Exists, new_file

    content = packaging.zipped(packaging.files())
    try:
        if not (file.exists() and file.read_bytes() == content):
            with new_file(file) as draft:
                draft.write_bytes(content)
    except Exists as why:
        raise Failed(str(why)) from None
    except OSError as why:
        raise Failed(f"{file} cannot be written ({why.strerror}): name another place.") from None
    click.echo(f"{file}: upload it in Zendesk's Admin Centre, Apps and integrations, Zendesk Support apps.")
    click.echo("It asks for the address of the sidebar, which `kithspark connect zendesk` prints.")
