"""Who calls the REST API: an account with an API token, an installed Connect or Forge app, or nobody."""

import base64
import binascii
import hmac

import jwt
from flask import g, request

from sandbox.jira.backend import Backend
from sandbox.jira.rest.errors import SIGN_IN, Problem
from sandbox.jira.state import Project
from sandbox.jira.tokens import proves_app
from sandbox.jira.words import User

APP = "557058:app-"
"""How the accounts of apps begin."""


def identify(backend: Backend) -> None:
    """Put the caller's `User`, or None for nobody, into `g.user`. Raises Problem(401) for a wrong proof."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        g.user = None
    elif scheme.lower() == "basic":
        g.user = _account(backend, rest)
    elif scheme == "JWT":
        g.user = _app(backend, rest)
    elif scheme == "Bearer" and "forge" in request.blueprints[0] and backend.forge.accepts(rest):
        g.user = User(APP + "forge", "Kithspark (Forge)", "")
    else:
        raise Problem(401, SIGN_IN)


def caller() -> User:
    """Raises Problem(401) for nobody."""
    if g.user is None:
        raise Problem(401, SIGN_IN)
    user: User = g.user
    return user


def is_app() -> bool:
    """Whether an app calls: it may ask about anybody."""
    return caller().account_id.startswith(APP)


def may_browse(project: Project) -> bool:
    return g.user is not None or project.public


def _account(backend: Backend, encoded: str) -> User:
    try:
        email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Problem(401, SIGN_IN) from None
    wanted = backend.tokens.get(email)
    user = backend.user_of(email)
    if wanted is None or user is None or not hmac.compare_digest(wanted.encode(), token.encode()):
        raise Problem(401, SIGN_IN)
    return user


def _app(backend: Backend, token: str) -> User:
    installed = backend.connect.installation
    if installed is None or not _claims_app(token, installed.app_key):
        raise Problem(401, SIGN_IN)
    fits = proves_app(
        token, secret=installed.secret, app_key=installed.app_key, method=request.method, url=_raw_url()
    )
    if not fits:
        raise Problem(401, SIGN_IN)
    return User(APP + installed.app_key, str(installed.descriptor["name"]), "")


def _claims_app(token: str, key: str) -> bool:
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return False
    return claims.get("iss") == key


def _raw_url() -> str:
    """Path and query as they came over the wire, still encoded."""
    raw = request.environ.get("REQUEST_URI") or request.full_path
    return str(raw)
