"""Everything that was given up, with its reason, to be tried again or dismissed by a person."""

from typing import TYPE_CHECKING

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plugin.app_state import Kithspark
    from store.waiting import Parked, Shelf
    from store.workspaces import Workspace


@click.command()
@click.option("--retry", metavar="ID", help="Try this one again now.")
@click.option("--dismiss", metavar="ID", help="Let this one rest.")
@desk.as_json
def failures(retry: str | None, dismiss: str | None, as_json: bool) -> None:
    """Everything that is parked, with its reason."""
    if retry and dismiss:
        raise click.UsageError("Give either --retry or --dismiss.")
    with desk.opened() as app:
        if retry or dismiss:
            _settle(app, retry or dismiss or "", again=bool(retry))
            click.echo(f"{retry} is due now: `kithspark work` does it." if retry else f"{dismiss} rests.")
            return
        found = _parked(app)
    if as_json:
        shown = [
            {"id": _ident(one), "workspace": workspace.slug, "shelf": one.shelf,
             "since": one.parked_at.isoformat().replace("+00:00", "Z"), "reason": one.reason}
            for workspace, one in found
        ]  # fmt: skip
        printing.document({"failures": shown})
        return
    rows = [
        (_ident(one), workspace.slug, printing.moment(one.parked_at), one.reason) for workspace, one in found
    ]
    printing.table(("ID", "WORKSPACE", "SINCE", "REASON"), rows, empty="Nothing failed.")


def _parked(app: "Kithspark") -> "list[tuple[Workspace, Parked]]":
    """What waits for approval is parked too, but did not fail."""
    from plugin.work import shelves
    from store import workspaces
    from store.database import reading

    found = []
    with reading(app.engine) as conn:
        for workspace in workspaces.list_all(conn):
            waiting = _awaiting(conn, workspace)
            for work in shelves(app).values():
                parked = work.shelf.parked(conn, workspace_id=workspace.id, limit=1000)
                found += [(workspace, one) for one in parked if _ident(one) not in waiting]
    return sorted(found, key=lambda pair: pair[1].parked_at, reverse=True)


def _awaiting(conn: "Connection", workspace: "Workspace") -> set[str]:
    from sqlalchemy import select, text

    from lineage.outcomes import NOT_OVER, notices

    waits = (text(NOT_OVER), notices.c.state == "awaiting_approval")
    query = select(notices.c.id).where(notices.c.workspace_id == workspace.id, *waits)
    return {f"notices:{ident}" for ident in conn.scalars(query)}


def _settle(app: "Kithspark", ident: str, *, again: bool) -> None:
    """Raises Failed where there is no such failure."""
    from plugin.work import shelves
    from store.database import transaction

    shelf_name, _, number = ident.partition(":")
    work = shelves(app).get(shelf_name)
    workspace = next((one for one, parked in _parked(app) if _ident(parked) == ident), None)
    if work is None or workspace is None:
        raise Failed(f"There is no failure {ident}: `kithspark failures` lists them.")
    with transaction(app.engine) as conn:
        if shelf_name == "notices":
            _settle_notice(conn, workspace, int(number), app, again=again)
        else:
            _settle_row(conn, work.shelf, workspace, int(number), app, again=again)
    app.wake()


def _settle_notice(
    conn: "Connection", workspace: "Workspace", notice: int, app: "Kithspark", *, again: bool
) -> None:
    from lineage import notices

    if again:
        notices.retry(conn, workspace, notice, by=desk.BY, now=app.clock())
    else:
        notices.cancel(conn, workspace, notice, by=desk.BY, now=app.clock())


def _settle_row(
    conn: "Connection", shelf: "Shelf", workspace: "Workspace", row: int, app: "Kithspark", *, again: bool
) -> None:
    if again:
        shelf.retry(conn, row, workspace_id=workspace.id, now=app.clock())
    else:
        shelf.dismiss(conn, row, workspace_id=workspace.id)


def _ident(parked: "Parked") -> str:
    return f"{parked.shelf}:{parked.id}"
