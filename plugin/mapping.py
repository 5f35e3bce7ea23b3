"""Saying what Jira's link types and resolutions mean to a workspace: from the command line and a page."""

from collections.abc import Mapping
from typing import Any

from connectors import known
from connectors.jira.look import mapping_of
from lineage import ledger
from lineage.changes import MappingChanged
from plugin.app_state import Kithspark
from store import connections, looks
from store.connections import Connection as Account
from store.database import transaction
from store.workspaces import Workspace


def edited(account: Account, *, links: Mapping[str, str], resolutions: Mapping[str, str]) -> dict[str, Any]:
    """The mapping as it is to be, by id. Raises ValueError for a word that means nothing."""
    wanted = mapping_of(account).edited(links=links, resolutions=resolutions)
    kept = account.config.get("mapping") or {}
    return {**kept, "links": dict(wanted.links), "resolutions": dict(wanted.resolutions)}


def remap(
    app: Kithspark, workspace: Workspace, account: Account, mapping: dict[str, Any], *, by: str, cause: str
) -> None:
    """What is known means something else at once; what means something only now is read besides."""
    now = app.clock()
    with transaction(app.engine) as conn:
        connections.save(
            conn, app.vault, workspace_id=workspace.id, system="jira", url=account.url,
            config={**account.config, "mapping": mapping}, secrets=account.secrets, now=now,
        )  # fmt: skip
        meant = mapping_of(connections.load(conn, app.vault, workspace.id, "jira"))
        change = MappingChanged(meant.kinds(), dict(meant.resolutions), by=by, at=now)
        ledger.record(conn, workspace, change, cause=cause, now=now)
        for item in known.every_item(conn, workspace.id):
            looks.ask(conn, workspace_id=workspace.id, system="jira", kind="issue", object_id=item, now=now)
    app.wake()
