"""What Zendesk's answers, and their absence, mean to us."""

import json
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from connectors import waits
from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.waits import Wait
from store.errors import GiveUp, TryLater

Json: TypeAlias = dict[str, Any]


class TooMuchError(requests.exceptions.RequestException):
    """An answer larger, or slower, than we take."""


NEVER_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)

LONGEST_WAIT_S = 3600.0

SAID_CHARS = 300


def checked(response: requests.Response) -> Json:
    """The JSON object of a success; empty where there is nothing (204).

    Raises Unavailable, Conflict, Refused, NotFound, Unauthorized.
    """
    if not 200 <= response.status_code < 300:
        raise refusal(response)
    if not response.content.strip():
        return {}
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        raise Unavailable("Zendesk answered something that is not JSON. It is asked again later.") from None
    if not isinstance(answer, dict):
        raise Unavailable("Zendesk answered JSON that is not an object. It is asked again later.")
    return cast(Json, answer)


def refusal(response: requests.Response) -> TryLater | GiveUp:
    """Our error for an answer that is not a success."""
    status = response.status_code
    if status == 429:
        text = "Zendesk's rate limit is reached (429). Waiting as told."
        wait = asked_to_wait(response)
        return Unavailable(f"{text}{wait or ''}", after_s=wait.seconds if wait else None, sent=False)
    if status == 408 or status >= 500:
        wait = asked_to_wait(response)
        text = f"Zendesk answered {status}: trouble over there. It is asked again later.{wait or ''}"
        return Unavailable(text, after_s=wait.seconds if wait else None)
    if status == 409:
        return Conflict(f"Zendesk answered 409 ({said(response)}). It is read again first.")
    if status in (401, 403):
        mend = "Check the OAuth client or API token, its owner and scopes."
        text = f"Zendesk answered {status} ({said(response)}). {mend}"
        return Unauthorized(text, status=status, whole_account=status == 401)
    if status == 404:
        return NotFound("Zendesk does not have this, or hides it from us (404).", status=status)
    if 300 <= status < 400:
        to = urlsplit(urljoin(response.url, response.headers.get("Location", "")))
        text = (
            f"Zendesk answered {status}, a redirect to {to.scheme}://{to.netloc}, which we do not follow. "
            "Check the address of the account, and connect that one if it moved."
        )
        return Refused(text, status=status, whole_account=True)
    text = f"Zendesk refused this ({status}: {said(response)}). Asking again changes nothing."
    return Refused(text, status=status)


def silence(error: requests.exceptions.RequestException) -> Unavailable:
    """Our error for no answer. Only a connection that was never made proves that nothing was sent."""
    sent = not never_connected(error)
    if isinstance(error, TooMuchError):
        return Unavailable(f"Zendesk began {error}. It is not read, and asked for again later.")
    text = "Zendesk did not answer" if sent else "Zendesk could not be reached"
    return Unavailable(f"{text} ({type(error).__name__}). It is asked again later.", sent=sent)


def never_connected(error: requests.exceptions.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NEVER_CONNECTED)


def said(response: requests.Response) -> str:
    """The vendor's own reason, in short."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return "no reason given"
    if not isinstance(body, dict):
        return "no reason given"
    named = ("details", "description", "error_description", "error")
    details = next((body[name] for name in named if body.get(name)), "no reason given")
    return (details if isinstance(details, str) else json.dumps(details, ensure_ascii=False))[:SAID_CHARS]


def asked_to_wait(response: requests.Response) -> Wait | None:
    """The wait that was asked for; None where nothing usable was said."""
    return waits.asked_for(response.headers, now=datetime.now(UTC), longest_s=LONGEST_WAIT_S)
