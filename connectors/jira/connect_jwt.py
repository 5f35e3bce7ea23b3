"""Atlassian Connect's signed tokens: one verifier for each kind, and none takes another's.

Every known hole in Connect apps came from one kind of token being taken for another. Kind A (RS256, the
host's own key) installs and uninstalls; kind B (HS256, the tenant's secret) opens frames and signs
webhooks; kind C (HS256, for no request in particular) is what a page of ours gets from its host for our own
calls; kind E is what we sign when we call the host. Rules: "Understanding JWT for Connect apps".
"""

import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import jwt
import requests
from requests.auth import AuthBase

CONTEXT_QSH = "context-qsh"
LEEWAY_S = 30
CALL_S = 180
CLIENT_KEY = re.compile(r"[!-~]{1,120}")
"""What may be looked up: a token names its tenant before anything of it is proven."""
KID = re.compile(r"[A-Za-z0-9._-]{1,128}(/[A-Za-z0-9._-]{1,128})*")


class Unproven(Exception):
    """The token does not prove what it has to. The caller answers 401 and says no more than that."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Who reads, and where. `context` is the host's word, as signed."""

    client_key: str
    account_id: str | None
    context: Mapping[str, Any]


def canonical(method: str, target: str, *, context_path: str = "") -> str:
    """The request as its hash sees it. `target` is path and query as they came, still encoded.

    `context_path` is the path of our own public address, which the host leaves out.
    """
    if target.startswith("/"):  # as it came; urlsplit would take "//a/b" for a host
        path, _, raw_query = target.partition("?")
    else:
        parts = urlsplit(target)
        path, raw_query = parts.path, parts.query
    if context_path and (path == context_path or path.startswith(context_path.rstrip("/") + "/")):
        path = path[len(context_path.rstrip("/")) :]
    path = "/" + path.lstrip("/").removesuffix("/") if path.strip("/") else "/"
    grouped: dict[str, list[str]] = {}
    for pair in filter(None, raw_query.split("&")):
        name, _, value = pair.partition("=")
        if _decoded(name) != "jwt":
            grouped.setdefault(_decoded(name), []).append(_decoded(value))
    query = "&".join(
        f"{_encoded(name)}={','.join(_encoded(value) for value in sorted(grouped[name]))}"
        for name in sorted(grouped)
    )
    return f"{method.upper()}&{path.replace('&', '%26')}&{query}"


def qsh(method: str, target: str, *, context_path: str = "") -> str:
    """The query string hash that binds a token to one request."""
    return hashlib.sha256(canonical(method, target, context_path=context_path).encode()).hexdigest()


def verify_install(
    token: str,
    *,
    method: str,
    target: str,
    base_urls: Sequence[str],
    body_client_key: str,
    fetch_key: Callable[[str], str],
) -> Mapping[str, Any]:
    """The claims of an install or uninstall token (kind A). Raises Unproven.

    `base_urls` are our own public addresses, present and former, the present one first; `body_client_key`
    is the tenant that the body names, which must be the one that signed. `fetch_key` gives the PEM of a
    key id and raises what it likes when it cannot.
    """
    header = _header(token, algorithm="RS256")
    kid = header.get("kid")
    if not isinstance(kid, str) or not KID.fullmatch(kid) or ".." in kid:
        raise Unproven("The key id is missing or no key id.")
    claims = _decoded_claims(token, fetch_key(kid), algorithm="RS256")
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    ours = {base.rstrip("/") for base in base_urls}
    if not any(isinstance(one, str) and one.rstrip("/") in ours for one in named):
        raise Unproven("The token is meant for another app.")
    if not body_client_key or claims["iss"] != body_client_key:
        raise Unproven("The token is of another tenant than the body.")
    _check_hash(claims, method, target, context_path=_path_of(base_urls))
    return claims


def verify_frame(
    token: str,
    *,
    method: str,
    target: str,
    base_url: str,
    secrets_of: Callable[[str], Sequence[str]],
) -> Frame:
    """Who calls from the host, by the tenant's secret (kind B): a frame, a webhook. Raises Unproven.

    `secrets_of` gives the shared secrets of a tenant by its client key: none for one that is not installed,
    for a short while after a new installation both.
    """
    claims, client_key = _by_tenant(token, secrets_of)
    _check_hash(claims, method, target, context_path=_path_of([base_url]))
    return _frame(claims, client_key)


