"""What somebody may do in Jira, asked of Jira: a token proves who they are and not what they may see."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.jira import reader
from connectors.jira.client import API, Jira
from connectors.jira.taking import object_of

BROWSE, EDIT, LINK = "BROWSE_PROJECTS", "EDIT_ISSUES", "LINK_ISSUES"
CREATE, MOVE_ON, PROJECT_ADMIN = "CREATE_ISSUES", "TRANSITION_ISSUES", "ADMINISTER_PROJECTS"
OF_ISSUE = (BROWSE, EDIT, LINK, CREATE, MOVE_ON, PROJECT_ADMIN)
"""What is asked of an issue, always all of it: one answer serves every question about it."""
ADMIN = "ADMINISTER"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Of one account: what it may do with one issue, by Jira's names, and whether it administers Jira.

    Whoever may not browse an issue may do nothing with it, whatever a permission scheme says besides.
    """

    granted: frozenset[str]
    admin: bool

    @property
    def browse(self) -> bool:
        return BROWSE in self.granted

    @property
    def edit(self) -> bool:
        return EDIT in self.granted

    @property
    def project_admin(self) -> bool:
        return PROJECT_ADMIN in self.granted


NOTHING = Permissions(frozenset(), admin=False)
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
        wanted["projectPermissions"] = [{"issues": numbers, "permissions": list(OF_ISSUE), "projects": []}]
    answer = jira.session.post(f"{jira.url}{API}/permissions/check", data=json.dumps(wanted))
    told = object_of(answer)
    try:
        granted = {
            (str(one["permission"]), str(issue))
            for one in told["projectPermissions"] for issue in one["issues"] if issues
        }  # fmt: skip
        admin = ADMIN in told["globalPermissions"]
    except (ValueError, KeyError, TypeError) as e:
        raise reader.garbled(f"its permissions cannot be read ({type(e).__name__})") from e
    return {issue: _of(issue, granted, admin=admin) for issue in ("", *issues)}


def _of(issue: str, granted: Collection[tuple[str, str]], *, admin: bool) -> Permissions:
    there = frozenset(one for one in OF_ISSUE if (one, issue) in granted)
    return Permissions(there if BROWSE in there else frozenset(), admin)
