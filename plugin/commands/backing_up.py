"""A copy of everything, and coming back from it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from plugin.app_state import Kithspark
    from store.backup_file import Manifest

KEYS_APART = (
    "Vendors' secrets in it are sealed: keep KITHSPARK_SECRET_KEYS (or secret.keys of the data folder) safe "
    "too, and in another place than the backup."
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@desk.as_json
def backup(file: Path, as_json: bool) -> None:
    """Copy everything into FILE, also while others work. For SQLite and Postgres alike."""
    from store import backup as backups
    from store.backup_file import BadBackup
    from store.new_file import Exists

    with desk.opened(any_version=True) as app:
        try:
            with click.progressbar(length=0, label="Rows written", file=sys.stderr) as bar:

                def tell(done: int, total: int) -> None:
                    bar.length = total
                    bar.update(done - bar.pos)

                manifest = backups.take(app.engine, app.vault, file, now=app.clock(), tell=tell)
        except (Exists, BadBackup) as why:
            raise Failed(str(why)) from None
        except OSError as why:
            raise Failed(f"{file} cannot be written ({why.strerror}): name another place.") from None
    if as_json:
        printing.document(described(file, manifest))
        return
    click.echo(
        f"{file}: {manifest.total} rows of {printing.moment(manifest.taken_at)}, read again and whole."
    )
    click.echo(KEYS_APART)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--replace", "replacing", is_flag=True, help="What is there now is lost; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--without-secrets", is_flag=True, help="The keys are lost: every account is connected anew.")
@click.option("--continue", "going_on", is_flag=True, help="Go on reading back after an interruption.")
@desk.as_json
def restore(
    file: Path | None, replacing: bool, yes: bool, without_secrets: bool, going_on: bool, as_json: bool
) -> None:
    """Bring everything back from FILE, then read back what customers were told since.

    Until that is read nothing goes out. An interruption does no harm: `kithspark work` and `serve` go on
    with it, too.
    """
    from plugin.commands.reading_back import read_back

    if (file is None) != going_on:
        raise click.UsageError("Give FILE, or --continue.")
    with desk.opened(any_version=True) as app:
        if file is not None:
            _restore(app, file, replacing=replacing, yes=yes, without_secrets=without_secrets)
    with desk.opened() as app:
        read_back(app, as_json=as_json)


def _restore(app: "Kithspark", file: Path, *, replacing: bool, yes: bool, without_secrets: bool) -> None:
    from plugin import restoring
    from store import in_use
    from store import restore as restores
    from store.backup_file import BadBackup

    now = app.clock()
    try:
        manifest = restores.judged(file, app.vault, without_secrets=without_secrets)
        _may_replace(app, replacing=replacing, yes=yes)
        with click.progressbar(length=manifest.total, label="Rows restored", file=sys.stderr) as bar:
            restores.restore(
                app.engine, app.vault, file, manifest, now=now, without_secrets=without_secrets,
                tell=lambda done, _total: bar.update(done - bar.pos),
                afterwards=lambda conn: restoring.begin(conn, backup_at=manifest.taken_at, now=now),
            )  # fmt: skip
    except (BadBackup, restores.CannotRestore, in_use.InUse) as why:
        raise Failed(str(why)) from None
    click.echo(f"{manifest.total} rows of {printing.moment(manifest.taken_at)} are back.", err=True)


def _may_replace(app: "Kithspark", *, replacing: bool, yes: bool) -> None:
    """Raises Failed, and Abort where somebody says no."""
    from store import restore as restores

    if restores.is_empty(app.engine):
        return
    if not replacing:
        raise Failed(
            "There is something in this database already: restore into an empty one, or give --replace."
        )
    if not yes:
        click.confirm("Everything that is in this database now is lost. Replace it?", abort=True, err=True)


def described(file: Path, manifest: "Manifest") -> dict[str, object]:
    return {
        "file": str(file),
        "taken_at": manifest.taken_at.isoformat().replace("+00:00", "Z"),
        "revision": manifest.revision,
        "rows": manifest.total,
    }
