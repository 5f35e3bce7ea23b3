"""Jira tells that the Connect app was installed, uninstalled, enabled or disabled.

The first two are signed by Atlassian itself and believed in no other form: an unsigned or tenant-signed
"installed" would let anybody put their own secret in the place of a tenant's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

from flask import Blueprint, Response, abort, make_response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection

from connectors.errors import Refused, Unavailable
from connectors.jira.connect_jwt import LEEWAY_S, Unproven, verify_frame, verify_install
from connectors.jira.install_keys import InstallKeys
from plugin import app_state, frames, identity
from plugin.bearer import NotProven
from plugin.errors import NotAllowed
from plugin.jira import installations
from plugin.jira.descriptor import app_key
from store.database import reading, transaction

routes = Blueprint("lifecycle", __name__)

LONGEST_BODY = 64 * 1024
REFUSED = "Jira's signature does not fit this call."


class Told(BaseModel):
    """The body of a lifecycle call, as far as we read it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: str = Field(max_length=120)
    client_key: str = Field(alias="clientKey", min_length=1, max_length=120)
    base_url: str = Field("", alias="baseUrl", max_length=500)
    display_url: str = Field("", alias="displayUrl", max_length=500)
    shared_secret: str = Field("", alias="sharedSecret", max_length=500, repr=False)


@routes.post("/connect/installed")
@identity.proves("jira lifecycle")
def installed() -> Response:
    told, state = _told(), app_state.current()
    with _proven(told) as conn:
        if not told.shared_secret or not told.base_url:
            abort(400)
        try:
            installations.install(conn, state.vault, told.model_dump(by_alias=True), now=state.clock())
        except ValueError as wrong:
            raise NotAllowed(str(wrong)) from None
    return make_response("", 204)


@routes.post("/connect/uninstalled")
@identity.proves("jira lifecycle")
def uninstalled() -> Response:
    told = _told()
    with _proven(told) as conn:
        state = app_state.current()
        installations.uninstall(conn, state.vault, told.client_key, now=state.clock())
    return make_response("", 204)


@routes.post("/connect/enabled")
@identity.proves("jira host")
def enabled() -> Response:
    return _switch(enabled=True)


@routes.post("/connect/disabled")
@identity.proves("jira host")
def disabled() -> Response:
    return _switch(enabled=False)


def _switch(*, enabled: bool) -> Response:
    state, told = app_state.current(), _told()
    now = state.clock()

    def secrets_of(client_key: str) -> list[str]:
        with reading(state.engine) as conn:
            return installations.secrets_of(conn, state.vault, client_key, now=now)

    try:
        proven = verify_frame(
            _token(),
            method="POST",
            target=frames.target(),
            base_url=state.settings.public_url,
            secrets_of=secrets_of,
        )
    except Unproven:
        raise NotProven(REFUSED) from None
    if proven.client_key != told.client_key:
        raise NotProven(REFUSED)
    with transaction(state.engine) as conn:
        installations.enable(conn, proven.client_key, enabled=enabled, now=now)
    return make_response("", 204)


@contextmanager
def _proven(told: Told) -> Iterator[Connection]:
    """A transaction for what Atlassian says; its token is used up if that commits. Raises NotProven.

    503 where Atlassian's keys cannot be had: Jira tells its administrator to try again.
    """
    state, token = app_state.current(), _token()
    try:
        claims = verify_install(
            token,
            method="POST",
            target=frames.target(),
            base_urls=[state.settings.public_url],
            body_client_key=told.client_key,
            fetch_key=_keys(state.settings.connect_keys_url).fetch,
        )
    except (Unproven, Refused):
        raise NotProven(REFUSED) from None
    except Unavailable as silent:
        abort(503, str(silent))
    until = datetime.fromtimestamp(float(claims["exp"]), UTC) + timedelta(seconds=LEEWAY_S)
    with transaction(state.engine) as conn:
        if told.key != app_key() or not identity.spend(conn, token, until=until, now=state.clock()):
            raise NotProven(REFUSED)
        yield conn


def _told() -> Told:
    if request.content_length is None or request.content_length > LONGEST_BODY:
        abort(413)
    try:
        return Told.model_validate_json(request.get_data(cache=True))
    except ValidationError:
        abort(400)


def _token() -> str:
    """Only ever from the header, and only of this scheme. Raises NotProven."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "JWT" or not token:
        raise NotProven(REFUSED)
    return token


@cache
def _keys(url: str) -> InstallKeys:
    return InstallKeys(url)
