"""What somebody may do in Jira, asked of Jira: a token proves who they are and not what they may see."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.jira import reader
from connectors.jira.client import API, Jira

BROWSE, EDIT, PROJECT_ADMIN, ADMIN = "BROWSE_PROJECTS", "EDIT_ISSUES", "ADMINISTER_PROJECTS", "ADMINISTER"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Of one account, for one issue: may it see it, edit it, administer its project; administer Jira."""

    browse: bool
    edit: bool
    project_admin: bool
    admin: bool


NOTHING = Permissions(browse=False, edit=False, project_admin=False, admin=False)
MOST = 500
"""Issues in one question; Jira takes a thousand."""


def permissions(jira: Jira, account_id: str, issue_id: str = "") -> Permissions:
    """One question for all of it. Without an issue only `admin` can be true.

    An app may ask about anybody; an account only if it administers Jira. Raises connectors.errors.
    """
    return _asked(jira, account_id, [issue_id] if issue_id else [])[issue_id]


def of_issues(jira: Jira, account_id: str, issues: Collection[str]) -> dict[str, Permissions]:
    """The same of many issues, in as few questions as can be. Raises connectors.errors."""
    wanted, found = list(issues), dict[str, Permissions]()
    for start in range(0, len(wanted), MOST):
        found |= _asked(jira, account_id, wanted[start : start + MOST])
    return {issue: found[issue] for issue in wanted}


def _asked(jira: Jira, account_id: str, issues: Sequence[str]) -> dict[str, Permissions]:
    """By issue; under no name, what they may do in Jira as a whole."""
    wanted: dict[str, Any] = {"accountId": account_id, "globalPermissions": [ADMIN]}
    if issues:
        numbers = [int(one) for one in issues]
        wanted["projectPermissions"] = [
            {"issues": numbers, "permissions": [BROWSE, EDIT, PROJECT_ADMIN], "projects": []}
        ]
    answer = jira.session.post(f"{jira.url}{API}/permissions/check", data=json.dumps(wanted))
    try:
        told = answer.json()
        granted = {
            (str(one["permission"]), str(issue))
            for one in told["projectPermissions"] for issue in one["issues"] if issues
        }  # fmt: skip
        admin = ADMIN in told["globalPermissions"]
    except (ValueError, KeyError, TypeError) as e:
        raise reader.garbled(f"its permissions cannot be read ({type(e).__name__})") from e
    return {issue: _of(issue, granted, admin=admin) for issue in ("", *issues)}


def _of(issue: str, granted: Collection[tuple[str, str]], *, admin: bool) -> Permissions:
    """Whoever may not browse an issue may do nothing with it, whatever a permission scheme says besides."""
    seen = (BROWSE, issue) in granted
    edit, project_admin = (seen and (one, issue) in granted for one in (EDIT, PROJECT_ADMIN))
    return Permissions(seen, edit, project_admin, admin)
