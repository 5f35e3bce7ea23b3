"""Fix versions."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.jira import shapes
from sandbox.jira.backend import Backend
from sandbox.jira.rest import asked
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller
from sandbox.jira.state import Version


def add(api: Blueprint, backend: Backend) -> None:
    site = backend.site

    @api.get("/version/<ident>")
    def read_version(ident: str) -> ResponseReturnValue:
        caller()
        return jsonify(shapes.version(site, _version(backend, ident)))

    @api.put("/version/<ident>")
    def put_version(ident: str) -> ResponseReturnValue:
        caller()
        version, sent = _version(backend, ident), asked.body()
        version.name = sent.get("name", version.name)
        if "released" in sent:
            backend.do.release(version, released=bool(sent["released"]))
        return jsonify(shapes.version(site, version))

    @api.get("/project/<id_or_key>/versions")
    def versions_of_project(id_or_key: str) -> ResponseReturnValue:
        caller()
        try:
            project = site.project(id_or_key)
        except KeyError:
            raise Problem(404, f"No project could be found with key '{id_or_key}'.") from None
        found = [one for one in site.versions.values() if one.project_id == project.id]
        return jsonify([shapes.version(site, one) for one in found])


def _version(backend: Backend, ident: str) -> Version:
    try:
        return backend.site.versions[ident]
    except KeyError:
        raise Problem(404, f"Could not find version for id '{ident}'") from None