def verify_context(token: str, *, secrets_of: Callable[[str], Sequence[str]]) -> Frame:
    """Who reads a page of ours that is open in the host, by the token that the host gave it (kind C).

    It is for no request in particular, so it may only be asked for where nothing but a person is to be
    proven. `secrets_of` as for `verify_frame`. Raises Unproven.
    """
    claims, client_key = _by_tenant(token, secrets_of)
    if claims["qsh"] != CONTEXT_QSH:
        raise Unproven("The token is for one request.")
    return _frame(claims, client_key)


def sign(*, secret: str, app_key: str, client_key: str, method: str, url: str, host: str) -> str:
    """A token for one call of ours to the host at `host` (kind E), good for three minutes."""
    now = int(time.time())
    claims = {
        "iss": app_key,
        "aud": [client_key],
        "iat": now,
        "exp": now + CALL_S,
        "qsh": qsh(method, url, context_path=_path_of([host])),
    }
    return jwt.encode(claims, secret, algorithm="HS256")


class ConnectAuth(AuthBase):
    """Signs each request of a `Jira` client as an installed Connect app."""

    def __init__(self, *, secret: str, app_key: str, client_key: str, host: str) -> None:
        self._secret, self._app_key, self._client_key, self._host = secret, app_key, client_key, host

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        token = sign(
            secret=self._secret,
            app_key=self._app_key,
            client_key=self._client_key,
            method=str(r.method),
            url=str(r.url),
            host=self._host,
        )
        r.headers["Authorization"] = f"JWT {token}"
        return r


def _header(token: str, *, algorithm: str) -> dict[str, Any]:
    """The header, if it names the one algorithm that this kind is signed with."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as e:
        raise Unproven("It is no token.") from e
    if header.get("alg") != algorithm:
        raise Unproven("The token is of another kind.")
    return header


def _by_tenant(token: str, secrets_of: Callable[[str], Sequence[str]]) -> tuple[dict[str, Any], str]:
    """The claims, as one of the secrets of the tenant that they name signed them; and that tenant."""
    _header(token, algorithm="HS256")
    try:
        unproven = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError as e:
        raise Unproven("It is no token.") from e
    client_key = unproven.get("iss")
    if not isinstance(client_key, str) or not CLIENT_KEY.fullmatch(client_key):
        raise Unproven("The token names no tenant.")
    return _with_any(token, [secret for secret in secrets_of(client_key) if secret]), client_key


def _frame(claims: Mapping[str, Any], client_key: str) -> Frame:
    subject, context = claims.get("sub"), claims.get("context")
    return Frame(
        client_key,
        subject if isinstance(subject, str) and subject else None,
        context if isinstance(context, dict) else {},
    )


def _decoded_claims(token: str, key: str, *, algorithm: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            leeway=LEEWAY_S,
            options={"require": ["iss", "iat", "exp", "qsh"], "verify_aud": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as e:
        raise Unproven(f"The token does not hold ({type(e).__name__}).") from e
    return claims


def _with_any(token: str, secrets: Sequence[str]) -> dict[str, Any]:
    """The claims, if one of the tenant's secrets signed them."""
    error: Unproven = Unproven("No such tenant is installed.")
    for secret in secrets:
        try:
            return _decoded_claims(token, secret, algorithm="HS256")
        except Unproven as e:
            error = e
    raise error


def _check_hash(claims: Mapping[str, Any], method: str, target: str, *, context_path: str) -> None:
    """The token must be for this very request; a context token is for none."""
    given = claims["qsh"]
    if given == CONTEXT_QSH or given != qsh(method, target, context_path=context_path):
        raise Unproven("The token is for another request.")


def _path_of(base_urls: Sequence[str]) -> str:
    return urlsplit(base_urls[0]).path.rstrip("/") if base_urls else ""


def _decoded(text: str) -> str:
    return unquote(text.replace("+", " "))


def _encoded(text: str) -> str:
    """RFC 3986: only letters, digits and -._~ stay as they are; a space is %20."""
    return quote(text, safe="-._~")
