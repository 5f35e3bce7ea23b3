"""Taking over what stands elsewhere: Zendesk's own links to Jira, and a file of findings."""

import threading
import time
from typing import TYPE_CHECKING

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from datetime import datetime

    from plugin.app_state import Kithspark
    from plugin.imports.run import Progress
    from store.workspaces import Workspace

LOOKS_S = 0.5
WHY = {
    "no_ticket": "Zendesk does not show the ticket: it is deleted, or hidden from our account",
    "no_issue": "Jira does not show the issue: it is deleted, or hidden from our account",
}
NOBODY = "Nobody is told of what happened before now."


@click.command("import")
@desk.slug
@click.option("--jira-links", is_flag=True, help="What Zendesk's own Jira app has linked.")
@click.option("--integration", metavar="ID", help="Of the second version of that app: its external id.")
@click.option("--csv", "file", metavar="FILE", help="Findings of interviews, calls and usage.")
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and import nothing.")
@desk.as_json
def import_(
    slug: str, jira_links: bool, integration: str | None, file: str | None, dry_run: bool, as_json: bool
) -> None:
    """Take over links or findings from elsewhere, and tell nobody of what happened before."""
    if jira_links == bool(file):
        raise click.UsageError("Give either --jira-links or --csv FILE.")
    if integration and not jira_links:
        raise click.UsageError("--integration goes with --jira-links.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        if file:
            from plugin.commands.importing_findings import import_findings

            import_findings(app, workspace, file, dry_run=dry_run, as_json=as_json)
        else:
            _import_links(app, workspace, integration, dry_run=dry_run, as_json=as_json)


def _import_links(
    app: "Kithspark", workspace: "Workspace", integration: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Raises NotConnected, and Failed where a person must act."""
    from connectors.zendesk.jira_links import FIRST
    from plugin.commands import reading_now
    from plugin.imports import run
    from store.database import transaction

    reading_now.zendesk_of(app, workspace)
    reading_now.jira_of(app, workspace)
    with transaction(app.engine) as conn:
        run.begin(conn, workspace, source=integration or FIRST, preview=dry_run, by=desk.BY, now=app.clock())
    ended = _work_and_show(app, workspace)
    if as_json:
        printing.document(ended.as_json(app.clock()))
    if ended.parked:
        raise Failed(ended.reason)
    if not as_json:
        _say(workspace, ended)


def _work_and_show(app: "Kithspark", workspace: "Workspace") -> "Progress":
    from plugin import work
    from store.worker import Worker

    settings = app.settings
    worker = Worker(
        app.engine, {"imports": work.shelves(app)["imports"]}, lease_s=settings.lease_s,
        sweep_s=min(settings.sweep_s, 0.5), clock=app.clock,
    )  # fmt: skip
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,), name="import", daemon=True)
    thread.start()
    try:
        return _show(app, workspace)
    except KeyboardInterrupt:
        raise Failed(
            "Interrupted. The same command goes on where this one stopped; so do `serve` and `work`."
        ) from None
    finally:
        stop.set()
        worker.wake()
        thread.join()


def _show(app: "Kithspark", workspace: "Workspace") -> "Progress":
    """Until it rests; a line on standard error whenever it came further."""
    from plugin.imports import run
    from store.database import reading

    shown = ""
    while True:
        with reading(app.engine) as conn:
            found = run.progress(conn, workspace)
        assert found is not None
        if found.rests:
            return found
        if (words := in_words(found, app.clock())) != shown:
            click.echo(words, err=True)
            shown = words
        time.sleep(LOOKS_S)


def in_words(progress: "Progress", now: "datetime") -> str:
    """How far it is, for people."""
    waits = f"; {progress.reason}" if progress.reason else ""
    if progress.phase == "listing":
        return f"{progress.links} links found so far{waits}"
    if progress.phase == "checking":
        checked = progress.links - progress.counts["unknown"]
        return f"{checked} of {progress.links} links looked at{waits}"
    done, left = progress.counts["linked"], progress.counts["new"]
    ends = progress.ends_at(now)
    until = f", until about {printing.moment(ends)}" if ends else ""
    return f"{done} of {done + left} links imported{until}{waits}"


def _say(workspace: "Workspace", ended: "Progress") -> None:
    counts = ended.counts
    click.echo(f"{ended.links} links of {ended.tickets} tickets to {ended.issues} issues.")
    if ended.phase == "ready":
        click.echo(f"{counts['new']} would be imported. {NOBODY}")
    else:
        click.echo(f"{counts['linked']} were imported. {NOBODY}")
    if counts["already"]:
        click.echo(f"{counts['already']} are known here already, and stay as they are.")
    for why, words in WHY.items():
        if counts[why]:
            click.echo(f"{counts[why]} left out: {words}.")
    if ended.missing:
        rows = [(one.ticket, one.key or one.issue, WHY[one.why].partition(":")[0]) for one in ended.missing]
        printing.table(("TICKET", "ISSUE", "WHY"), rows, empty="")
    if ended.phase == "ready":
        click.echo(f"Import them with `kithspark import {workspace.slug} --jira-links`.")
