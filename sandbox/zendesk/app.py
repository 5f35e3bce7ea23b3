"""Puts the vendor together: one Flask app, one lock, its own errors and headers."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, g, jsonify, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date

from sandbox import faults
from sandbox.zendesk import auth, pages
from sandbox.zendesk.pages import agent, inbox
from sandbox.zendesk.problems import Problem
from sandbox.zendesk.rest import apps, community, histories, jira, tickets, users, webhooks
from sandbox.zendesk.rest.here import authenticate, vendor

if TYPE_CHECKING:
    from sandbox.zendesk import Zendesk

ROUTES = (auth, tickets, histories, users, webhooks, apps, jira, community, agent, inbox)

FILES = {
    "/style.css": "style.css",
    "/zaf_sdk.min.js": "zaf_sdk.js",
    "/zaf_host.js": "zaf_host.js",
}
"""The first for our own pages; the second is what an app in the sidebar loads to talk to the third."""


class OneAtATime(Flask):
    """Each request has the account to itself while it is worked on."""

    def full_dispatch_request(self) -> Response:
        with self.extensions["zendesk"].account.lock:
            return super().full_dispatch_request()


def make(zendesk: "Zendesk") -> Flask:
    app = OneAtATime("sandbox.zendesk", template_folder="pages", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["zendesk"] = zendesk
    for module in ROUTES:
        app.register_blueprint(module.routes)
    app.before_request(authenticate)
    app.after_request(with_headers)
    app.register_error_handler(Problem, refuse)
    for path, name in FILES.items():
        app.add_url_rule(path, endpoint=name, view_func=static(name))
    app.wsgi_app = without_suffix(app.wsgi_app)  # type: ignore[method-assign]
    faults.install(zendesk.faults, app)
    return app


def with_headers(response: Response) -> Response:
    response.headers.update(g.get("rate_headers") or {})
    response.headers["Date"] = http_date(vendor().clock.now())
    return response


def refuse(problem: Problem) -> ResponseReturnValue:
    return jsonify(problem.body), problem.status, problem.headers


def static(name: str) -> Callable[[], ResponseReturnValue]:
    def send() -> ResponseReturnValue:
        return send_from_directory(Path(pages.__file__).parent, name)

    return send


def without_suffix(app: Callable[..., Any]) -> Callable[..., Any]:
    """`/api/v2/tickets/5.json` is `/api/v2/tickets/5`."""

    def inner(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        path = environ["PATH_INFO"]
        if path.startswith(("/api/v2/", "/api/services/")):
            environ["PATH_INFO"] = path.removesuffix(".json")
        return app(environ, start_response)

    return inner
