"""What a new issue may be in a project, and what it must have there."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.documents import is_document
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller
from sandbox.jira.state import AskedField, Project
from sandbox.jira.words import ISSUE_TYPES

MOST = 200
USUAL = {"summary": "Summary", "issuetype": "Issue Type", "project": "Project", "reporter": "Reporter"}
"""Asked for everywhere; the reporter is the caller unless somebody else is named."""


def add(api: Blueprint, backend: Backend) -> None:
    site = backend.site

    @api.get("/issue/createmeta/<project>/issuetypes")
    def types_to_make(project: str) -> ResponseReturnValue:
        caller()
        kinds = ISSUE_TYPES if _project(backend, project).open_to_new else ()
        return jsonify(_page([shapes.issue_type(site, one) for one in kinds], "issueTypes"))

    @api.get("/issue/createmeta/<project>/issuetypes/<kind>")
    def fields_to_fill(project: str, kind: str) -> ResponseReturnValue:
        caller()
        found = _project(backend, project)
        if kind not in {one.id for one in ISSUE_TYPES}:
            raise Problem(404, "Issue type is not found.")
        usual = [_field(ident, name, defaults=ident == "reporter") for ident, name in USUAL.items()]
        asked = site.asked_fields.get(found.key, {})
        fields = [*usual, *(_asked(ident, one) for ident, one in asked.items())]
        return jsonify(_page([*fields, _field("description", "Description", required=False)], "fields"))


def _project(backend: Backend, id_or_key: str) -> Project:
    try:
        return backend.site.project(id_or_key)
    except KeyError:
        raise Problem(404, f"No project could be found with key '{id_or_key}'.") from None


def _page(rows: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    start, size = request.args.get("startAt", 0, int), request.args.get("maxResults", 50, int)
    if size > MOST:
        raise Problem(400, f"Parameter 'maxResults' must not exceed the limit '{MOST}'")
    return {"maxResults": size, "startAt": start, "total": len(rows), name: list(rows[start : start + size])}


def _asked(ident: str, one: str | AskedField) -> dict[str, Any]:
    if isinstance(one, str):
        one = AskedField(one)
    of, _, items = one.kind.partition(" of ")
    schema: dict[str, Any] = {
        "type": "string" if of == "textarea" else of,
        "custom": f"com.atlassian.jira.plugin.system.customfieldtypes:{of}",
    }
    if items:
        schema["items"] = items
    shown = _field(ident, one.name) | {"schema": schema}
    if one.values:
        shown["allowedValues"] = [{"id": key, "value": words} for key, words in one.values.items()]
    return shown


def right(one: str | AskedField, given: Any) -> bool:
    """Whether this is a value that such a field takes."""
    if isinstance(one, str):
        one = AskedField(one)
    many = one.kind.startswith("array of ")
    of = one.kind.removeprefix("array of ")
    if many:
        return isinstance(given, list) and all(_right(of, one, part) for part in given)
    return _right(of, one, given)


def _right(of: str, one: AskedField, given: Any) -> bool:
    match of:
        case "option":
            return isinstance(given, dict) and given.get("id") in one.values
        case "number":
            return isinstance(given, int | float) and not isinstance(given, bool)
        case "textarea":
            return is_document(given)
        case "date":
            return isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given) is not None
    return isinstance(given, str)


def _field(ident: str, name: str, *, required: bool = True, defaults: bool = False) -> dict[str, Any]:
    return {
        "required": required,
        "schema": {"type": "string", "system": ident},
        "name": name,
        "key": ident,
        "fieldId": ident,
        "hasDefaultValue": defaults,
        "operations": ["set"],
    }
