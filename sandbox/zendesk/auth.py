"""Who calls: OAuth client credentials, bearer tokens, and the old e-mail with an API token."""

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Blueprint, Request, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk.account import Account
from sandbox.zendesk.problems import bad_request, unauthenticated
from sandbox.zendesk.records import User

SHORTEST_S, LONGEST_S = 300, 172_800

routes = Blueprint("zendesk_auth", __name__)


@dataclass
class Doors:
    """The credentials of the account. A client acts as the user who owns it."""

    account: Account
    clients: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Client id to (secret, owner's user id)."""
    api_tokens: set[str] = field(default_factory=set)
    tokens: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    """Bearer token to (user id, when it ends)."""
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)
    """Bearer token to what it may do. One that is not here may do everything, as an API token may."""
    at_most: str | None = None
    """The scopes that are granted, whatever is asked for; None: what is asked for, as over there."""

    def grant(self, client_id: str, secret: str, expires_in: int | None, scope: str = "read") -> str:
        """A new bearer token. Raises Problem 401."""
        known, owner = self.clients.get(client_id, ("", 0))
        if not known or not secrets.compare_digest(known.encode(), secret.encode()):
            text = "Client authentication failed due to unknown client, or no client authentication included"
            raise bad_request("invalid_client", text, status=401)
        token = secrets.token_hex(32)
        ends = self.account.clock.now() + timedelta(seconds=expires_in) if expires_in else None
        self.tokens[token] = (owner, ends)
        self.scopes[token] = frozenset(scope.split())
        return token

    def check_scope(self, asked: Request) -> None:
        """`read` or `write`, or the same of one resource (`tickets:read`). Raises Problem 403."""
        scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self.scopes:
            return
        verb = "read" if asked.method in ("GET", "HEAD") else "write"
        resource = asked.path.removeprefix("/api/v2/").partition("/")[0]
        if not {verb, f"{resource}:{verb}"} & self.scopes[token]:
            text = f"You are missing the following required scopes: {resource}:{verb}, {verb}"
            raise bad_request("Forbidden", text, status=403)

    def caller(self, asked: Request) -> User:
        """Whose credentials these are. Raises Problem 401."""
        scheme, _, value = asked.headers.get("Authorization", "").partition(" ")
        user = None
        if scheme.lower() == "bearer":
            user = self._by_bearer(value)
        elif scheme.lower() == "basic":
            user = self._by_basic(value)
        if user is None or not user.active:
            raise unauthenticated()
        return user

    def _by_bearer(self, token: str) -> User | None:
        ident, ends = self.tokens.get(token, (0, None))
        if ends is not None and ends <= self.account.clock.now():
            return None
        return self.account.users.get(ident)

    def _by_basic(self, coded: str) -> User | None:
        try:
            name, _, token = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        email, slash, word = name.rpartition("/")
        if not slash or word != "token" or token not in self.api_tokens:
            return None
        user = self.account.user_by_email(email)
        return user if user is not None and user.staff else None


@routes.post("/oauth/tokens")
def token() -> ResponseReturnValue:
    """The client_credentials grant; the others need a browser and are not played."""
    doors: Doors = current_app.extensions["zendesk"].doors
    given = request.get_json(silent=True) or request.form.to_dict()
    if given.get("grant_type") != "client_credentials":
        raise bad_request("unsupported_grant_type", "The authorization grant type is not supported")
    lasts = int(given["expires_in"]) if given.get("expires_in") else None
    if lasts is not None and not SHORTEST_S < lasts < LONGEST_S:
        raise bad_request("invalid_request", "expires_in is out of range")
    with doors.account.lock:
        scope = str(given.get("scope") or "read") if doors.at_most is None else doors.at_most
        granted = doors.grant(str(given.get("client_id")), str(given.get("client_secret")), lasts, scope)
    answer = {"access_token": granted, "token_type": "bearer", "scope": scope}
    return jsonify({**answer, "expires_in": lasts} if lasts else answer), 201
