"""What went wrong, in plain words: a page for a browser, a fragment inside a frame, JSON for a script.

Whoever asks for something that is not there and whoever asks for something that is not theirs get the
very same answer.
"""

from dataclasses import dataclass

import requests
import structlog
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from connectors.errors import Unavailable
from lineage.errors import LineageError
from lineage.wording.catalogue import later
from plugin.bearer import NotProven
from store.errors import GiveUp, TryLater
from store.gate import Busy
from store.workspaces import NoSuchWorkspace

FRAMES = ("/zendesk/", "/jira/", "/connect/")
"""Paths whose pages are shown inside a host's page."""

log = structlog.get_logger()


class Missing(Exception):
    """Not there, or not for this caller: the answer does not say which."""


class SignInFirst(Exception):
    """An operator's page, and nobody is signed in as one."""


class NotAllowed(Exception):
    """Proven, and still not allowed. The message says why."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`status` for machines; `what` and `mend` are two short sentences for a person."""

    status: int
    what: str
    mend: str


NOT_THERE = Trouble(
    404, later("There is nothing here."), later("It may have moved, or it is not for you to see.")
)
OUR_FAULT = Trouble(
    500, later("Something of ours broke."), later("It was noted. Try again; nothing was half done.")
)
BY_STATUS = {
    400: Trouble(400, later("This form is no longer good."), later("Reload the page and send it again.")),
    404: NOT_THERE,
    405: NOT_THERE,
    413: Trouble(413, later("That is too much at once."), later("Make it shorter and send it again.")),
    415: Trouble(
        415, later("That is not a kind of content we take here."), later("Send it as the documentation says.")
    ),
    429: Trouble(429, later("That was a little too often."), later("Wait a minute, then try again.")),
}


def answer(app: Flask) -> None:
    """Have every error of this app answered here. Blueprints may still answer their own."""
    app.register_error_handler(SignInFirst, lambda _: redirect(url_for("admin.signin.first")))
    app.register_error_handler(Exception, as_response)


def trouble(error: Exception) -> Trouble:
    """What to say about an error."""
    if isinstance(error, NotProven):
        return Trouble(401, later("We cannot tell who you are."), str(error))
    if isinstance(error, NotAllowed):
        return Trouble(403, later("You may not do this."), str(error))
    if isinstance(error, Missing | NoSuchWorkspace):
        return NOT_THERE
    if isinstance(error, LineageError):
        return Trouble(409, later("That was not possible."), str(error))
    if isinstance(error, TryLater | GiveUp):
        return Trouble(_vendor_status(error), str(error), later("What is shown here stays as it was."))
    if isinstance(error, Busy):
        return Trouble(503, later("The database is busy."), later("Try again in a moment."))
    if isinstance(error, HTTPException) and error.code:
        plain = Trouble(error.code, f"{error.name}.", later("Go back and try again."))
        return BY_STATUS.get(error.code, plain)
    return OUR_FAULT


def _vendor_status(error: TryLater | GiveUp) -> int:
    silent = isinstance(error.__cause__ or error.__context__, requests.exceptions.Timeout)
    return 504 if isinstance(error, Unavailable) and silent else 502


def as_response(error: Exception) -> Response:
    """What is answered in its place: a page, a part of one, or JSON, as this request needs it."""
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return make_response(error.get_response())
    said = trouble(error)
    if said is OUR_FAULT:
        # The route and not the path, which can hold a token.
        log.error("unexpected", route=str(request.url_rule), exc_info=error)
    response = _in_their_form(said)
    if isinstance(error, HTTPException) and error.response is None:
        response.headers.extend((k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After"))
    if said.status == 503:
        response.headers["Retry-After"] = "30"
    return response


def _in_their_form(said: Trouble) -> Response:
    if request.path.startswith(("/api/", "/webhooks/")):
        body = jsonify(error={"status": said.status, "what": said.what, "mend": said.mend})
        return make_response(body, said.status)
    in_frame = request.path.startswith(FRAMES)
    as_part = "HX-Request" in request.headers or "Authorization" in request.headers
    response = make_response(render_template("error.html", said=said, as_part=as_part), said.status)
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            # An error page says nothing and does nothing, so whoever frames it gains nothing.
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
            f"frame-ancestors {'*' if in_frame else chr(39) + 'none' + chr(39)}",
        }
    )
    return response
