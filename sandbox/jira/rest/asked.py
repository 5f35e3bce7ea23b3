"""What a request asks about: the issue it names, the body it carries."""

from typing import Any

from flask import request

from sandbox.jira import limits
from sandbox.jira.backend import Backend
from sandbox.jira.rest.errors import NOT_SEEN, Problem
from sandbox.jira.rest.identity import may_browse
from sandbox.jira.state import Issue, NoSuchIssue


def issue(backend: Backend, id_or_key: str) -> Issue:
    """Raises Problem(404), the same for what is not there and for what may not be seen."""
    try:
        found = backend.site.issue(id_or_key)
    except NoSuchIssue:
        raise Problem(404, NOT_SEEN) from None
    if not may_browse(backend.site.projects[found.project_id]):
        raise Problem(404, NOT_SEEN)
    return found


def issue_to_write(backend: Backend, id_or_key: str) -> Issue:
    """As `issue`; raises Problem(429) when this issue was written too often just now."""
    found = issue(backend, id_or_key)
    if backend.too_many_writes(found.id):
        raise Problem(
            429, "Rate limit exceeded.", headers=limits.headers("jira-per-issue-on-write", wait_s=2)
        )
    return found


def body() -> dict[str, Any]:
    """The JSON object sent. Raises Problem(400) for anything else."""
    sent = request.get_json(force=True, silent=True)
    if not isinstance(sent, dict):
        raise Problem(400, "There was an error parsing JSON. Check that your request body is valid.")
    return sent
