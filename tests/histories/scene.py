"""Three vendors and who is there when a history begins; afterwards all is as it was, for the next one."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from tests.histories.post import Post

BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ZENDESK, JIRA, HUBSPOT = 8101, 8102, 8103
"""Ports that nobody listens on."""

OURS = "http://127.0.0.1:8100"
CLIENT_SECRET = "sandbox-hubspot-client-secret"
WEBHOOK_SECRET = "sandbox-webhook-secret"
HOUR_S = 3600.0
ISSUES = 5
INDEX_LAG_S = 90.0
"""So late Jira's search is; Zendesk's export is a minute late by itself."""

WHO = {"Ann": "acme", "Bob": "acme", "Cy": "blue", "Dee": "blue", "Eve": "blue"}
TICKETS = ("Ann", "Bob", "Cy", "Dee", "Ann")
"""Who wrote each of them."""

FIXED = frozenset({"clock", "lock", "tell", "limits", "knobs", "hooks", "outgoing", "subscriptions"})
"""What a history leaves as it is: locks, clocks, callbacks, who listens."""


class Still(Clock):
    """A clock that only moves when it is told to, and a very little whenever somebody looks."""

    def __init__(self) -> None:
        super().__init__()
        self.at = BEGIN

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Scene:
    """`deals` and `companies`: HubSpot's ids."""

    clock: Still = field(default_factory=Still)
    people: dict[str, int] = field(default_factory=dict)
    tickets: list[int] = field(default_factory=list)
    deals: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    ahead_s: float = 0.0
    """By how much our own clock is before everybody else's."""

    def __post_init__(self) -> None:
        self.zendesk = Zendesk(clock=self.clock, port=ZENDESK)
        self.jira = Jira(clock=self.clock, port=JIRA)
        self.hubspot = HubSpot(clock=self.clock, port=HUBSPOT)
        self.jira.site.url = self.jira.url
        self.jira.site.index_lag_s = INDEX_LAG_S
        self.post = Post(self.clock.now)
        self.zendesk.outgoing.hooks = self.jira.sender.outgoing = self.post  # type: ignore[assignment]
        self.hubspot._teller.hooks = self.post  # type: ignore[assignment]
        self.zendesk.limits.exports_per_min = 1000
        self.agent = self.zendesk.add_agent("Agnes", "agnes@kites.example").id
        """Whoever works on tickets: what we do there ourselves is no news to us."""
        self._people()
        self.zendesk_secret = self.zendesk.add_webhook(f"{OURS}/webhooks/zendesk/kites").secret
        self.jira.webhook(f"{OURS}/webhooks/jira/kites", WEBHOOK_SECRET)
        self.hubspot.webhook(f"{OURS}/webhooks/hubspot/kites", CLIENT_SECRET)
        self._kept = self._keep()

    @property
    def apps(self) -> dict[int, Callable[..., Any]]:
        return {
            ZENDESK: self.zendesk.app.wsgi_app,
            JIRA: self.jira.app.wsgi_app,
            HUBSPOT: self.hubspot.app.wsgi_app,
        }

    def ticket(self, number: int) -> Ticket:
        return self.zendesk.ticket(self.tickets[number])

    def user(self, name: str) -> User:
        return self.zendesk.account.users[self.people[name]]

    def begin_again(self, since: datetime) -> None:
        """As it was when `remember` was called, or at the very beginning."""
        for one, fields in self._kept:
            vars(one).update(copy.deepcopy(fields))
        for webhook in self.zendesk.outgoing.webhooks.values():
            webhook.invocations.clear()
        self.zendesk.idempotency.clear()
        self.post.forget()
        self.clock.at, self.ahead_s = since, 0.0

    def ours(self) -> datetime:
        """What our own clock says."""
        return self.clock.now() + timedelta(seconds=self.ahead_s)

    def remember(self) -> None:
        self._kept = self._keep()

    def _people(self) -> None:
        self.jira.add_project("KS", "Kites")
        self.jira.add_project("KT", "Tails")
        for number in range(1, ISSUES + 1):
            self.jira.add_issue("KS", f"Thing {number}")
        for name in ("1.0", "2.0"):
            self.jira.add_version("KS", name)
        homes = {}
        for domain in sorted(set(WHO.values())):
            homes[domain] = self.zendesk.add_organization(domain.title(), [f"{domain}.example"])
            company = self.hubspot.add_company(domain.title(), f"{domain}.example")
            self.companies.append(company)
            self.deals += [
                self.hubspot.add_deal(amount=amount, company=company, stage=stage)
                for amount, stage in (("1000.00", "closedwon"), ("500.50", "contractsent"))
            ]
        for name, domain in WHO.items():
            email = f"{name.lower()}@{domain}.example"
            self.people[name] = self.zendesk.add_user(name, email, organization=homes[domain]).id
            self.hubspot.add_contact(email, self.companies[sorted(homes).index(domain)])
        self.tickets = [
            self.zendesk.open_ticket(self.user(name), f"Wish {number}", f"{name} wants it").id
            for number, name in enumerate(TICKETS)
        ]

    def _keep(self) -> list[tuple[Any, dict[str, Any]]]:
        """What changes: everything that these objects hold, but for locks, clocks and callbacks."""
        owners: tuple[Any, ...] = (
            self.zendesk.account, self.zendesk.limits, self.jira.site, self.jira.sender, self.hubspot.portal,
            self.hubspot._teller,
        )  # fmt: skip
        return [
            (one, copy.deepcopy({name: value for name, value in vars(one).items() if name not in FIXED}))
            for one in owners
        ]
