"""What somebody may do in Jira, asked of Jira: a token proves who they are and not what they may see."""

import json
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


def permissions(jira: Jira, account_id: str, issue_id: str = "") -> Permissions:
    """One question for all of it. Without an issue only `admin` can be true.

    An app may ask about anybody; an account only if it administers Jira. Raises connectors.errors.
    """
    wanted: dict[str, Any] = {"accountId": account_id, "globalPermissions": [ADMIN]}
    if issue_id:
        wanted["projectPermissions"] = [
            {"issues": [int(issue_id)], "permissions": [BROWSE, EDIT, PROJECT_ADMIN], "projects": []}
        ]
    answer = jira.session.post(f"{jira.url}{API}/permissions/check", data=json.dumps(wanted))
    try:
        told = answer.json()
        granted = {
            str(one["permission"]) for one in told["projectPermissions"]
            if issue_id and issue_id in {str(issue) for issue in one["issues"]}
        }  # fmt: skip
        admin = ADMIN in told["globalPermissions"]
    except (ValueError, KeyError, TypeError) as e:
        raise reader.garbled(f"its permissions cannot be read ({type(e).__name__})") from e
    # Whoever may not browse an issue may do nothing with it, whatever a permission scheme says besides.
    seen = BROWSE in granted
    return Permissions(seen, seen and EDIT in granted, seen and PROJECT_ADMIN in granted, admin)
