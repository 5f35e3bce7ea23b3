"""Reading back what was told since a backup, with how far it is and when it ends."""

import threading
import time
from typing import TYPE_CHECKING

import click

from plugin.commands import printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from datetime import datetime

    from lineage.restored import Progress
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace

SHELVES = ("inbox", "looks", "replans", "restores", "readbacks")
"""What reads and works out, and tells nobody anything."""

LOOKS_S = 0.5


def read_back(app: "Kithspark", *, as_json: bool) -> None:
    """Does it until it is done; shows it meanwhile. Raises Failed where a person must act."""
    if not _unfinished(app):
        _say_end(app, as_json=as_json)
        return
    click.echo("Nothing goes out until everybody's tickets are read for what was told since.", err=True)
    _work_and_show(app)
    _say_end(app, as_json=as_json)


def _work_and_show(app: "Kithspark") -> None:
    from plugin import work
    from store.worker import Worker

    every = work.shelves(app)
    settings = app.settings
    worker = Worker(
        app.engine, {name: every[name] for name in SHELVES}, lease_s=settings.lease_s,
        sweep_s=min(settings.sweep_s, 1.0), clock=app.clock,
    )  # fmt: skip
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,), name="reading back", daemon=True)
    thread.start()
    try:
        _show(app)
    except KeyboardInterrupt:
        raise Failed(
            "Interrupted. Nothing goes out before it is read: `kithspark restore --continue`, `serve` and "
            "`work` go on with it."
        ) from None
    finally:
        stop.set()
        worker.wake()
        thread.join()


def _show(app: "Kithspark") -> None:
    shown = ""
    while left := _unfinished(app):
        now = app.clock()
        words = "; ".join(f"{workspace.slug}: {in_words(one, now)}" for workspace, one in left)
        if words != shown:
            click.echo(words, err=True)
            shown = words
        if all(one.parked and one.parked == one.left for _, one in left):
            return
        time.sleep(LOOKS_S)


def in_words(progress: "Progress", now: "datetime") -> str:
    """How far the reading back of one workspace is, for people."""
    if progress.finished_at is not None:
        return f"everything told since the backup was read back by {printing.moment(progress.finished_at)}"
    if progress.persons is None:
        return "Jira and Zendesk are being read; nothing goes out until then"
    read = f"{progress.persons - progress.left} of {progress.persons} persons' tickets read back"
    parked = f", {progress.parked} parked (see `kithspark failures`)" if progress.parked else ""
    ends = progress.ends_at(now)
    until = f", until about {printing.moment(ends)}" if ends else ""
    return f"{read}{parked}{until}; nothing goes out until then"


def every_progress(app: "Kithspark") -> "list[tuple[Workspace, Progress]]":
    """Of each workspace that was restored at some time."""
    from lineage import restored
    from store import workspaces
    from store.database import reading

    with reading(app.engine) as conn:
        found = [(one, restored.progress(conn, one)) for one in workspaces.list_all(conn)]
    return [(workspace, progress) for workspace, progress in found if progress is not None]


def _unfinished(app: "Kithspark") -> "list[tuple[Workspace, Progress]]":
    return [(workspace, one) for workspace, one in every_progress(app) if one.finished_at is None]


def _say_end(app: "Kithspark", *, as_json: bool) -> None:
    every = every_progress(app)
    if as_json:
        shown = [
            {"workspace": workspace.slug, "persons": one.persons, "left": one.left, "parked": one.parked,
             "finished": one.finished_at is not None}
            for workspace, one in every
        ]  # fmt: skip
        printing.document({"restored": shown})
    if left := [workspace.slug for workspace, one in every if one.finished_at is None]:
        raise Failed(
            f"Of {', '.join(left)} some persons' tickets could not be read, and nothing goes out yet: see "
            "`kithspark failures`, mend and --retry them, or --dismiss those who may be told again."
        )
    if not as_json:
        click.echo("Everything told since is read back. What is still owed goes out with `kithspark serve`.")
