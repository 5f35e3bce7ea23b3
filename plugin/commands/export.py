"""A whole workspace, to take along."""

import sys
from pathlib import Path

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

STEP = 500


@click.command()
@desk.slug
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@desk.as_json
def export(slug: str, file: Path, as_json: bool) -> None:
    """Write a whole workspace into FILE as lines of JSON, without any secret."""
    from plugin import exporting
    from store.database import reading
    from store.new_file import Exists, new_file

    with desk.opened() as app:
        workspace, written = desk.workspace_of(app, slug), 0
        try:
            with new_file(file) as draft, draft.open("wb") as out, reading(app.engine) as conn:
                total = exporting.total(conn, workspace)
                with click.progressbar(length=total, label="Lines written", file=sys.stderr) as bar:
                    for line in exporting.lines(conn, workspace, now=app.clock()):
                        out.write(line)
                        written += 1
                        if written % STEP == 0:
                            bar.update(STEP)
        except Exists as why:
            raise Failed(str(why)) from None
        except OSError as why:
            raise Failed(f"{file} cannot be written ({why.strerror}): name another place.") from None
    if as_json:
        printing.document({"file": str(file), "lines": written})
        return
    click.echo(f"{file}: {written} lines. It names customers and what they wrote: keep it safe.")
