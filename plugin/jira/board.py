"""Jira's own pages of ours: the ranking of what customers ask for, and what is left to set up."""

from flask import Blueprint, Response

from lineage import questions
from plugin import app_state, frames, identity
from plugin.errors import NotAllowed
from plugin.jira.context import open_frame, script_of, workspace_of
from store import connections
from store.database import reading

routes = Blueprint("board", __name__)

MOST = 50


@routes.get("/connect/board")
@identity.proves("engineer load")
def board() -> Response:
    """The ranking. Only people who signed in to Jira see it: it shows what companies are worth.

    Of an issue it says the key and the public title: not every reader may read its summary.
    """
    proven, site = open_frame()
    if not proven.account_id:
        raise NotAllowed("Sign in to Jira to see what customers ask for.")
    workspace = workspace_of(site)
    with reading(app_state.current().engine) as conn:
        ranking = questions.ranking(conn, workspace, top=MOST)
    hosts = [site.base_url, site.display_url]
    return frames.open_page(
        "jira/board.html", None, hosts=hosts, scripts=[script_of(site)], ranking=ranking, workspace=workspace
    )


@routes.get("/connect/admin")
@routes.get("/connect/configure")
@routes.get("/connect/welcome")
@identity.proves("engineer load")
def setup() -> Response:
    """Whose site this is, what is connected, and the next step. Settings are the operator's, not Jira's."""
    _, site = open_frame()
    connected: list[str] = []
    workspace = workspace_of(site) if site.workspace_id is not None else None
    if workspace is not None:
        with reading(app_state.current().engine) as conn:
            connected = connections.systems_of(conn, workspace.id)
    hosts = [site.base_url, site.display_url]
    return frames.open_page(
        "jira/setup.html",
        None,
        hosts=hosts,
        scripts=[script_of(site)],
        site=site,
        workspace=workspace,
        connected=connected,
    )
