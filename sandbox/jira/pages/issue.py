"""One issue: its words, links and history, the app's panel in its frame, and what engineers do with it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from sandbox.jira.backend import Backend
from sandbox.jira.state import Issue, Link
from sandbox.jira.words import User

PANEL = "demand-context"
FORGE_PANEL = "kithspark-demand"
HISTORY = 30


def add(pages: Blueprint, backend: Backend) -> None:
    @pages.get("/browse/<key>")
    def show_issue(key: str) -> ResponseReturnValue:
        with backend.site.lock:
            issue = backend.site.issue(key)
            if issue.key != key:
                return redirect(f"/browse/{issue.key}", 302)
            return render_template("jira_issue.html", **_shown(backend, issue, g.person))

    @pages.post("/browse/<key>/do")
    def do(key: str) -> ResponseReturnValue:
        with backend.site.lock:
            issue = backend.site.issue(key)
            try:
                DEEDS[request.form["deed"]](backend, issue, request.form, g.person)
            except (ValueError, LookupError) as e:
                return redirect(f"/browse/{issue.key}?said={quote(str(e.args[0]))}", 303)
            there = issue.id in backend.site.issues
            return redirect(f"/browse/{issue.key}" if there else "/", 303)


def _shown(backend: Backend, issue: Issue, reader: User) -> dict[str, Any]:
    site = backend.site
    return {
        "issue": issue,
        "project": site.projects[issue.project_id],
        "links": [_side(backend, issue, link) for link in site.links_of(issue)],
        "children": site.subtasks_of(issue),
        "history": list(reversed(issue.history))[:HISTORY],
        "resolutions": site.resolutions,
        "versions": [one for one in site.versions.values() if one.project_id == issue.project_id],
        "projects": [one for one in site.projects.values() if one.id != issue.project_id],
        "others": [one for one in site.issues.values() if one.id != issue.id],
        "properties": {
            key: json.dumps(value, indent=2, ensure_ascii=False) for key, value in issue.properties.items()
        },
        "frame": _frame(backend, issue, reader),
        "forge": FORGE_PANEL if backend.forge.installed else "",
    }


def _frame(backend: Backend, issue: Issue, reader: User) -> str:
    """The panel's address; empty where no app is installed."""
    try:
        here = request.host_url.rstrip("/")
        return backend.connect.frame_url(issue, reader, module=PANEL, shown_at=here)
    except KeyError:
        return ""


def _side(backend: Backend, issue: Issue, link: Link) -> dict[str, Any]:
    """A link as this issue says it."""
    is_source = link.source == issue.id
    return {
        "id": link.id,
        "words": link.type.outward if is_source else link.type.inward,
        "other": backend.site.issues[link.destination if is_source else link.source],
    }


Form = MultiDict[str, str]


def _go(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    site = backend.site
    resolution = site.resolution_called(form["resolution"]) if form.get("resolution") else None
    backend.do.transition(issue, site.status_of(form["to"]), resolution, by=by)


def _split(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    names = [line.strip() for line in form["into"].splitlines() if line.strip()]
    if not names:
        raise ValueError("Give each part a name, one a line.")
    backend.do.split(issue, names, by=by)


def _duplicate(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    site, other = backend.site, _other(backend, issue, form["of"])
    backend.do.link(site.link_type("Duplicate"), issue, other, by=by)
    backend.do.transition(issue, site.status_of("done"), site.resolution_called("Duplicate"), by=by)


def _link(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    other = _other(backend, issue, form["other"])
    backend.do.link(backend.site.link_type(form["type"]), issue, other, by=by)


def _unlink(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    link = backend.site.links.get(form["link"])
    if link is not None and issue.id in (link.source, link.destination):
        backend.do.unlink(link, by=by)


def _move(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    key = form["project"].strip().upper()
    if not (key.isascii() and key.isalnum() and key[0].isalpha()):
        raise ValueError("A project key is made of letters and digits.")
    try:
        project = backend.site.project(key)
    except KeyError:
        project = backend.do.add_project(key, key, public=False, by=by)
    if project.id != issue.project_id:
        backend.do.move(issue, project, by=by)


def _fix_versions(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    chosen = [backend.site.versions[ident] for ident in form.getlist("version")]
    if name := form.get("new", "").strip():
        chosen.append(backend.do.add_version(backend.site.projects[issue.project_id], name))
    backend.do.fix_versions(issue, chosen, by=by)


def _edit(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    backend.do.edit(
        issue, by=by, summary=form["summary"].strip() or None, description=form.get("description", "").strip()
    )


def _delete(backend: Backend, issue: Issue, form: Form, by: User) -> None:
    if form.get("sure") != issue.key:
        raise ValueError(f"To delete it for good, type {issue.key}.")
    backend.do.delete(issue, by=by)


def _other(backend: Backend, issue: Issue, key: str) -> Issue:
    other = backend.site.issue(key.strip())
    if other is issue:
        raise ValueError("An issue cannot be linked to itself.")
    return other


DEEDS: dict[str, Callable[[Backend, Issue, Form, User], None]] = {
    "go": _go,
    "split": _split,
    "duplicate": _duplicate,
    "link": _link,
    "unlink": _unlink,
    "move": _move,
    "fix versions": _fix_versions,
    "edit": _edit,
    "delete": _delete,
}
