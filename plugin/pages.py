"""What our pages in a browser share: the cookie, the guard against forged forms, the limits, the headers.

The faces inside Jira and Zendesk do not use this: they have no cookie and are framed.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect

SIGNED_IN_FOR = timedelta(days=30)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""Of an answer that says nothing else about itself: it is no page."""
YEAR_S = 365 * 24 * 3600


def caller() -> str:
    """The address of whoever calls: that of the socket, or, where this is a proxy's, the one it names.

    A proxy stands on this machine or in its network, and writes whom it speaks for last; what stands
    before that, anybody may have made up.
    """
    socket = (request.remote_addr or "").strip("[]")
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(named)) if ip_address(socket).is_private else socket
    except ValueError:
        return socket


forms = CSRFProtect()
REDIS_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
"""Seconds: a Redis that does not answer must not hold up pages."""

limits = Limiter(caller, headers_enabled=True, swallow_errors=True)  # without Redis people still get in


def prepare(app: Flask, *, keys: Sequence[str], public_url: str, redis_url: str | None) -> None:
    """Once per app. `keys`: the installation's secret keys; the first signs cookies, all verify them."""
    signing = [hashlib.sha256(f"kithspark session {key}".encode()).hexdigest() for key in keys]
    https = public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=signing[0],
        SECRET_KEY_FALLBACKS=signing[1:],
        SESSION_COOKIE_NAME="__Host-kithspark" if https else "kithspark",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        WTF_CSRF_CHECK_DEFAULT=False,  # vendors' calls carry their own proof; `guard` asks for ours
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: people think before they post
        RATELIMIT_STORAGE_URI=_where_limits_are_kept(redis_url),
        RATELIMIT_STORAGE_OPTIONS=REDIS_PATIENCE if redis_url else {},
    )
    app.after_request(partial(_at_least, https=https))
    forms.init_app(app)
    limits.init_app(app)


def _where_limits_are_kept(redis_url: str | None) -> str:
    """The limiter has a word of its own for a Redis at a socket."""
    return re.sub("^unix:", "redis+unix:", redis_url) if redis_url else "memory://"


def _at_least(response: Response, *, https: bool) -> Response:
    """After all others: what even a file, a figure or a fragment says of itself.

    Nobody is sent elsewhere: Flask puts the host that the caller named, who may lie, before an address of
    ours that lacks its last slash.
    """
    if response.location:
        response.location = urlsplit(response.location)._replace(scheme="", netloc="").geturl()
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Content-Security-Policy", NOTHING)
    if https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
    return response


def guard(routes: Blueprint) -> None:
    """Every form of these routes must be ours, and every page of them says how it may be used."""
    routes.before_request(forms.protect)
    routes.after_request(_say_how)


def _say_how(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.update(("Cookie", "HX-Request"))
    return response
