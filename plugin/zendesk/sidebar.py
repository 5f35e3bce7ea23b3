"""The first load of the sidebar: a form that Zendesk signs, good once. The ticket is asked for afterwards."""

from datetime import datetime

from flask import Blueprint, Response, request

from connectors.zendesk import sidebar_token
from connectors.zendesk.sidebar_token import SidebarUser
from plugin import app_state, frames, identity, translating
from plugin.bearer import Bearer, NotProven
from plugin.identity import Agent
from plugin.zendesk import vendor
from store import connections, workspaces
from store.connections import Connection, NotConnected
from store.database import reading, transaction

routes = Blueprint("sidebar", __name__)

REFUSED = (
    "Zendesk's signature does not fit. Reload the page; if that does not help, an operator compares the "
    "app's address, public key and audience with `kithspark connect zendesk`."
)
SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
"""The real vendor's; a sandbox, which is never on https, brings its own."""


@routes.post("/sidebar/<slug>")
@identity.proves("agent load")
def sidebar(slug: str) -> Response:
    account, user = proven_load(slug, place="ticket_sidebar")
    agent, now = vendor.agent(account, user), app_state.current().clock()
    translating.speak_if_written(agent.locale)
    proven = Bearer(
        "zendesk", account.workspace_id, user, agent.name, began_at=now, language=agent.locale,
        sees_every_ticket=agent.sees_every_ticket,
    )  # fmt: skip
    return frames.open_page(
        "zendesk/sidebar.html",
        proven,
        base=f"/zendesk/{slug}",
        hosts=[account.url],
        scripts=[script_of(account)],
    )


@routes.post("/<slug>/renew")
@identity.agents_only
def renew(_: Agent) -> Response:
    return frames.renewed("zendesk")


def proven_load(slug: str, *, place: str) -> tuple[Connection, str]:
    """The Zendesk account of a workspace, and the id of whom it signed this form for, at this place of its
    pages. The form is spent. Raises NotProven.
    """
    state = app_state.current()
    now, token = state.clock(), request.form.get("token", "")
    account = _account(slug)
    user = _proven(token, account, place=place, now=now)
    with transaction(state.engine) as conn:
        if not identity.spend(conn, token, until=user.exp + sidebar_token.SKEW, now=now):
            raise NotProven("This view was opened once already. Reload the Zendesk page to open it again.")
    assert user.user_id is not None
    return account, user.user_id


def script_of(account: Connection) -> str:
    return SDK if account.url.startswith("https://") else f"{account.url}/zaf_sdk.min.js"


def _account(slug: str) -> Connection:
    """The Zendesk account of a workspace. Nobody learns here which workspaces exist."""
    state = app_state.current()
    with reading(state.engine) as conn:
        try:
            workspace = workspaces.by_slug(conn, slug)
            return connections.load(conn, state.vault, workspace.id, "zendesk")
        except (workspaces.NoSuchWorkspace, NotConnected):
            raise NotProven(REFUSED) from None


def _proven(token: str, account: Connection, *, place: str, now: datetime) -> SidebarUser:
    keys, audience = account.config.get("app_public_keys") or (), account.config.get("app_audience") or ""
    try:
        user = sidebar_token.verify(
            token, public_keys=tuple(keys), audience=str(audience), now=now, place=place
        )
    except sidebar_token.TokenRefusedError:
        user = None
    if user is None or user.user_id is None:
        raise NotProven(REFUSED)
    return user
