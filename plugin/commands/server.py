"""Running it: the database, the web app, the worker."""

import signal
import threading
from typing import TYPE_CHECKING, Any

import click

from plugin.commands import desk
from plugin.commands.rebuild import count_what_is_not_counted

if TYPE_CHECKING:
    from plugin.app_state import Kithspark
    from store.worker import Worker


@click.command()
def migrate() -> None:
    """Create or upgrade the database."""
    from store import migrate as migrations

    with desk.opened(any_version=True) as app:
        before = migrations.current(app.engine)
        migrations.upgrade(app.engine)
        count_what_is_not_counted(app)
        done = "is up to date" if before == migrations.head() else "is upgraded" if before else "is created"
        click.echo(f"The database {done} (revision {migrations.head()}).")


@click.command()
@click.option("--no-worker", is_flag=True, help="Only the web app; `kithspark work` runs elsewhere.")
def serve(no_worker: bool) -> None:
    """Serve the web app, with a worker in the same process unless Redis is set."""
    from plugin import serving, starting

    settings = desk.settings()
    if starting.when_it_can_be_written(settings, _up_to_date, listens=True):
        serving.serve(settings, with_worker=not no_worker and settings.redis_url is None)


def _up_to_date() -> None:
    """All is closed again afterwards: the server forks, and what is open must not be shared."""
    from store import installation, writable
    from store import migrate as migrations
    from store.database import transaction

    with desk.opened(any_version=True) as app:
        migrations.upgrade(app.engine)
        with transaction(app.engine) as conn:
            installation.reached_at(conn, app.settings.public_url)
        count_what_is_not_counted(app)
        writable.must_be(app.engine)


@click.command()
@click.option("--burst", is_flag=True, help="Do what is due, wait for what falls due within 120 s, and end.")
def work(burst: bool) -> None:
    """Do the work that waits: read what changed, tell who is owed, push what counts."""
    from plugin import starting
    from plugin import work as working

    settings = desk.settings()
    if not burst and not starting.when_it_can_be_written(settings, _usable, listens=False):
        return
    with desk.opened() as app:
        worker = working.worker(app)
        if burst:
            report = worker.burst()
            click.echo(
                f"Done {report.done}, put off {report.later}, given up {report.parked}. "
                + ("See `kithspark failures`." if report.parked else "Nothing more is due."),
            )
            return
        _until_told_to_stop(app, worker)


def _usable() -> None:
    from store import writable

    with desk.opened() as app:
        writable.must_be(app.engine)


def _until_told_to_stop(app: "Kithspark", worker: "Worker") -> None:
    from plugin import work as working

    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()
        worker.wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    working.arm_at_last(app, stop)
    if app.settings.redis_url is None:
        worker.run_forever(stop)
        return
    from plugin.ringing import work_when_it_rings

    work_when_it_rings(app.settings.redis_url, worker, stop)
