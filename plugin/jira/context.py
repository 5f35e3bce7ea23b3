"""The first load of a page of ours in Jira: an address that the site signed for this very reader.

While it stays open, the site says again who reads it, every few minutes (`renew`).
"""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, request

from connectors.jira.client import Jira
from connectors.jira.connect_jwt import Frame, Unproven, verify_context, verify_frame
from connectors.jira.permissions import Permissions
from lineage.terms import ItemId
from plugin import app_state, bearer, frames, identity
from plugin.bearer import Bearer, NotProven
from plugin.errors import Missing, NotAllowed
from plugin.identity import Engineer
from plugin.jira import access, installations, panel
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
    proven, site = open_frame()
    issue = issue_of(proven)
    if issue != request.args.get("issueId"):
        raise NotProven(REFUSED)
    engineer = _reader(proven, site, issue)
    workspace = engineer.workspace
    return frames.open_page(
        "jira/context.html",
        bearer_of(engineer),
        base=f"/jira/{workspace.slug}/issues/{issue}",
        hosts=[site.base_url, site.display_url],
        scripts=[script_of(site)],
        content=panel.show(engineer),
    )


@routes.post("/jira/<slug>/issues/<issue>/renew")
@identity.proves("engineer again")
def renew(slug: str, issue: str) -> Response:
    """A fresh token for the open panel, if the site still says who reads it and beside which issue.

    Raises NotProven (once the app was uninstalled or disabled, too), Missing where they may not see it.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        proven = verify_context(token if scheme == "JWT" else "", secrets_of=_secrets_of)
    except Unproven:
        raise NotProven(REFUSED) from None
    site = _live(proven)
    if issue_of(proven) != issue:
        raise NotProven(REFUSED)
    engineer = _reader(proven, site, ItemId(issue))
    if engineer.workspace.slug != slug:
        raise Missing
    now = app_state.current().clock()
    minted = bearer.mint(bearer_of(engineer), keys=identity.signing_keys(), now=now)
    return frames.keep_nothing(make_response({"bearer": minted}))


def open_frame() -> tuple[Frame, Installation]:
    """Who opens a page of ours from which site. Raises NotProven."""
    try:
        proven = verify_frame(
            request.args.get("jwt", ""),
            method="GET",
            target=frames.target(),
            base_url=app_state.current().settings.public_url,
            secrets_of=_secrets_of,
        )
    except Unproven:
        raise NotProven(REFUSED) from None
    return proven, _live(proven)


def client_of(site: Installation) -> Jira:
    """Speaks to the site as the app."""
    state = app_state.current()
    with reading(state.engine) as conn:
        return installations.client_of(conn, state.vault, site, now=state.clock())


def script_of(site: Installation) -> str:
    """What the host wants us to load; a sandbox, which is never on https, brings its own."""
    return SCRIPT if site.base_url.startswith("https://") else f"{site.base_url}/connect-host/all.js"


def workspace_of(site: Installation) -> Workspace:
    """Raises NotAllowed with what an operator has to do where nobody has said whose site it is."""
    if site.workspace_id is None:
        raise NotAllowed(unattached(site.base_url))
    with reading(app_state.current().engine) as conn:
        return workspaces.by_id(conn, site.workspace_id)


def unattached(site: str) -> str:
    return (
        "This Jira site belongs to no workspace yet. An operator connects it: "
        f"`kithspark attach SLUG --site {site or 'ADDRESS'}`."
    )


def bearer_of(engineer: Engineer) -> Bearer:
    """What the page of this reader holds, from now on."""
    return Bearer(
        "jira", engineer.workspace.id, engineer.account, engineer.name, app_state.current().clock(),
        engineer.issue, engineer.sees_customers, engineer.edits,
    )  # fmt: skip


def engineer_at(workspace: Workspace, account_id: str, issue: ItemId, found: Permissions) -> Engineer:
    """Signatures tell an account and no name."""
    sees = access.sees_customers(workspace, found)
    return Engineer(workspace, account_id, f"Jira account {account_id}", issue, sees, found.edit)


def issue_of(proven: Frame) -> ItemId:
    """The issue of the signed context. Raises NotProven where it has none."""
    jira = proven.context.get("jira")
    issue = jira.get("issue") if isinstance(jira, dict) else None
    ident = str(issue.get("id") or "") if isinstance(issue, dict) else ""
    if not (ident.isascii() and ident.isdigit()):
        raise NotProven(REFUSED)
    return ItemId(ident)


def _reader(proven: Frame, site: Installation, issue: ItemId) -> Engineer:
    """Raises NotAllowed, Missing, and connectors.errors where Jira does not say what they may see."""
    if not proven.account_id:
        raise NotAllowed("Sign in to Jira to see who is waiting for this issue.")
    workspace = workspace_of(site)
    found = access.of_reader(site.base_url, proven.account_id, issue, lambda: client_of(site))
    return engineer_at(workspace, proven.account_id, issue, found)


def _live(proven: Frame) -> Installation:
    """Raises NotProven for a tenant that is not installed and enabled."""
    with reading(app_state.current().engine) as conn:
        site = installations.by_key(conn, proven.client_key)
    if site is None or not site.enabled:
        raise NotProven(REFUSED)
    return site


def _secrets_of(client_key: str) -> Sequence[str]:
    state = app_state.current()
    with reading(state.engine) as conn:
        return installations.secrets_of(conn, state.vault, client_key, now=state.clock())
