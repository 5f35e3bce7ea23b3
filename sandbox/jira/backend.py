"""What every view of the sandbox works on: the site, its deeds, who may come in, and the hosts of apps."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.jira.connect import Connect
from sandbox.jira.doing import Doing
from sandbox.jira.forge import Forge
from sandbox.jira.state import Site
from sandbox.jira.webhooks import Sender
from sandbox.jira.words import User


@dataclass(frozen=True)
class Backend:
    """`tokens`: e-mail address to API token."""

    site: Site
    do: Doing
    sender: Sender
    connect: Connect
    forge: Forge
    tokens: dict[str, str]
    writes: dict[str, deque[datetime]] = field(default_factory=dict)

    def user_of(self, email: str) -> User | None:
        return next((user for user in self.site.users if user.email == email), None)

    def too_many_writes(self, issue_id: str) -> bool:
        """Jira allows few writes to one issue in two seconds; `Site.per_issue_writes` says how few."""
        allowed = self.site.per_issue_writes
        if allowed is None:
            return False
        now = self.site.clock.now()
        recent = self.writes.setdefault(issue_id, deque())
        while recent and now - recent[0] > timedelta(seconds=2):
            recent.popleft()
        recent.append(now)
        return len(recent) > allowed
