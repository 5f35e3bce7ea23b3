"""Projects."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller, may_browse
from sandbox.jira.words import ISSUE_TYPES


def add(api: Blueprint, backend: Backend) -> None:
    site = backend.site

    @api.get("/project")
    def projects() -> ResponseReturnValue:
        caller()
        return jsonify([shapes.project(site, one) for one in site.projects.values()])

    @api.get("/project/search")
    def search_projects() -> ResponseReturnValue:
        caller()
        start = request.args.get("startAt", 0, int)
        size = min(request.args.get("maxResults", 50, int), 100)
        creating = request.args.get("action") == "create"
        here = [one for one in site.projects.values() if one.open_to_new or not creating]
        found = [shapes.project(site, one) for one in here]
        page: dict[str, Any] = {
            "self": f"{site.url}{request.full_path}",
            "maxResults": size,
            "startAt": start,
            "total": len(found),
            "isLast": start + size >= len(found),
            "values": found[start : start + size],
        }
        return jsonify(page)

    @api.get("/project/<id_or_key>")
    def project(id_or_key: str) -> ResponseReturnValue:
        try:
            found = site.project(id_or_key)
        except KeyError:
            found = None
        if found is None or not may_browse(found):
            raise Problem(404, f"No project could be found with key '{id_or_key}'.")
        types = [shapes.issue_type(site, one) for one in ISSUE_TYPES]
        return jsonify({**shapes.project(site, found), "issueTypes": types})
