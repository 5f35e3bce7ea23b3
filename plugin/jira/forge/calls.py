"""The one verifier of what Forge calls: each of `/forge/…` begins here, and believes nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

from flask import abort, request
from sqlalchemy import Connection

from connectors.errors import Refused, Unavailable
from connectors.jira import forge_token
from connectors.jira.connect_jwt import LEEWAY_S, Unproven
from connectors.jira.forge_keys import KEYS_URL, ForgeKeys
from connectors.jira.forge_token import Invocation
from plugin import app_state, identity
from plugin.bearer import NotProven
from plugin.jira.forge import installed
from plugin.jira.forge.installed import Installed
from store.database import transaction

REFUSED = "Forge's token does not fit this call. Reload the page."
LARGEST_BYTES = 256 * 1024
LONGEST_TOKEN = 8_000


@dataclass(frozen=True, slots=True)
class Call:
    """A proven call, and the installation that it is from. `conn`: the transaction that uses it up; `ident`
    tells it from every other.
    """

    invocation: Invocation
    site: Installed
    conn: Connection
    ident: str


@contextmanager
def proven() -> Iterator[Call]:
    """What Forge's token says; it is used up if what is done with it commits. Raises NotProven.

    503 where Forge's keys cannot be had: Forge brings an event again.
    """
    state, token = app_state.current(), _token()
    if (request.content_length or 0) > LARGEST_BYTES:
        abort(413)
    try:
        invocation = forge_token.verify_invocation(
            token,
            app_id=state.settings.forge_app_id,
            fetch_key=_keys(state.settings.forge_jwks_url).fetch,
            api_host=api_host(state.settings.forge_jwks_url),
        )
    except (Unproven, Refused):
        raise NotProven(REFUSED) from None
    except Unavailable as silent:
        abort(503, str(silent))
    until, now = invocation.expires_at + timedelta(seconds=LEEWAY_S), state.clock()
    system_token = request.headers.get("x-forge-oauth-system", "")[:LONGEST_TOKEN]
    with transaction(state.engine) as conn:
        if not identity.spend(conn, token, until=until, now=now):
            raise NotProven(REFUSED)
        site = installed.note(conn, state.vault, invocation, system_token, now=now)
        if site is None:
            raise NotProven(REFUSED)
        yield Call(invocation, site, conn, identity.digest(token))


def api_host(keys_url: str) -> str:
    """Where the sites' REST API is: Atlassian's, or that of a sandbox, which serves its keys there too."""
    if keys_url == KEYS_URL:
        return forge_token.API
    parts = urlsplit(keys_url)
    return f"{parts.scheme}://{parts.netloc}"


def _token() -> str:
    """Only ever from the header, and only of this scheme. Raises NotProven."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise NotProven(REFUSED)
    return token


@cache
def _keys(url: str) -> ForgeKeys:
    return ForgeKeys(url)
