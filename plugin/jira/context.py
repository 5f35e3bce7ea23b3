"""The first load of the panel beside an issue: an address that the site signed for this very reader."""

from flask import Blueprint, Response, request

from connectors.jira.connect_jwt import Frame, Unproven, verify_frame
from lineage.terms import ItemId
from plugin import app_state, frames, identity
from plugin.bearer import Bearer, NotProven
from plugin.errors import NotAllowed
from plugin.identity import Engineer
from plugin.jira import installations, panel
from plugin.jira.installations import Installation
from store import workspaces
from store.database import reading
from store.workspaces import Workspace

routes = Blueprint("context", __name__)

SCRIPT = "https://connect-cdn.atl-paas.net/all.js"
REFUSED = "Jira's signature does not fit. Reload the issue to open this panel again."


@routes.get("/connect/issue-context")
@identity.proves("engineer load")
def issue_context() -> Response:
    state = app_state.current()
    proven, site = open_frame()
    if not proven.account_id:
        raise NotAllowed("Sign in to Jira to see who is waiting for this issue.")
    issue, workspace = _issue(proven), workspace_of(site)
    name = f"Jira account {proven.account_id}"  # the signature tells no name
    bearer = Bearer("jira", workspace.id, proven.account_id, name, began_at=state.clock(), issue=issue)
    engineer = Engineer(workspace, proven.account_id, name, issue)
    return frames.open_page(
        "jira/context.html",
        bearer,
        base=f"/jira/{workspace.slug}/issues/{issue}",
        hosts=[site.base_url, site.display_url],
        scripts=[script_of(site)],
        content=panel.show(engineer),
    )


@routes.post("/jira/<slug>/issues/<issue>/renew")
@identity.engineers_only
def renew(engineer: Engineer) -> Response:
    """Raises NotProven once the app was uninstalled or disabled: nothing of its sites is believed then."""
    with reading(app_state.current().engine) as conn:
        if not installations.live_in(conn, engineer.workspace.id):
            raise NotProven(REFUSED)
    return frames.renewed("jira")


def open_frame() -> tuple[Frame, Installation]:
    """Who opens a page of ours from which site. Raises NotProven."""
    state = app_state.current()

    def secrets_of(client_key: str) -> list[str]:
        with reading(state.engine) as conn:
            return installations.secrets_of(conn, state.vault, client_key, now=state.clock())

    try:
        proven = verify_frame(
            request.args.get("jwt", ""),
            method="GET",
            target=frames.target(),
            base_url=state.settings.public_url,
            secrets_of=secrets_of,
        )
    except Unproven:
        raise NotProven(REFUSED) from None
    with reading(state.engine) as conn:
        site = installations.by_key(conn, proven.client_key)
    if site is None or not site.enabled:
        raise NotProven(REFUSED)
    return proven, site


def script_of(site: Installation) -> str:
    """What the host wants us to load; a sandbox, which is never on https, brings its own."""
    return SCRIPT if site.base_url.startswith("https://") else f"{site.base_url}/connect-host/all.js"


def workspace_of(site: Installation) -> Workspace:
    """Raises NotAllowed with what an operator has to do where nobody has said whose site it is."""
    if site.workspace_id is None:
        raise NotAllowed(
            f"This Jira site belongs to no workspace yet. An operator connects it: "
            f"`kithspark attach SLUG --site {site.base_url}`."
        )
    with reading(app_state.current().engine) as conn:
        return workspaces.by_id(conn, site.workspace_id)


def _issue(proven: Frame) -> ItemId:
    """The issue of the signed context; what the address says must agree. Raises NotProven."""
    jira = proven.context.get("jira")
    issue = jira.get("issue") if isinstance(jira, dict) else None
    ident = str(issue.get("id") or "") if isinstance(issue, dict) else ""
    if not ident.isdigit() or ident != request.args.get("issueId"):
        raise NotProven(REFUSED)
    return ItemId(ident)
