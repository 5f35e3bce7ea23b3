"""The board: every issue by how far it is, search by JQL, versions, and what was told by webhook."""

import json
from typing import Any

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.jira import searching
from sandbox.jira.backend import Backend
from sandbox.jira.jql import BadJql
from sandbox.jira.state import Issue
from sandbox.jira.words import STATUSES

BY_DEMAND = "kithsparkDemand >= 0 ORDER BY kithsparkDemand DESC"
TOLD = 15


def add(pages: Blueprint, backend: Backend) -> None:
    site = backend.site

    @pages.get("/")
    def show_board() -> ResponseReturnValue:
        with site.lock:
            columns = [(status, _in(backend, status.id)) for status in STATUSES]
            versions = [(one, site.projects[one.project_id]) for one in site.versions.values()]
            return render_template(
                "jira_board.html",
                columns=columns,
                projects=list(site.projects.values()),
                versions=versions,
                by_demand=BY_DEMAND,
                told=_told(backend),
            )

    @pages.get("/search")
    def search() -> ResponseReturnValue:
        jql, found, error = request.args.get("jql", BY_DEMAND), [], ""
        with site.lock:
            try:
                found = searching.find(site, jql, reconcile=set())
            except BadJql as e:
                error = str(e)
            rows = [(issue, _demand(issue)) for issue in found]
            return render_template("jira_search.html", jql=jql, rows=rows, error=error)

    @pages.post("/create")
    def create() -> ResponseReturnValue:
        form = request.form
        with site.lock:
            issue = backend.do.create(
                site.project(form["project"]),
                form["summary"].strip() or "No summary",
                by=g.person,
                kind=site.issue_type("Story"),
            )
            return redirect(f"/browse/{issue.key}", 303)

    @pages.post("/versions/<ident>")
    def release(ident: str) -> ResponseReturnValue:
        with site.lock:
            version = site.versions[ident]
            backend.do.release(version, released=not version.released)
        return redirect(request.form.get("back", "/"), 303)


def _in(backend: Backend, status_id: str) -> list[tuple[Issue, Any]]:
    found = [issue for issue in backend.site.issues.values() if issue.status.id == status_id]
    return [(issue, _demand(issue)) for issue in sorted(found, key=lambda one: int(one.id))]


def _demand(issue: Issue) -> Any:
    value = issue.properties.get("kithspark.demand")
    return value if isinstance(value, dict) else {}


def _told(backend: Backend) -> list[tuple[str, str, str]]:
    """The latest webhook calls: (event, where to, what came back)."""
    latest = list(reversed(backend.sender.outgoing.attempts))[:TOLD]
    told = [(json.loads(one.body), one) for one in latest]
    return [
        (said.get("webhookEvent") or said["eventType"], one.url, str(one.status or "no answer"))
        for said, one in told
    ]
