"""The REST API of Jira Cloud, versions 2 and 3, as far as it is used."""

from collections.abc import Callable

from flask import Blueprint, Response, g

from sandbox.jira.backend import Backend
from sandbox.jira.rest import (
    catalogue,
    createmeta,
    errors,
    identity,
    issues,
    links,
    permissions,
    projects,
    properties,
    search,
    transitions,
    versions,
)


def blueprint(backend: Backend, *, gateway: bool = False) -> Blueprint:
    """Everything under /rest/api/2 and /rest/api/3. One request at a time, as if by one database.

    `gateway`: as api.atlassian.com serves it, to Forge apps and under the site's cloud id.
    """
    prefix, name = (f"/ex/jira/{backend.forge.cloud_id}", "forge") if gateway else ("", "rest")
    api = Blueprint(name, __name__, url_prefix=f'{prefix}/rest/api/<any("2", "3", "latest"):version>')
    api.register_error_handler(errors.Problem, errors.answer)

    @api.url_value_preprocessor
    def note_version(_endpoint: str | None, values: dict[str, str] | None) -> None:
        g.api = 2 if (values or {}).pop("version", "3") == "2" else 3

    @api.before_request
    def lock_and_identify() -> None:
        backend.site.lock.acquire()
        g.locked = True
        identity.identify(backend)

    @api.teardown_request
    def unlock(_error: BaseException | None) -> None:
        if g.pop("locked", False):
            backend.site.lock.release()

    @api.after_request
    def head(answer: Response) -> Response:
        if answer.mimetype == "application/json":
            answer.headers["Content-Type"] = "application/json;charset=UTF-8"
        answer.headers["X-AREQUESTID"] = "sandbox"
        return answer

    parts: tuple[Callable[[Blueprint, Backend], None], ...] = (
        catalogue.add,
        createmeta.add,
        issues.add,
        links.add,
        permissions.add,
        projects.add,
        properties.add,
        search.add,
        transitions.add,
        versions.add,
    )
    for add in parts:
        add(api, backend)
    return api
