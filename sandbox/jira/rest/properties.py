"""Issue properties: JSON values of up to 32,768 characters that anybody who sees the issue can read."""

import json

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira.backend import Backend
from sandbox.jira.rest import asked
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller
from sandbox.jira.state import Issue

VALUE_CHARS = 32_768
KEY_CHARS = 255


def add(api: Blueprint, backend: Backend) -> None:
    @api.get("/issue/<id_or_key>/properties")
    def property_keys(id_or_key: str) -> ResponseReturnValue:
        issue = asked.issue(backend, id_or_key)
        return jsonify(
            {"keys": [{"key": key, "self": _self(backend, issue, key)} for key in issue.properties]}
        )

    @api.get("/issue/<id_or_key>/properties/<key>")
    def read_property(id_or_key: str, key: str) -> ResponseReturnValue:
        issue = asked.issue(backend, id_or_key)
        _need(issue, key)
        return jsonify({"key": key, "value": issue.properties[key]})

    @api.put("/issue/<id_or_key>/properties/<key>")
    def put_property(id_or_key: str, key: str) -> ResponseReturnValue:
        caller()
        issue = asked.issue_to_write(backend, id_or_key)
        if len(key) > KEY_CHARS:
            raise Problem(400, "The property key cannot be longer than 255 characters.")
        text = request.get_data(as_text=True)
        try:
            value = json.loads(text)
        except ValueError:
            raise Problem(400, "The property value must be valid JSON.") from None
        if len(text) > VALUE_CHARS:
            raise Problem(400, "The property value cannot be longer than 32768 characters.")
        new = backend.do.set_property(issue, key, value)
        return "", 201 if new else 200

    @api.delete("/issue/<id_or_key>/properties/<key>")
    def delete_property(id_or_key: str, key: str) -> ResponseReturnValue:
        caller()
        issue = asked.issue_to_write(backend, id_or_key)
        _need(issue, key)
        backend.site.will_change(issue)
        del issue.properties[key]
        return "", 204


def _need(issue: Issue, key: str) -> None:
    if key not in issue.properties:
        raise Problem(404, f"The property with key '{key}' does not exist.")


def _self(backend: Backend, issue: Issue, key: str) -> str:
    return f"{backend.site.url}/rest/api/3/issue/{issue.id}/properties/{key}"
