"""One HTTP session to one Jira: no redirects, no cookies, no retries, a limit on every wait, our errors.

The jira library's own session waits for ever, sleeps in the caller's thread and repeats POSTs; this one
stands in its place, so what the library asks and what we ask directly goes the same way.
"""

import time
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from jira.resilientsession import ResilientSession
from requests.auth import AuthBase
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import HTTPError, NewConnectionError

from connectors import bodies, calls, skew, waits
from connectors.calls import Call
from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.keepable import keepable

SAID_CHARS = 300
MOST_FIELDS = 50
SHUT_OUT = ("AUTHENTICATION_DENIED", "AUTHENTICATED_FAILED")
"""What a 403 says in `X-Seraph-LoginReason` where it means the sign-in (Jira's REST introduction)."""


class Session(ResilientSession):
    """What the jira library calls and we call. Raises connectors.errors for whatever is not a 2xx.

    `timeout_s` is (connect, between two reads), in seconds. `ahead_s`: how far our clock was before theirs
    at the last answer.
    """

    def __init__(self, auth: AuthBase | None, *, timeout_s: tuple[float, float]) -> None:
        super().__init__(max_retries=0)
        self.auth = auth
        self.trust_env = False  # no credentials from ~/.netrc
        self.timeout_s = timeout_s
        self.ahead_s: float | None = None
        # A stale session cookie turns good credentials into a 401, so none is ever kept.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.update({"Content-Type": "application/json", "X-Atlassian-Token": "no-check"})

    def request(self, method: str, url: str | bytes, *_args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """One request, once. The library's own parameter for its retries is of no use here."""
        started = time.monotonic()
        kwargs |= {"timeout": self.timeout_s, "allow_redirects": False, "stream": True}
        what = f"{method.upper()} {urlsplit(str(url)).path}"
        try:
            answer = requests.Session.request(self, method, url, **kwargs)
        except RequestException as e:
            calls.made(Call("jira", method.upper(), 0, time.monotonic() - started))
            raise Unavailable(
                f"Jira: no answer to {what} ({type(e).__name__}). It is tried again; if it lasts, check "
                "the address and Jira's status page.",
                sent=not _never_connected(e),
            ) from e
        try:
            _read_all(answer, started=started, what=what)
        except Unavailable:
            calls.made(Call("jira", method.upper(), 0, time.monotonic() - started))
            raise
        calls.made(Call("jira", method.upper(), answer.status_code, time.monotonic() - started))
        self.ahead_s = skew.compare("jira", answer.headers.get("Date", ""))
        _check(answer, what)
        return answer


def _never_connected(error: RequestException) -> bool:
    """Whether the request surely did not reach Jira."""
    if isinstance(error, ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _read_all(answer: requests.Response, *, started: float, what: str) -> None:
    """Read the body within the bounds of `connectors/bodies.py`."""
    try:
        body = bodies.whole(bodies.pieces(answer.raw), started=started)
    except bodies.UnboundedError as e:
        raise Unavailable(f"Jira: {what} began {e}. It is not read, and asked for again later.") from e
    except (HTTPError, OSError, ValueError) as e:
        raise Unavailable(f"Jira: the answer to {what} broke off ({type(e).__name__}). Tried again.") from e
    finally:
        answer.close()
    answer._content = keepable(body)  # noqa: SLF001 - requests has no public way to say "I have read it"
    answer._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001


def _check(answer: requests.Response, what: str) -> None:
    """Raises what this status means."""
    status = answer.status_code
    if 200 <= status < 300:
        _is_json(answer, what)
        return
    said = _said(answer)
    if 300 <= status < 400:
        to = urlsplit(urljoin(answer.url, answer.headers.get("Location", "")))
        raise Refused(
            f"Jira: {what} was sent on to {to.scheme}://{to.netloc}. Connect that address instead.",
            status=status,
            whole_account=True,
        )
    if status in (401, 403):
        denied = answer.headers.get("X-Seraph-LoginReason", "") in SHUT_OUT
        raise Unauthorized(
            f"Jira: {what} answered {status} ({said}). Check the e-mail address, the API token (they end "
            "after a year at most) and the account's permissions.",
            status=status,
            whole_account=status == 401 or denied,
        )
    if status == 404 and _is_jira_error(answer):
        raise NotFound(f"Jira: {what} answered 404 ({said}). It is deleted, or hidden from us.", status=404)
    if status == 409:
        raise Conflict(f"Jira: {what} answered 409 ({said}). It is read again, then decided again.")
    if status == 404:
        raise Unavailable(
            f"Jira: {what} answered 404 with a page that is not Jira's. Look whether the site is switched "
            "off, or the address wrong."
        )
    if status in (408, 425, 429) or status >= 500:
        wait = waits.asked_for(answer.headers, now=datetime.now(UTC))
        raise Unavailable(
            f"Jira: {what} answered {status} ({said}). It is tried again by itself.{wait or ''}",
            after_s=wait.seconds if wait else None,
            sent=status not in (425, 429),
            whole_account="per-issue" not in answer.headers.get("RateLimit-Reason", ""),
        )
    raise Refused(
        f"Jira: {what} answered {status} ({said}). Asking again changes nothing.",
        status=status,
        fields=_about_fields(answer),
    )


def _is_json(answer: requests.Response, what: str) -> None:
    """Only a write is answered without words. What is no JSON is no proof, and the library would log it."""
    method = answer.request.method
    wordless = method in {"PUT", "DELETE"} or (method == "POST" and answer.status_code in {201, 204})
    try:
        if answer.content.strip() or not wordless:
            answer.json()
    except (ValueError, RecursionError):
        raise Unavailable(f"Jira: the answer to {what} is not JSON. It is asked for again later.") from None


def _is_jira_error(answer: requests.Response) -> bool:
    """A 404 in Jira's own words. A switched-off site says 404 too, as a page, and proves nothing."""
    try:
        return isinstance(answer.json(), dict)
    except (ValueError, RecursionError):
        return False


def _about_fields(answer: requests.Response) -> dict[str, str]:
    """What Jira says about single fields of what was sent."""
    try:
        errors = answer.json().get("errors")
    except (ValueError, RecursionError, AttributeError):
        return {}
    if not isinstance(errors, dict):
        return {}
    return {str(name): str(words)[:SAID_CHARS] for name, words in list(errors.items())[:MOST_FIELDS]}


def _said(answer: requests.Response) -> str:
    """Jira's own words for a person, short; never a page."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return "not Jira's own words" if answer.content else "no words"
    if not isinstance(body, dict):
        return "no words"
    errors = body.get("errors")
    said = list(body.get("errorMessages") or [])
    said += [f"{name}: {words}" for name, words in errors.items()] if isinstance(errors, dict) else []
    said += [body["message"]] if "message" in body else []
    reason = answer.headers.get("RateLimit-Reason")
    return ("; ".join([*map(str, said), *([reason] if reason else [])]) or "no words")[:SAID_CHARS]
