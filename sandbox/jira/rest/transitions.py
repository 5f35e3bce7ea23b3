"""What moves an issue on: transitions; and what ties it to the outside: remote links."""

from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.rest import asked
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller
from sandbox.jira.state import Issue
from sandbox.jira.words import TRANSITIONS, Named


def add(api: Blueprint, backend: Backend) -> None:
    @api.get("/issue/<id_or_key>/transitions")
    def transitions(id_or_key: str) -> ResponseReturnValue:
        asked.issue(backend, id_or_key)
        return jsonify({"expand": "transitions", "transitions": _transitions(backend)})

    @api.post("/issue/<id_or_key>/transitions")
    def transition(id_or_key: str) -> ResponseReturnValue:
        by = caller()
        issue = asked.issue_to_write(backend, id_or_key)
        sent = asked.body()
        to = TRANSITIONS.get(str((sent.get("transition") or {}).get("id", "")))
        if to is None:
            raise Problem(400, "It is not possible to transition the issue: the transition is not valid.")
        backend.do.transition(issue, to, _resolution(backend, sent, to.category), by=by)
        return "", 204

    @api.post("/issue/<id_or_key>/remotelink")
    def remote_link(id_or_key: str) -> ResponseReturnValue:
        caller()
        issue = asked.issue_to_write(backend, id_or_key)
        return _remote_link(backend, issue, asked.body())

    @api.get("/issue/<id_or_key>/remotelink")
    def remote_links(id_or_key: str) -> ResponseReturnValue:
        return jsonify(list(asked.issue(backend, id_or_key).remote_links.values()))

    @api.delete("/issue/<id_or_key>/remotelink")
    def no_remote_link(id_or_key: str) -> ResponseReturnValue:
        """By `globalId`, which the question names."""
        caller()
        issue = asked.issue_to_write(backend, id_or_key)
        if issue.remote_links.pop(request.args.get("globalId", ""), None) is None:
            raise Problem(404, "The remote link cannot be found.")
        return "", 204


def _transitions(backend: Backend) -> list[dict[str, Any]]:
    return [
        {
            "id": ident,
            "name": to.name,
            "to": shapes.status(backend.site, to),
            "hasScreen": False,
            "isGlobal": True,
            "isInitial": False,
            "isAvailable": True,
            "isConditional": False,
            "isLooped": False,
        }
        for ident, to in TRANSITIONS.items()
    ]


def _resolution(backend: Backend, sent: dict[str, Any], category: str) -> Named | None:
    """The one asked for; else Jira's own post function: Done where the issue gets done."""
    if category != "done":
        return None
    wanted = (sent.get("fields") or {}).get("resolution") or {"name": "Done"}
    try:
        return backend.site.resolution_called(str(wanted.get("id") or wanted["name"]))
    except KeyError:
        raise Problem(400, errors={"resolution": "Resolution name is not valid."}) from None


def _remote_link(backend: Backend, issue: Issue, sent: dict[str, Any]) -> ResponseReturnValue:
    if not (sent.get("object") or {}).get("title"):
        raise Problem(400, errors={"title": "'title' is required."})
    known = issue.remote_links.get(str(sent.get("globalId")))
    ident = known["id"] if known else int(backend.site.new_id("remote link"))
    issue.remote_links[str(sent.get("globalId") or ident)] = {"id": ident, **sent}
    url = f"{backend.site.url}/rest/api/{g.api}/issue/{issue.key}/remotelink/{ident}"
    return jsonify({"id": ident, "self": url}), 200 if known else 201
