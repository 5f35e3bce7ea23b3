"""Search by JQL with page tokens. The old search is gone."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira import searching, shapes
from sandbox.jira.backend import Backend
from sandbox.jira.jql import BadJql
from sandbox.jira.rest import asked
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller, may_browse

PAGE = 50
MOST = 5000
RECONCILED = 50
GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at the developer documentation, CHANGE-2046."
)


def add(api: Blueprint, backend: Backend) -> None:
    @api.route("/search", methods=["GET", "POST"])
    def old_search() -> ResponseReturnValue:
        raise Problem(410, GONE)

    @api.get("/search/jql")
    def search_by_query() -> ResponseReturnValue:
        caller()
        args = request.args
        sent = {
            "jql": args.get("jql"),
            "fields": args.getlist("fields"),
            "expand": args.get("expand"),
            "properties": [key for part in args.getlist("properties") for key in part.split(",")],
            "maxResults": args.get("maxResults", PAGE, int),
            "nextPageToken": args.get("nextPageToken"),
            "reconcileIssues": args.getlist("reconcileIssues"),
        }
        return jsonify(_page(backend, sent))

    @api.post("/search/jql")
    def search_by_body() -> ResponseReturnValue:
        caller()
        return jsonify(_page(backend, asked.body()))

    @api.post("/search/approximate-count")
    def count() -> ResponseReturnValue:
        caller()
        return jsonify({"count": len(_found(backend, str(asked.body().get("jql") or ""), set()))})


def _found(backend: Backend, jql: str, reconcile: set[str]) -> list[Any]:
    try:
        found = searching.find(backend.site, jql, reconcile=reconcile)
    except BadJql as e:
        raise Problem(400, str(e)) from None
    return [issue for issue in found if may_browse(backend.site.projects[issue.project_id])]


def _page(backend: Backend, sent: dict[str, Any]) -> dict[str, Any]:
    reconcile = {str(ident) for ident in sent.get("reconcileIssues") or []}
    if len(reconcile) > RECONCILED:
        raise Problem(400, f"At most {RECONCILED} issues can be reconciled.")
    jql = str(sent.get("jql") or "")
    found = _found(backend, jql, reconcile)
    start = _start(sent.get("nextPageToken"), jql)
    size = min(int(sent.get("maxResults") or PAGE), MOST)
    end = start + size
    shown = [_shown(backend, issue, sent) for issue in found[start:end]]
    page: dict[str, Any] = {"issues": shown, "isLast": end >= len(found)}
    if end < len(found):
        page["nextPageToken"] = _token(jql, end)
    if backend.site.search_quirk == "repeats token":
        page |= {"isLast": False, "nextPageToken": _token(jql, 0)}
    if backend.site.search_quirk == "never last":
        page |= {"isLast": False, "nextPageToken": _token(jql, end)}
    return page


def _shown(backend: Backend, issue: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """Only the id, unless fields are asked for."""
    names: Sequence[str] = sent.get("fields") or ["id"]
    if list(names) == ["id"]:
        return {"id": issue.id}
    return shapes.issue(
        backend.site,
        issue,
        api=g.api,
        keep=shapes.chosen(names, "id"),
        changelog="changelog" in (sent.get("expand") or ""),
        properties=sent.get("properties") or [],
    )


def _token(jql: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, jql]).encode()).decode()


def _start(token: str | None, jql: str) -> int:
    """Raises Problem(400) for a token of another query."""
    if not token:
        return 0
    try:
        start, known = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        raise Problem(400, "The nextPageToken is invalid.") from None
    if known != jql:
        raise Problem(400, "The nextPageToken does not belong to this query.")
    return int(start)
