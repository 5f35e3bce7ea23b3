"""Steps of setting Zendesk up that are done there by us: the webhook, and which key opens the sidebar.

The command line and the set-up page both come here. Each can be done again.
"""

import secrets
from typing import NamedTuple

from connectors import known
from connectors.errors import Unauthorized
from connectors.zendesk import hooks, installed_app
from connectors.zendesk.hooks import Hook
from connectors.zendesk.installed_app import Installed
from lineage.wording.catalogue import later
from plugin import connecting
from plugin.app_state import Kithspark
from plugin.zendesk.vendor import speaking
from store import connections, inbox, workspaces
from store.connections import Connection as Account
from store.database import reading
from store.errors import GiveUp

ADMINS_ONLY = later(
    "Zendesk shows this to administrators only: make the OAuth client’s owner one, then connect again."
)


RINGS_S = 20.0
"""Zendesk itself waits twelve seconds for our answer to a try."""


class Rung(NamedTuple):
    """A try of the webhook: whether the call came in here, and the words."""

    well: bool
    words: str


class NotFoundThere(GiveUp):
    """No installed app has our address. The message says what to do."""


def webhook(app: Kithspark, slug: str) -> Hook:
    """Makes, finds or mends our webhook at Zendesk, and keeps its secret.

    Raises NotConnected, Unavailable and GiveUp with what to do.
    """
    account, address = _account(app, slug), connecting.address_of_webhook(app, "zendesk", slug)
    with reading(app.engine) as conn:
        placed = known.community_posts(conn, account.workspace_id)
    try:
        with speaking(account) as zendesk:
            hook = hooks.ensure(zendesk, address, hooks.EVENTS + (hooks.OF_POSTS if placed else ()))
    except Unauthorized as no:
        raise _shut(no) from None
    config = {"webhook_id": hook.id}
    connecting.keep_again(app, slug, "zendesk", config=config, webhook_secret=hook.secret)
    return hook


def ring(app: Kithspark, slug: str, hook: str) -> Rung:
    """Has Zendesk call the webhook now, and looks whether the call was believed.

    Raises NotConnected, Unavailable and Refused.
    """
    account, event = _account(app, slug), f"kithspark-test-{secrets.token_hex(8)}"
    with speaking(account, patience_s=RINGS_S) as zendesk:
        status, _words = hooks.fire(zendesk, hook, event)
    with reading(app.engine) as conn:
        came = inbox.has(conn, account.workspace_id, "zendesk", event)
    if came:
        return Rung(True, "Zendesk called, and its signature fits.")
    if status in (401, 403):
        return Rung(False, "Zendesk called, and the call did not bear this webhook’s signature. "
                           "The self-test tells whether real events do.")  # fmt: skip
    if 200 <= status < 300:
        return Rung(
            False, "Zendesk was answered, but not by this server: see to which the public address leads."
        )
    answered = f"it was answered {status}" if status else "it got no answer"
    return Rung(False, f"Zendesk tried to call us, and {answered}: see that the public address leads here.")


def app_by_itself(app: Kithspark, slug: str) -> Installed:
    """Finds the installed sidebar, and keeps its audience and its public key.

    Raises NotConnected, Unavailable, and GiveUp with what to do.
    """
    account = _account(app, slug)
    address = sidebar_address(app, slug)
    try:
        with speaking(account) as zendesk:
            found = installed_app.installed(zendesk, address)
            if len(found) != 1 or found[0].app is None:
                raise NotFoundThere(_not_one(len(found)))
            keys = installed_app.public_keys(zendesk, found[0].app)
    except Unauthorized as no:
        raise _shut(no) from None
    except ValueError:
        raise GiveUp("Zendesk did not show the app’s public key. Paste it below instead.") from None
    keep_app(app, slug, account, found[0].id, keys)
    return found[0]


def keep_app(app: Kithspark, slug: str, account: Account, installation: int, keys: list[str]) -> None:
    """What opens the sidebar from now on: this installation's tokens, signed with one of these keys."""
    audience = installed_app.audience(account.url, installation)
    config = {"app_public_keys": keys, "app_audience": audience}
    connecting.keep_again(app, slug, "zendesk", config=config)


def sidebar_address(app: Kithspark, slug: str) -> str:
    """What the app asks for when it is installed."""
    return f"{app.settings.public_url}/zendesk/sidebar/{slug}"


def _not_one(number: int) -> str:
    if not number:
        return (
            "No app that is installed in Zendesk has the address of this sidebar. Upload the zip, give it "
            "this address, and find it again."
        )
    return (
        "Several apps in Zendesk have the address of this sidebar. Remove all but one, or give number and "
        "key below."
    )


def _shut(no: Unauthorized) -> GiveUp:
    """Of a missing scope Zendesk's own words say more."""
    return GiveUp(str(no) if no.status != 403 or "required scopes" in str(no) else ADMINS_ONLY)


def _account(app: Kithspark, slug: str) -> Account:
    with reading(app.engine) as conn:
        return connections.load(conn, app.vault, workspaces.by_slug(conn, slug).id, "zendesk")
