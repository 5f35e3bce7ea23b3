"""Issues: read, bulk fetch, make, edit, delete."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.documents import is_document, text_of
from sandbox.jira.rest import asked
from sandbox.jira.rest.createmeta import right
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller, may_browse
from sandbox.jira.state import AskedField, Issue, NoSuchIssue

BULK = 100
PROPERTIES = 5
SUMMARY_CHARS = 255


def add(api: Blueprint, backend: Backend) -> None:
    @api.get("/issue/<id_or_key>")
    def read_issue(id_or_key: str) -> ResponseReturnValue:
        found = asked.issue(backend, id_or_key)
        keep = shapes.chosen(request.args.getlist("fields"), "*all")
        expand = request.args.get("expand", "").split(",")
        properties = request.args.get("properties", "").split(",")
        shown = shapes.issue(
            backend.site, found, api=g.api, keep=keep, changelog="changelog" in expand, properties=properties
        )
        return jsonify(shown)

    @api.post("/issue/bulkfetch")
    def bulk_fetch() -> ResponseReturnValue:
        caller()
        return jsonify(_bulk(backend, asked.body()))

    @api.post("/issue")
    def make_issue() -> ResponseReturnValue:
        sent = asked.body()
        issue = _make(backend, sent.get("fields") or {})
        for one in sent.get("properties") or []:
            backend.do.set_property(issue, str(one["key"]), one.get("value"))
        url = f"{backend.site.url}/rest/api/{g.api}/issue/{issue.id}"
        return jsonify({"id": issue.id, "key": issue.key, "self": url}), 201

    @api.put("/issue/<id_or_key>")
    def edit_issue(id_or_key: str) -> ResponseReturnValue:
        by = caller()
        issue = asked.issue_to_write(backend, id_or_key)
        body = asked.body()
        sent = body.get("fields") or {}
        _edit(backend, issue, sent)
        if "labels" in (body.get("update") or {}):
            backend.do.edit(issue, by=by, labels=_labels(issue, body["update"]["labels"]))
        if "fixVersions" in sent:
            versions = [backend.site.versions[str(one["id"])] for one in sent["fixVersions"]]
            backend.do.fix_versions(issue, versions, by=by)
        return "", 204

    @api.delete("/issue/<id_or_key>")
    def delete_issue(id_or_key: str) -> ResponseReturnValue:
        by = caller()
        issue = asked.issue_to_write(backend, id_or_key)
        if backend.site.subtasks_of(issue) and request.args.get("deleteSubtasks") != "true":
            raise Problem(400, f"The issue '{issue.key}' has subtasks. You must specify 'deleteSubtasks'.")
        backend.do.delete(issue, by=by)
        return "", 204


def _bulk(backend: Backend, sent: dict[str, Any]) -> dict[str, Any]:
    """Found ones ascending by id. Neither missing nor hidden ones are mentioned at all."""
    wanted = sent.get("issueIdsOrKeys") or []
    properties = sent.get("properties") or []
    if not 0 < len(wanted) <= BULK:
        raise Problem(400, f"Between 1 and {BULK} issue IDs or keys must be given.")
    if len(properties) > PROPERTIES:
        raise Problem(400, f"At most {PROPERTIES} properties can be asked for.")
    found: dict[str, Issue] = {}
    for name in wanted:
        try:
            issue = backend.site.issue(str(name))
        except NoSuchIssue:
            continue
        if may_browse(backend.site.projects[issue.project_id]):
            found[issue.id] = issue
    keep = shapes.chosen(sent.get("fields") or [], "*navigable")
    changelog = "changelog" in (sent.get("expand") or [])
    shown = [
        shapes.issue(
            backend.site, found[ident], api=g.api, keep=keep, changelog=changelog, properties=properties
        )
        for ident in sorted(found, key=int)
    ]
    return {"expand": "schema,names", "issues": shown, "issueErrors": []}


def _make(backend: Backend, fields: dict[str, Any]) -> Issue:
    by, site = caller(), backend.site
    try:
        project = site.project(str(fields["project"].get("id") or fields["project"]["key"]))
    except (KeyError, AttributeError):
        raise Problem(400, errors={"project": "Specify a valid project ID or key"}) from None
    try:
        kind = site.issue_type(str(fields["issuetype"].get("id") or fields["issuetype"]["name"]))
    except (KeyError, AttributeError):
        raise Problem(400, errors={"issuetype": "Specify an issue type"}) from None
    _check(fields, new=True)
    asked_for = site.asked_fields.get(project.key, {})
    if wrong := _wrong(asked_for, fields):
        raise Problem(400, errors=wrong)
    if not project.open_to_new:
        raise Problem(400, errors={"project": "You cannot create issues in this project."})
    parent = None
    if fields.get("parent"):
        parent = asked.issue(backend, str(fields["parent"].get("id") or fields["parent"].get("key")))
    made = backend.do.create(
        project,
        fields["summary"],
        by=by,
        kind=kind,
        description=text_of(fields.get("description")),
        parent=parent,
    )
    made.extra = {ident: fields[ident] for ident in asked_for}
    return made


def _wrong(asked_for: Mapping[str, str | AskedField], fields: Mapping[str, Any]) -> dict[str, str]:
    """What is missing, or is of a kind that the field does not take, by id."""
    found = {}
    for ident, one in asked_for.items():
        if not fields.get(ident):
            found[ident] = f"{one if isinstance(one, str) else one.name} is required."
        elif not right(one, fields[ident]):
            found[ident] = "Operation value is not valid."
    return found


def _edit(backend: Backend, issue: Issue, fields: dict[str, Any]) -> None:
    _check(fields, new=False)
    described = "description" in fields
    backend.do.edit(
        issue,
        by=caller(),
        summary=fields.get("summary"),
        description=text_of(fields["description"]) if described else None,
    )


def _labels(issue: Issue, operations: list[dict[str, str]]) -> list[str]:
    """What is left after these operations. Raises Problem(400) for a label that is none."""
    labels = list(issue.labels)
    for operation in operations:
        for deed, label in operation.items():
            if not label or " " in label or deed not in {"add", "remove"}:
                raise Problem(400, errors={"labels": "The label can't contain spaces."})
            labels = [one for one in labels if one != label] + ([label] if deed == "add" else [])
    return labels


def _check(fields: dict[str, Any], *, new: bool) -> None:
    """Raises Problem(400) as Jira does for a summary or a description that it cannot take."""
    summary = fields.get("summary")
    if new and not summary:
        raise Problem(400, errors={"summary": "You must specify a summary of the issue."})
    if summary and "\n" in summary:
        raise Problem(
            400, errors={"summary": "The summary is invalid because it contains newline characters."}
        )
    if summary and len(summary) > SUMMARY_CHARS:
        raise Problem(400, errors={"summary": f"Summary must be less than {SUMMARY_CHARS} characters."})
    description = fields.get("description")
    if g.api == 3 and description is not None and not is_document(description):
        raise Problem(400, errors={"description": "Operation value must be an Atlassian Document"})
