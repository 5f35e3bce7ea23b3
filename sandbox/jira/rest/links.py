"""Issue links and their types."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.rest import asked
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller
from sandbox.jira.state import Issue, Link


def add(api: Blueprint, backend: Backend) -> None:
    site = backend.site

    @api.get("/issueLinkType")
    def link_types() -> ResponseReturnValue:
        caller()
        return jsonify({"issueLinkTypes": [shapes.link_type(site, one) for one in site.link_types]})

    @api.post("/issueLink")
    def make_link() -> ResponseReturnValue:
        """`inwardIssue` is where the link comes from: the one that says the type's outward words."""
        by = caller()
        sent = asked.body()
        kind = sent.get("type") or {}
        try:
            found = site.link_type(str(kind.get("id") or kind.get("name")))
        except KeyError:
            raise Problem(404, f"No issue link type with name '{kind.get('name')}' found.") from None
        source, destination = _end(backend, sent, "inwardIssue"), _end(backend, sent, "outwardIssue")
        if source is destination:
            raise Problem(400, "You cannot link an issue to itself.")
        backend.do.link(found, source, destination, by=by)
        return "", 201

    @api.get("/issueLink/<ident>")
    def read_link(ident: str) -> ResponseReturnValue:
        caller()
        return jsonify(shapes.link(site, _link(backend, ident), seen_from=None))

    @api.delete("/issueLink/<ident>")
    def delete_link(ident: str) -> ResponseReturnValue:
        by = caller()
        backend.do.unlink(_link(backend, ident), by=by)
        return "", 204


def _link(backend: Backend, ident: str) -> Link:
    try:
        return backend.site.links[ident]
    except KeyError:
        raise Problem(404, f"No issue link with id '{ident}' exists.") from None


def _end(backend: Backend, sent: dict[str, Any], name: str) -> Issue:
    asked_for = sent.get(name) or {}
    return asked.issue_to_write(backend, str(asked_for.get("id") or asked_for.get("key")))
