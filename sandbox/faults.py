"""Faults that a test or the demo can order from a vendor: lost answers, lost requests, garbage, delays.

What each kind does stands in `KINDS`; whether the vendor has *applied* the request is the point of most.
"""

import json
import os
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KINDS = {
    "drop_before": "close the connection without an answer; nothing applied",
    "drop_after": "apply, then close the connection without an answer",
    "delay": "wait `seconds`, then apply and answer",
    "status": "answer `status` with `headers` and the vendor's error body; nothing applied",
    "status_after": "apply, then answer `status` as above",
    "html": "answer 502 with an HTML page; nothing applied",
    "garbage": "answer 200 with something that is not JSON; nothing applied",
    "truncated": "apply, then answer the first half of the true answer",
    "reset": "reset the connection (RST) without an answer; nothing applied",
    "cut": "apply, then send the first half of the true answer and close the connection",
    "empty": "apply, then answer 200 without a body",
    "huge": "answer 200 with 9 MB of JSON; nothing applied",
}


APPLIED = frozenset({"drop_after", "status_after", "truncated", "cut", "empty"})
HUGE_BYTES = 9 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, for the next `times` requests that match, after `skip` matching ones went through.

    `path` is a regular expression searched in the path with its query. `body`, where given, replaces
    the vendor's own error body.
    """

    kind: str
    method: str = "*"
    path: str = r".*"
    times: int = 1
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    skip: int = 0
    body: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault is called {self.kind!r}. There are: {', '.join(KINDS)}.")
        re.compile(self.path)

    def fits(self, method: str, target: str) -> bool:
        return self.method in ("*", method) and re.search(self.path, target) is not None


@dataclass(slots=True)
class Order:
    """What is left of one ordered fault."""

    fault: Fault
    skip: int
    times: int


def plain_error(status: int) -> object:
    """An error body for a vendor that has said nothing about its own."""
    return {"error": HTTPStatus(status).phrase, "status": status}


class Faults:
    """The faults ordered from one vendor, used up in the order in which they were ordered."""

    def __init__(self, error: Callable[[int], object] = plain_error) -> None:
        self._error = error
        self._lock = threading.Lock()
        self._ordered: list[Order] = []
        self.log: list[tuple[str, str, str]] = []
        """(kind, method, path with query) of every fault that came to pass."""

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._ordered.append(Order(fault, fault.skip, fault.times))

    def clear(self) -> None:
        with self._lock:
            self._ordered.clear()

    def wrap(self, app: "WSGIApplication") -> "WSGIApplication":
        """The same app, with these faults in front of it."""

        def faulty(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            fault = self._next(environ)
            if fault is None:
                return app(environ, start)
            if fault.kind == "delay":
                time.sleep(fault.seconds)
                return app(environ, start)
            if fault.kind in APPLIED:
                chunks, _, _ = run_wsgi_app(app, environ, buffered=True)
                answer = self._answer(fault, environ, applied=b"".join(chunks))
            else:
                answer = self._answer(fault, environ, applied=b"")
            return answer(environ, start)

        return faulty

    def _next(self, environ: "WSGIEnvironment") -> Fault | None:
        target = environ["PATH_INFO"] + ("?" + query if (query := environ.get("QUERY_STRING")) else "")
        if target.startswith("/_sandbox/"):
            return None
        method = environ["REQUEST_METHOD"]
        with self._lock:
            for order in self._ordered:
                if order.times <= 0 or not order.fault.fits(method, target):
                    continue
                if order.skip > 0:
                    order.skip -= 1
                    continue
                order.times -= 1
                self.log.append((order.fault.kind, method, target))
                return order.fault
        return None

    def _answer(self, fault: Fault, environ: "WSGIEnvironment", *, applied: bytes) -> Response:
        match fault.kind:
            case "html":
                page = "<!doctype html><title>502</title><h1>Bad gateway</h1>"
                return Response(page, 502, content_type="text/html")
            case "garbage":
                return Response("}{ not json", 200, content_type="application/json")
            case "truncated":
                return Response(applied[: len(applied) // 2], 200, content_type="application/json")
            case "cut":
                half = Response(applied[: len(applied) // 2], 200, content_type="application/json")
                half.headers.update({"Content-Length": str(max(len(applied), 1)), "Connection": "close"})
                return half
            case "empty":
                return Response(b"", 200, content_type="application/json")
            case "huge":
                return Response(b'{"a": "' + b"a" * HUGE_BYTES, 200, content_type="application/json")
            case "status" | "status_after":
                body = fault.body or json.dumps(self._error(fault.status))
                answer = Response(body, fault.status, content_type="application/json")
                answer.headers.update(fault.headers)
                return answer
        hang_up(environ["werkzeug.socket"], reset=fault.kind == "reset")
        return Response(status=204)  # nobody can read it any more


def hang_up(connection: socket.socket, *, reset: bool) -> None:
    """End a connection under its server's hands, politely (FIN) or with a reset (RST)."""
    if not reset:
        connection.shutdown(socket.SHUT_RDWR)
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def install(faults: Faults, app: Flask) -> None:
    """Put these faults in front of this app, and the door by which other processes order them."""
    app.register_blueprint(blueprint(faults))
    app.wsgi_app = faults.wrap(app.wsgi_app)  # type: ignore[method-assign, assignment]


def blueprint(faults: Faults) -> Blueprint:
    """`POST /_sandbox/faults` orders one (a Fault as JSON), `DELETE` clears all: for another process."""
    pages = Blueprint("faults", __name__)

    @pages.post("/_sandbox/faults")
    def order() -> ResponseReturnValue:
        try:
            faults.order(Fault(**request.get_json()))
        except (TypeError, ValueError, re.error) as e:
            return jsonify(error=str(e)), 400
        return "", 204

    @pages.delete("/_sandbox/faults")
    def clear() -> ResponseReturnValue:
        faults.clear()
        return "", 204

    return pages
