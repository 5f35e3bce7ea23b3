"""What a site offers: itself, the caller, fields, issue types, statuses, resolutions."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller
from sandbox.jira.state import Site
from sandbox.jira.words import ISSUE_TYPES, STATUSES

FIELDS = {
    "summary": ("Summary", "string", ["summary"]),
    "description": ("Description", "string", ["description"]),
    "status": ("Status", "status", ["status"]),
    "resolution": ("Resolution", "resolution", ["resolution"]),
    "fixVersions": ("Fix versions", "array", ["fixVersion"]),
    "issuelinks": ("Linked Issues", "array", ["issueLink"]),
    "issuetype": ("Issue Type", "issuetype", ["issuetype", "type"]),
    "project": ("Project", "project", ["project"]),
    "updated": ("Updated", "datetime", ["updated", "updatedDate"]),
    "created": ("Created", "datetime", ["created", "createdDate"]),
}


def add(api: Blueprint, backend: Backend) -> None:
    site = backend.site

    @api.get("/serverInfo")
    def server_info() -> ResponseReturnValue:
        return jsonify(_server_info(site))

    @api.get("/myself")
    def myself() -> ResponseReturnValue:
        return jsonify(shapes.user(site, caller()))

    @api.get("/mypermissions")
    def my_permissions() -> ResponseReturnValue:
        caller()
        asked = [one for one in request.args.get("permissions", "").split(",") if one]
        if not asked:
            raise Problem(400, "The 'permissions' query parameter is required.")
        shown = {key: _permission(number, key, site.denied) for number, key in enumerate(asked, 1)}
        return jsonify({"permissions": shown})

    @api.get("/field")
    def fields() -> ResponseReturnValue:
        caller()
        return jsonify([_field(ident, *rest) for ident, rest in FIELDS.items()])

    @api.get("/resolution")
    def resolutions() -> ResponseReturnValue:
        caller()
        return jsonify([shapes.resolution(site, one) for one in site.resolutions])

    @api.get("/status")
    def statuses() -> ResponseReturnValue:
        caller()
        return jsonify([shapes.status(site, one) for one in STATUSES])

    @api.get("/issuetype")
    def issue_types() -> ResponseReturnValue:
        caller()
        return jsonify([shapes.issue_type(site, one) for one in ISSUE_TYPES])


def _server_info(site: Site) -> dict[str, Any]:
    return {
        "baseUrl": site.url,
        "displayUrl": site.url,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100290,
        "buildDate": "2026-11-20T00:00:00.000+0000",
        "serverTime": shapes.stamp(site, site.clock.now()),
        "scmInfo": "sandbox",
        "serverTitle": "Jira (sandbox)",
        "defaultLocale": {"locale": "en_US"},
    }


def _permission(number: int, key: str, denied: set[str]) -> dict[str, Any]:
    return {
        "id": str(number),
        "key": key,
        "name": key.replace("_", " ").capitalize(),
        "type": "PROJECT",
        "description": "",
        "havePermission": key not in denied,
    }


def _field(ident: str, name: str, kind: str, clauses: list[str]) -> dict[str, Any]:
    return {
        "id": ident,
        "key": ident,
        "name": name,
        "custom": False,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": clauses,
        "schema": {"type": kind, "system": ident},
    }
