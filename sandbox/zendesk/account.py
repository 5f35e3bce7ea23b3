"""One account: its records, its lock, its knobs."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING

from sandbox.clock import Clock
from sandbox.zendesk.limits import Limits
from sandbox.zendesk.problems import missing
from sandbox.zendesk.records import (
    Applied,
    Audit,
    CustomRole,
    Group,
    Identity,
    Json,
    Mail,
    Organization,
    Ticket,
    User,
)

if TYPE_CHECKING:
    from sandbox.zendesk.community import Post
    from sandbox.zendesk.jira_links import JiraLink


@dataclass
class Knobs:
    """What an administrator of the real account could have set otherwise, and how late its copies are."""

    mail_on_comment: bool = True
    """The trigger 'Notify requester of comment update'."""
    mail_on_proactive: bool = True
    """The trigger 'Notify requester of new proactive ticket'."""
    export_lag_s: float = 60.0
    """The incremental export leaves out this much of the newest past."""
    audit_lag_s: float = 0.0
    """Audits younger than this are not listed yet: a stale replica."""
    manage_links: bool = True
    """"Manage links" of the Jira app: without it, the APIs of its links are shut."""
    jira_integration: str | None = None
    """The Jira app is of the first version; or of the second, and this is its external id."""
    slow_create_s: float = 0.0
    """How long a ticket is in the making; the same Idempotency-Key meanwhile is a conflict."""


class Account:
    """Everything in memory, behind one lock that each request and each method of the facade holds."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock, self.lock, self.knobs, self.limits = clock, RLock(), Knobs(), Limits()
        self.rng = random.Random(seed)
        self.number = 20_000_000 + self.rng.randrange(1_000_000)
        self.users: dict[int, User] = {}
        self.organizations: dict[int, Organization] = {}
        self.groups: dict[int, Group] = {}
        self.roles: dict[int, CustomRole] = {}
        self.tickets: dict[int, Ticket] = {}
        self.mails: list[Mail] = []
        self.ledger: list[Applied] = []
        self.jobs: dict[str, Json] = {}
        self.jira_links: list[JiraLink] = []
        self.posts: dict[int, Post] = {}
        self.tell: Callable[[str, str, Json, Json], None] = lambda kind, subject, detail, event: None
        """Called with every event that webhooks may subscribe to: type, subject, detail, event."""
        self._last_id = 26_155_500_000_000 + self.rng.randrange(1_000_000)
        self._last_ticket = 100 + (seed * 37) % 900

    def new_id(self) -> int:
        self._last_id += 1 + self.rng.randrange(97)
        return self._last_id

    def new_ticket_id(self) -> int:
        self._last_ticket += 1
        return self._last_ticket

    def stamp(self) -> datetime:
        """Now, as tickets know it: whole seconds."""
        return self.clock.now().replace(microsecond=0)

    def ticket(self, ident: int) -> Ticket:
        """A ticket that is there. Raises Problem 404 for one that never was or is deleted."""
        ticket = self.tickets.get(ident)
        if ticket is None or ticket.deleted_at is not None:
            raise missing()
        return ticket

    def user(self, ident: int) -> User:
        """Raises Problem 404."""
        if ident not in self.users:
            raise missing()
        return self.users[ident]

    def organization(self, ident: int) -> Organization:
        """Raises Problem 404."""
        if ident not in self.organizations:
            raise missing()
        return self.organizations[ident]

    def user_by_email(self, email: str) -> User | None:
        wanted = email.casefold()
        for user in self.users.values():
            if user.active and any(one.value.casefold() == wanted for one in user.identities):
                return user
        return None

    def add_user(
        self, name: str, email: str | None, *, role: str = "end-user", locale: str = "en-US"
    ) -> User:
        now = self.stamp()
        user = User(self.new_id(), name, now, now, role=role, locale=locale)
        if email:
            user.identities.append(Identity(self.new_id(), email, now, primary=True))
            domain = email.rpartition("@")[2].casefold()
            homes = [one.id for one in self.organizations.values() if domain in one.domain_names]
            user.organization_id = homes[0] if homes else None
        self.users[user.id] = user
        return user

    def listed_audits(self, ticket: Ticket) -> list[Audit]:
        """The audits that a reader sees now."""
        if not self.knobs.audit_lag_s:
            return list(ticket.audits)
        now = self.clock.now()
        return [one for one in ticket.audits if (now - one.created).total_seconds() >= self.knobs.audit_lag_s]
