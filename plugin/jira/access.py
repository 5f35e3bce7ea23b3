"""What a reader may see, asked of Jira itself: a token proves who somebody is, and no more.

Jira is asked once a minute at most for each reader and issue. While it is silent, what it last said of this
reader and this issue holds for the rest of a working day; of whom it never said anything, they see nothing.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from flask import current_app

from connectors.errors import Unavailable
from connectors.jira.client import Jira
from connectors.jira.permissions import NOTHING, Permissions, permissions
from connectors.jira.permissions import of_issues as permissions_of_issues
from plugin import app_state
from plugin.errors import Missing, NotAllowed
from store.workspaces import CustomersInJira, Workspace

FRESH_FOR = timedelta(minutes=1)
LAST_WORD_FOR = timedelta(hours=10)
MOST = 10_000
"""So many answers are remembered; then all are forgotten, which costs a question each."""

Question: TypeAlias = tuple[str, str, str]
ClientOf: TypeAlias = Callable[[], Jira]


@dataclass(slots=True)
class Remembered:
    """What Jira said lately: by site, account and issue (empty: of Jira as a whole)."""

    answers: dict[Question, tuple[Permissions, datetime]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, question: Question, *, now: datetime, within: timedelta = FRESH_FOR) -> Permissions | None:
        with self.lock:
            known = self.answers.get(question)
        return known[0] if known is not None and now - known[1] < within else None

    def keep(self, question: Question, answer: Permissions, *, now: datetime) -> None:
        with self.lock:
            if len(self.answers) >= MOST:
                self.answers.clear()
            self.answers[question] = (answer, now)


def of_reader(site: str, account_id: str, issue_id: str, client_of: ClientOf) -> Permissions:
    """What this account may do at this site. `client_of` opens a client that may ask; it is closed here.

    Raises Missing for an issue that they may not see, and connectors.errors where Jira does not say.
    """
    found = _asked(site, account_id, issue_id, client_of)
    if issue_id and not found.browse:
        raise Missing
    return found


def of_issues(
    site: str, account_id: str, issues: Collection[str], client_of: ClientOf, *, anew: bool = False
) -> Mapping[str, Permissions]:
    """What this account may do with each of these issues; the question is asked for all that are not fresh.

    While Jira is silent, of what it never said anything of they see nothing; where that is all of it, its
    silence is raised. `anew`: asked now whatever was said before, as for what our account is to do for them.
    Raises connectors.errors.
    """
    now = app_state.current().clock()
    remembered = _remembered()
    asked = {issue: remembered.of((site, account_id, issue), now=now) for issue in issues if not anew}
    found = {issue: known for issue, known in asked.items() if known is not None}
    missing = [issue for issue in issues if issue not in found]
    if not missing:
        return found
    client = client_of()
    try:
        told = permissions_of_issues(client, account_id, missing)
    except Unavailable:
        last = {one: remembered.of((site, account_id, one), now=now, within=LAST_WORD_FOR) for one in missing}
        if anew or not (found or any(last.values())):
            raise
        return found | {issue: known or NOTHING for issue, known in last.items()}
    finally:
        client.close()
    for issue, answer in told.items():
        remembered.keep((site, account_id, issue), answer, now=now)
    return found | told


def admins_only(site: str, account_id: str | None, client_of: ClientOf) -> None:
    """Raises NotAllowed for whoever does not administer Jira, and connectors.errors."""
    if account_id is None or not _asked(site, account_id, "", client_of).admin:
        raise NotAllowed("This page is for people who administer this Jira site.")


def sees_customers(workspace: Workspace, found: Permissions) -> bool:
    """Whether names and words of customers are for somebody with these permissions."""
    by_role: dict[CustomersInJira, bool] = {
        "everyone": found.browse,
        "editors": found.edit,
        "admins": found.project_admin,
        "nobody": False,
    }
    return by_role[workspace.policy.customers_in_jira]


def _asked(site: str, account_id: str, issue_id: str, client_of: ClientOf) -> Permissions:
    question, now = (site, account_id, issue_id), app_state.current().clock()
    remembered = _remembered()
    known = remembered.of(question, now=now)
    if known is not None:
        return known
    client = client_of()
    try:
        found = permissions(client, account_id, issue_id)
    except Unavailable:
        last_word = remembered.of(question, now=now, within=LAST_WORD_FOR)
        if last_word is None:
            raise
        return last_word
    finally:
        client.close()
    remembered.keep(question, found, now=now)
    return found


def _remembered() -> Remembered:
    remembered: Remembered = current_app.extensions.setdefault("jira_permissions", Remembered())
    return remembered
