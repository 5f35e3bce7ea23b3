"""Whether the sidebar was opened by Zendesk, and by which agent: the signed URL token of its first load."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

SKEW = timedelta(seconds=60)

LONGEST = timedelta(days=1)
"""A token that lives longer is not one of Zendesk's, which live for minutes."""

USER_URL = re.compile(r"/users/(\d+)(?:\.json)?$", re.ASCII)


class TokenRefusedError(ValueError):
    """Not proven; the text says why, for a log, without any of the token."""


@dataclass(frozen=True, slots=True)
class SidebarUser:
    """Who opened the sidebar. `user_id` is None where `user_url` does not name one: then no one is proven.

    `jti` tells this token from every other, for whoever keeps the seen ones until `exp`.
    """

    user_url: str
    user_id: str | None
    jti: str
    exp: datetime


def verify(
    token: str, *, public_keys: Sequence[str], audience: str, now: datetime, place: str = "ticket_sidebar"
) -> SidebarUser:
    """The agent that this token speaks of. Raises TokenRefusedError, also for a token of another `place`.

    `public_keys` are PEM, several while one replaces the other; `audience` is the installation's address,
    `https://ACCOUNT.zendesk.com/api/v2/apps/installations/N.json`.
    Source: developer.zendesk.com/documentation/apps, "Building a server-side app: secure the app".
    """
    if not audience:
        raise TokenRefusedError("no audience is configured for the Zendesk app")
    claims = signed_claims(token, public_keys, audience)
    expires, issued = moment(claims["exp"], "exp"), moment(claims["iat"], "iat")
    if expires + SKEW <= now:
        raise TokenRefusedError("the token has expired")
    if issued - SKEW > now or expires - issued > LONGEST:
        raise TokenRefusedError("the token's times are not plausible")
    check_place(claims.get("context"), place)
    user_url = str(claims.get("sub") or "")
    check_account(claims, audience, user_url)
    named = USER_URL.search(user_url)
    jti = str(claims.get("jti") or hashlib.sha256(token.encode()).hexdigest())
    return SidebarUser(user_url, named[1] if named else None, jti, expires)


def signed_claims(token: str, public_keys: Sequence[str], audience: str) -> dict[str, Any]:
    """The claims, if one of the keys signed them for this audience. Times are judged by the caller."""
    reason = "no public key is configured for the Zendesk app"
    for key in public_keys:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=audience,
                options={
                    "require": ["aud", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_sub": False,
                    "verify_jti": False,
                },
            )
        except jwt.InvalidKeyError:
            reason = "a configured public key cannot be read"
        except jwt.PyJWTError as e:
            reason = f"the token is not valid ({type(e).__name__})"
    raise TokenRefusedError(reason)


def moment(value: object, name: str) -> datetime:
    """Raises TokenRefusedError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefusedError(f"`{name}` is not a time")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise TokenRefusedError(f"`{name}` is not a time") from None


def check_account(claims: dict[str, Any], audience: str, user_url: str) -> None:
    """Number 7 of another account is another person: issuer and agent are of the account of the audience."""
    account = audience.partition("/api/")[0]
    if USER_URL.search(user_url) and not user_url.startswith(("/api/", f"{account}/")):
        raise TokenRefusedError("the token names an agent of another account")
    if claims.get("iss") not in (None, account, account.partition("://")[2]):
        raise TokenRefusedError("the token was issued by another account")


def check_place(context: object, place: str) -> None:
    """The token of another place (of a nav bar, of another product) opens nothing here."""
    shown = context if isinstance(context, dict) else {}
    if shown.get("product") != "support" or shown.get("location") != place:
        raise TokenRefusedError(f"the token is not for the {place.replace('_', ' ')}")
