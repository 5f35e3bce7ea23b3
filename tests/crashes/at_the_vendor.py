"""Kills from the vendor's side: while a write is under way, before or after the vendor has made it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from connectors.zendesk import marks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True)
class Write:
    """One kind of write. `fits` says so of its body."""

    vendor: str
    method: str
    path: str
    fits: Callable[[Mapping[str, Any]], bool]


def _comment(body: Mapping[str, Any], *, public: bool, key: str) -> bool:
    ticket = body.get("ticket", {})
    return ticket.get("comment", {}).get("public") is public and key in ticket.get("metadata", {})


def _follows(body: Mapping[str, Any]) -> bool | None:
    """Whether a new ticket follows a closed one; None for no ticket."""
    return "via_followup_source_id" in body["ticket"] if "ticket" in body else None


TICKETS = r"/tickets(\.json)?$"
WRITES: Mapping[str, Write] = {
    "reply": Write("zendesk", "PUT", r"/tickets/", lambda body: _comment(body, public=True, key=marks.KEY)),
    "note": Write("zendesk", "PUT", r"/tickets/", lambda body: _comment(body, public=False, key=marks.KEY)),
    "giveup": Write(
        "zendesk", "PUT", r"/tickets/", lambda body: _comment(body, public=False, key=marks.TAKEN_BACK)
    ),
    "followup": Write("zendesk", "POST", TICKETS, lambda body: _follows(body) is True),
    "proactive": Write("zendesk", "POST", TICKETS, lambda body: _follows(body) is False),
    "comment": Write("zendesk", "POST", r"/comments(\.json)?$", lambda body: "comment" in body),
    "pushes": Write("jira", "PUT", r"/properties/", lambda body: "rev" in body),
    "part": Write("jira", "POST", r"/issue$", lambda body: "fields" in body),
    "link": Write("jira", "POST", r"/issueLink$", lambda body: "type" in body),
    "close": Write("jira", "POST", r"/transitions$", lambda body: "transition" in body),
    "unlink": Write("jira", "DELETE", r"/issueLink/", lambda body: not body),
    "reopen": Write("jira", "POST", r"/transitions$", lambda body: "transition" in body),
}

MOMENTS: Mapping[str, str] = {
    f"{kind}.{when}": words
    for kind in WRITES
    for when, words in (
        ("written", "the request is with the vendor, who carries it out only when we are dead"),
        ("applied", "the vendor has carried it out; nobody reads the answer"),
    )
}
"""The points that only the vendor sees: the request is out, and we have no answer."""


class Watch:
    """Stands before a vendor's app, and calls `kill` at the ordered moment, once."""

    def __init__(self, vendor: str, app: "WSGIApplication") -> None:
        self._vendor = vendor
        self._app = app
        self._kind = self._when = ""
        self.kill: Callable[[], None] = lambda: None
        self.obeyed = False

    def order(self, moment: str, kill: Callable[[], None]) -> None:
        kind, _, when = moment.partition(".")
        if WRITES[kind].vendor == self._vendor:
            self._kind, self._when, self.kill, self.obeyed = kind, when, kill, False

    def clear(self) -> None:
        self._kind = ""

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if not self._kind or not self._meant(environ):
            return self._app(environ, start)
        when, self._kind, self.obeyed = self._when, "", True
        if when == "written":
            self.kill()
            return self._app(environ, start)
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        self.kill()
        return Response(b"".join(chunks), status, headers)(environ, start)

    def _meant(self, environ: "WSGIEnvironment") -> bool:
        write = WRITES[self._kind]
        if environ["REQUEST_METHOD"] != write.method or not re.search(write.path, environ["PATH_INFO"]):
            return False
        raw = environ["wsgi.input"].read()
        environ["wsgi.input"] = BytesIO(raw)
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            return False
        return isinstance(body, dict) and write.fits(body)
