"""Larger readings, done by the very looks that the worker does."""

from typing import TYPE_CHECKING

from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plugin.app_state import Kithspark
    from store.workspaces import Workspace


def read_everything(app: "Kithspark", workspace: "Workspace") -> None:
    """Every known issue, version, open ticket, placed post and company, now. Raises Failed for what fails."""
    from connectors import known
    from store import connections
    from store.database import reading

    with reading(app.engine) as conn:
        there = set(connections.systems_of(conn, workspace.id))
        objects = [("jira", "issue", str(one)) for one in known.every_item(conn, workspace.id)]
        objects += [("jira", "version", one) for one in known.versions_in_use(conn, workspace.id)]
        objects += [("zendesk", "ticket", one) for one in known.open_tickets(conn, workspace.id)]
        objects += [("zendesk", "post", one) for one in known.community_posts(conn, workspace.id)]
        objects += [("hubspot", "company", one) for one in known.every_company(conn, workspace.id)]
    _look_at(app, workspace, [one for one in objects if one[0] in there])


def reconcile(app: "Kithspark", workspace: "Workspace") -> list[str]:
    """With each connected vendor, now; their names. Raises Failed where one does not let us."""
    from connectors.looking import EVERYTHING, SYNC
    from plugin.work import LOOKS
    from store import connections
    from store.database import reading

    with reading(app.engine) as conn:
        there = [system for system in connections.systems_of(conn, workspace.id) if (system, SYNC) in LOOKS]
    _look_at(app, workspace, [(system, SYNC, EVERYTHING) for system in there])
    return there


def _look_at(app: "Kithspark", workspace: "Workspace", objects: "Iterable[tuple[str, str, str]]") -> None:
    """Asks for these looks and does all looks that are due; what is under way elsewhere is waited for."""
    from plugin import work
    from store import looks
    from store.database import transaction
    from store.worker import Worker

    wanted = list(objects)
    with transaction(app.engine) as conn:
        for system, kind, ident in wanted:
            looks.ask(
                conn, workspace_id=workspace.id, system=system, kind=kind, object_id=ident, now=app.clock()
            )  # fmt: skip
    only = {"looks": work.shelves(app)["looks"]}
    Worker(app.engine, only, lease_s=app.settings.lease_s, clock=app.clock).burst(0)
    _complain(app, workspace, wanted)


def _complain(app: "Kithspark", workspace: "Workspace", wanted: list[tuple[str, str, str]]) -> None:
    """Raises Failed with the reason of the first of these looks that could not be done."""
    from sqlalchemy import select

    from store.database import reading
    from store.looks import looks

    asked = set(wanted)
    query = select(looks).where(looks.c.workspace_id == workspace.id, looks.c.reason != "")
    with reading(app.engine) as conn:
        for row in conn.execute(query.order_by(looks.c.id)):
            if (row.system, row.kind, row.object_id) in asked:
                raise Failed(f"{row.reason} (the {row.kind} {row.object_id} of {row.system})")
