"""HubSpot's refusals, and the library's own exceptions, in our words.

Sources: HubSpot's "handling errors" and "usage guidelines" pages (429 bodies name their policy; 423 and
477 are waits); behaviour of hubspot-api-client 12 as its contract tests show it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import urllib3.exceptions

from connectors import waits
from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable

POLICY_WAIT_S = {"TEN_SECONDLY_ROLLING": 10.0, "SECONDLY": 1.0}
"""How long a limit lasts when no Retry-After says so. DAILY is worked out apart."""

UNKNOWN_ZONE_WAIT_S = 3600.0
"""The daily limit ends at the portal's midnight; where its time zone is unknown we look again in an hour."""

WAITS = frozenset({408, 423, 477})
"""4xx that pass by themselves: time-out, locked, and 'the account is being moved'."""


class TooMuchError(urllib3.exceptions.HTTPError):
    """An answer larger, or slower, than we take."""


def daily_wait_s(now: datetime, utc_offset: timedelta | None) -> float:
    """Seconds until the portal's next midnight, when HubSpot's daily limit starts anew."""
    if utc_offset is None:
        return UNKNOWN_ZONE_WAIT_S
    there = now.astimezone(UTC) + utc_offset
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - there).total_seconds()


def refusal(
    status: int, body: object, headers: Mapping[str, str], *, now: datetime, utc_offset: timedelta | None
) -> Exception:
    """The error of ours that says what this answer says. `body` is whatever came, in bytes or text."""
    told = _parse(body)
    words = str(told.get("message") or "no reason given")[:300]
    wait = waits.asked_for(headers, now=now)
    wait_s, cut = (wait.seconds, str(wait)) if wait else (None, "")
    if status == 429:
        policy = str(told.get("policyName") or "")
        if policy == "DAILY":
            wait_s = max(wait_s or 0.0, daily_wait_s(now, utc_offset))
        elif wait_s is None:
            wait_s = POLICY_WAIT_S.get(policy)
        named = policy or "limit not named"
        message = f"HubSpot: too many calls ({named}). We go on when it allows more.{cut}"
        return Unavailable(message, after_s=wait_s, sent=False)
    if 300 <= status < 400:
        return Refused(
            f"HubSpot: answered {status}, a redirect to {_host(headers)}, which we do not follow. "
            "Connect that address if the account moved.",
            status=status,
            whole_account=True,
        )
    if status >= 500 or status < 400 or status in WAITS:
        message = f"HubSpot: answered {status} ({words}). We ask again later.{cut}"
        return Unavailable(message, after_s=wait_s)
    if status in (401, 403):
        missing = _scopes(told)
        mend = f"Give it {missing}" if missing else "Connect HubSpot again with a valid token"
        return Unauthorized(
            f"HubSpot: the token opens no door here ({status}: {words}). {mend}.",
            status=status,
            whole_account=status == 401,
        )
    if status == 404:
        return NotFound(f"HubSpot: not found ({words}). Check the address that was connected.", status=404)
    if status == 409:
        return Conflict(f"HubSpot: somebody wrote meanwhile ({words}). We read again.")
    return Refused(f"HubSpot: refused ({status}: {words}). This needs a mend on our side.", status=status)


def no_answer(error: urllib3.exceptions.HTTPError) -> Unavailable:
    """The error of ours for a connection that failed."""
    if isinstance(error, TooMuchError):
        return Unavailable(f"HubSpot: began {error}. It is not read; we ask again later.")
    reason = getattr(error, "reason", None) or error
    unsent = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    return Unavailable(
        f"HubSpot: no answer ({type(reason).__name__}). We ask again later.",
        sent=not isinstance(reason, unsent),
    )


def garbled(error: Exception | None = None) -> Unavailable:
    """The error of ours for an answer that is no answer of HubSpot's."""
    what = f" ({type(error).__name__})" if error else ""
    return Unavailable(f"HubSpot: an answer that cannot be read{what}. We ask again later.")


def _parse(body: object) -> Mapping[str, Any]:
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    try:
        told = json.loads(body) if isinstance(body, str) else {}
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _host(headers: Mapping[str, str]) -> str:
    """Where a redirect leads, without path and query: they could hold anything."""
    to = urlsplit({name.lower(): value for name, value in headers.items()}.get("location", ""))
    return f"{to.scheme}://{to.netloc}" if to.netloc else "another place"


def _scopes(told: Mapping[str, Any]) -> str:
    """The scopes that a 403 asks for, as one phrase."""
    contexts = [told.get("context")]
    errors = told.get("errors")
    contexts += [e.get("context") for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    names = [n for c in contexts if isinstance(c, dict) for n in c.get("requiredGranularScopes") or []]
    return ", ".join(f"the scope {name}" for name in names)
