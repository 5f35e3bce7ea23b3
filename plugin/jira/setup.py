"""What is left to set up, for people who administer the Jira site. Settings are the operator's alone."""

from typing import Any

from flask import Blueprint, Response

from connectors.jira.backfill import progress
from plugin import app_state, frames, identity
from plugin.jira import access
from plugin.jira.context import client_of, open_frame, script_of
from store import connections, workspaces
from store.database import reading

routes = Blueprint("setup", __name__)


@routes.get("/connect/admin")
@routes.get("/connect/configure")
@routes.get("/connect/welcome")
@identity.proves("engineer load")
def setup() -> Response:
    proven, site = open_frame()
    access.admins_only(site.base_url, proven.account_id, lambda: client_of(site))
    hosts = [site.base_url, site.display_url]
    shown = what_is_there(site.base_url, site.workspace_id)
    return frames.open_page("jira/setup.html", None, hosts=hosts, scripts=[script_of(site)], **shown)


def what_is_there(site: str, workspace_id: int | None) -> dict[str, Any]:
    """Whose site this is and what is connected, for `jira/setup.html`."""
    if workspace_id is None:
        return {"site": site, "workspace": None, "connected": [], "written": None}
    with reading(app_state.current().engine) as conn:
        workspace = workspaces.by_id(conn, workspace_id)
        return {
            "site": site, "workspace": workspace, "connected": connections.systems_of(conn, workspace.id),
            "written": progress(conn, workspace.id, now=app_state.current().clock()),
        }  # fmt: skip
