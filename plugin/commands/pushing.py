"""Writing demand into Jira: how far it is, and all of it once more."""

from typing import TYPE_CHECKING

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from connectors.jira.backfill import Backfill
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace


@click.command()
@desk.slug
@click.option("--all", "every", is_flag=True, help="Write every issue again, at the account's pace.")
@desk.as_json
def push(slug: str, every: bool, as_json: bool) -> None:
    """How far the demand is written into Jira; with --all, every issue is written again by the worker.

    What was begun goes on by itself, whatever is ended and started meanwhile.
    """
    from connectors.jira.backfill import progress
    from store.database import reading

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        if every:
            _begin(app, workspace)
        with reading(app.engine) as conn:
            found = progress(conn, workspace.id, now=app.clock())
    if as_json:
        printing.document(_shape(found))
        return
    click.echo(_said(slug, found))


def _begin(app: "Kithspark", workspace: "Workspace") -> None:
    from lineage.counting.pushing import push_all
    from store import connections
    from store.database import transaction

    with transaction(app.engine) as conn:
        if "jira" not in connections.systems_of(conn, workspace.id):
            raise Failed(f"Jira is not connected: run `kithspark connect jira {workspace.slug} …` first.")
        push_all(conn, workspace.id, now=app.clock())
    app.wake()


def _shape(found: "Backfill") -> dict[str, object]:
    from lineage.questions.views import moment

    counts = {"issues": found.issues, "written": found.written, "left": found.left, "parked": found.parked}
    return {**counts, "ends_at": moment(found.ends_at)}


def _said(slug: str, found: "Backfill") -> str:
    if not found.issues:
        return f"Nobody asks for anything yet, so nothing is written: `kithspark link {slug} …`."
    words = f"{found.written} of {found.issues} issues are written"
    if found.ends_at is not None:
        words += f", {found.left} to go, the last about {found.ends_at:%H:%M:%S} UTC"
    if found.parked:
        words += f"; {found.parked} could not be: see `kithspark failures`"
    return words + "."
