"""Forge's invocation token (kind F): which installation of our Forge app calls, for whom, beside which issue.

RS256 by Forge's own keys, good for some seconds and for one call. It signs no address and no body: what a
body says is believed no more than that somebody there said it. Rules: "Forge Remote essentials".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from connectors.jira.connect_jwt import LEEWAY_S, Unproven

ISSUER = "forge/invocation-token"
APP = "ari:cloud:ecosystem::app/"
INSTALLATION = re.compile(r"ari:cloud:ecosystem::installation/[0-9A-Za-z-]{1,80}")
API = "https://api.atlassian.com"
API_PATH = re.compile(r"/ex/jira/([0-9A-Za-z-]{1,80})")
KID = re.compile(r"[!-~]{1,200}")
NEEDED = ["aud", "iss", "iat", "exp", "jti", "app"]

FetchKey: TypeAlias = Callable[[str], RSAPublicKey]


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of the Forge app.

    `installation`: its id, which changes when the app is installed anew; `cloud_id`: the site's, which
    does not; `api_url`: where that site's REST API answers; `site_url`: the site's address, told for pages
    only; `account_id`: who looks at a page, None for events; `module`: the page's key in the manifest;
    `issue_id`: beside which issue the page is shown, empty for other pages.
    """

    installation: str
    cloud_id: str
    api_url: str
    site_url: str
    account_id: str | None
    module: str
    issue_id: str
    expires_at: datetime


def verify_invocation(
    token: str, *, app_id: str | None, fetch_key: FetchKey, api_host: str = API
) -> Invocation:
    """What a call of our Forge app proves. Raises Unproven, and what `fetch_key` raises.

    `app_id`: our app's, as `forge register` printed it; None believes nobody. `api_host`: where the REST
    API of every site is; a token that names another place is not believed.
    """
    if not app_id:
        raise Unproven("No Forge app is registered here.")
    key = fetch_key(_key_id(token))
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=APP + app_id.removeprefix(APP),
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as e:
        raise Unproven(f"The token does not hold ({type(e).__name__}).") from e
    return _invocation(claims, APP + app_id.removeprefix(APP), api_host)


def _key_id(token: str) -> str:
    """Only RS256 is looked at, and only a key id that may be looked up."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as e:
        raise Unproven("It is no token.") from e
    kid = header.get("kid")
    if header.get("alg") != "RS256":
        raise Unproven("The token is of another kind.")
    if not isinstance(kid, str) or not KID.fullmatch(kid):
        raise Unproven("The key id is missing or no key id.")
    return kid


def _invocation(claims: Mapping[str, Any], app: str, api_host: str) -> Invocation:
    """Raises Unproven for a token of Forge's that is not what one of our calls has."""
    told = _object(claims, "app")
    installation, api_url = str(told.get("installationId")), str(told.get("apiBaseUrl"))
    place = API_PATH.fullmatch(api_url.removeprefix(api_host))
    if told.get("id") != app or not INSTALLATION.fullmatch(installation) or place is None:
        raise Unproven("The token names no installation of ours.")
    context = _object(claims, "context")
    if context.get("cloudId", place[1]) != place[1]:
        raise Unproven("The token names two sites.")
    principal = claims.get("principal")
    return Invocation(
        installation=installation,
        cloud_id=place[1],
        api_url=api_url,
        site_url=_site(context),
        account_id=principal if isinstance(principal, str) and principal else None,
        module=str(context.get("moduleKey") or ""),
        issue_id=_issue(context),
        expires_at=datetime.fromtimestamp(int(claims["exp"]), UTC),
    )


def _site(context: Mapping[str, Any]) -> str:
    url = context.get("siteUrl")
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("https", "http") and parts.netloc else ""


def _issue(context: Mapping[str, Any]) -> str:
    ident = str(_object(_object(context, "extension"), "issue").get("id") or "")
    return ident if ident.isascii() and ident.isdigit() else ""


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}
