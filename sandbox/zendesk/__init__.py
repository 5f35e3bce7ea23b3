"""Plays one Zendesk Support account: `Zendesk`.

Set it up and look into it with the methods of this class; the REST API, the webhooks, the sidebar and the
pages for people act on the same state.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.hooks import Hooks
from sandbox.server import Server
from sandbox.zendesk import access, community, jira_links, merging, writing
from sandbox.zendesk import app as assembled
from sandbox.zendesk.account import Account, Knobs
from sandbox.zendesk.auth import Doors
from sandbox.zendesk.jira_links import JiraLink
from sandbox.zendesk.limits import Limits
from sandbox.zendesk.outgoing import Outgoing, Webhook, create_webhook
from sandbox.zendesk.problems import faulty
from sandbox.zendesk.records import Applied, Audit, Group, Json, Mail, Organization, Ticket, User, via
from sandbox.zendesk.rest.idempotency import Kept
from sandbox.zendesk.sidebar import SidebarApp, addresses_in

EVENTS = (
    "ticket.created",
    "ticket.comment_added",
    "ticket.status_changed",
    "ticket.merged",
    "ticket.requester_changed",
    "ticket.organization_changed",
    "ticket.tags_changed",
    "ticket.soft_deleted",
    "ticket.undeleted",
    "ticket.permanently_deleted",
    "user.merged",
    "user.suspended_changed",
    "community_post.vote_created",
    "community_post.vote_changed",
    "community_post.vote_removed",
    "community_post.changed",
    "community_post.unpublished",
)
"""What can be subscribed to here."""


class Zendesk:
    """One account with one OAuth client (`client_id`, `client_secret`) that a service admin owns.

    Users, tickets and organizations are handed out as records: read them, change them by methods only.
    """

    client_id, client_secret, api_token = "kithspark", "sandbox-client-secret", "sandbox-api-token"

    def __init__(
        self, *, clock: Clock | None = None, seed: int = 0, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.clock = clock or Clock()
        self.account = Account(self.clock, seed)
        self.doors = Doors(self.account, api_tokens={self.api_token})
        self.idempotency: dict[str, Kept] = {}
        self.hooks, self.faults = Hooks(), Faults(faulty)
        self.outgoing = Outgoing(self.account, self.hooks)
        self.sidebar = SidebarApp(self.clock, 1_000_000 + seed)
        self.other_apps: list[Json] = []
        self.service = self.add_agent("Kithspark", "kithspark@helpdesk.example", role="admin")
        self.doors.clients[self.client_id] = (self.client_secret, self.service.id)
        self.app = assembled.make(self)
        self.server = Server(self.app, host=host, port=port)

    # Running it

    def start(self) -> Self:
        self.server.start()
        return self

    def stop(self) -> None:
        self.server.stop()
        self.hooks.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def knobs(self) -> Knobs:
        return self.account.knobs

    @property
    def limits(self) -> Limits:
        return self.account.limits

    # Setting up

    def install(self, backend_url: str, nav_bar_url: str = "") -> None:
        """Install the sidebar app, whose backend is at this address; and its page in the nav bar, if any."""
        self.sidebar.backend_url, self.sidebar.nav_bar_url = backend_url, nav_bar_url

    def install_package(self, package: bytes, settings: Mapping[str, str]) -> None:
        """Install an uploaded app (a zip) with these settings. Raises ValueError where one is missing."""
        shown = addresses_in(package, settings)
        self.install(shown["ticket_sidebar"], shown.get("nav_bar", ""))
        self.sidebar.settings = dict(settings)

    def add_webhook(self, endpoint: str, subscriptions: Sequence[str] = ()) -> Webhook:
        """Subscribe an endpoint; without subscriptions, to all of `EVENTS`. `.secret` signs."""
        wanted = list(subscriptions) or [f"zen:event-type:{kind}" for kind in EVENTS]
        about = {"name": "Kithspark", "endpoint": endpoint, "http_method": "POST", "status": "active"}
        with self.account.lock:
            whole = {**about, "request_format": "json", "subscriptions": wanted}
            return create_webhook(self.outgoing, whole, by=self.service.id)

    def add_agent(self, name: str, email: str, *, role: str = "agent", locale: str = "en-US") -> User:
        with self.account.lock:
            return self.account.add_user(name, email, role=role, locale=locale)

    def add_user(
        self, name: str, email: str, *, locale: str = "en-US", organization: Organization | None = None
    ) -> User:
        """An end user; of the organization given, else of the one that has the domain of the address."""
        with self.account.lock:
            user = self.account.add_user(name, email, locale=locale)
            user.organization_id = organization.id if organization else user.organization_id
            return user

    def add_organization(self, name: str, domains: Sequence[str] = ()) -> Organization:
        with self.account.lock:
            made = Organization(self.account.new_id(), name, list(domains), self.account.stamp())
            self.account.organizations[made.id] = made
            return made

    def add_group(self, name: str, *members: User) -> Group:
        with self.account.lock:
            return access.add_group(self.account, name, members)

    # What people do

    def open_ticket(
        self, requester: User, subject: str, words: str, *, channel: str = "email", **more: Any
    ) -> Ticket:
        """A customer writes in. `more` are fields of the API: tags, assignee_id, status …"""
        given = {"subject": subject, "comment": {"body": words}, "requester_id": requester.id}
        if more.get("status") == "solved":
            more = {"assignee_id": self.service.id, **more}
        with self.account.lock:
            whole = {**given, "submitter_id": requester.id, **more}
            return writing.create(self.account, whole, actor=requester, how=via(channel))[0]

    def reply_as(self, user: User, ticket: Ticket, words: str, *, public: bool = True) -> Ticket:
        """Customers answer by mail, staff in the web. Mail to a closed ticket opens a new one: returned."""
        comment = {"body": words, "public": public, "author_id": user.id}
        with self.account.lock:
            if ticket.status == "closed" and not user.staff:
                again: Json = {"via_followup_source_id": ticket.id, "comment": comment}
                return self.open_ticket(user, f"Re: {ticket.subject}", words, **again)
            self._update(ticket, {"comment": comment}, actor=user)
            return ticket

    def set_status(self, ticket: Ticket, status: str, *, by: User | None = None) -> None:
        """Solving assigns the ticket to whoever solves it, where nobody is."""
        who = by or self.service
        given: Json = {"status": status}
        if status in ("solved", "closed") and ticket.assignee_id is None:
            given["assignee_id"] = who.id
        with self.account.lock:
            self._update(ticket, given, actor=who)

    def solve(self, ticket: Ticket, *, by: User | None = None) -> None:
        self.set_status(ticket, "solved", by=by)

    def close(self, ticket: Ticket) -> None:
        """As the automation does after some days."""
        self.set_status(ticket, "closed")

    def merge(self, source: Ticket, target: Ticket, *, by: User | None = None, public: bool = False) -> None:
        """`source` is closed and goes up in `target`. Raises ValueError where the vendor would not."""
        given = {"ids": [source.id], "target_comment_is_public": public}
        with self.account.lock:
            merging.merge_tickets(self.account, target, given, actor=by or self.service)
        if source.status != "closed":
            raise ValueError(
                f"Ticket {source.id} cannot be merged into {target.id}: one is solved or closed."
            )

    def move(self, ticket: Ticket, group: Group) -> None:
        with self.account.lock:
            self._update(ticket, {"group_id": group.id}, actor=self.service)

    def change_requester(self, ticket: Ticket, user: User, *, by: User | None = None) -> None:
        with self.account.lock:
            self._update(ticket, {"requester_id": user.id}, actor=by or self.service)

    def suspend(self, user: User, suspended: bool = True) -> None:
        with self.account.lock:
            merging.suspend(self.account, user, suspended=suspended)

    def merge_users(self, loser: User, survivor: User) -> None:
        with self.account.lock:
            merging.merge_users(self.account, loser, survivor)

    def delete(self, ticket: Ticket, *, by: User | None = None) -> None:
        with self.account.lock:
            merging.delete_ticket(self.account, ticket, actor=by or self.service)

    def restore(self, ticket: Ticket, *, by: User | None = None) -> None:
        with self.account.lock:
            merging.restore_ticket(self.account, ticket, actor=by or self.service)

    def erase(self, ticket: Ticket, *, by: User | None = None) -> None:
        """Delete for good."""
        with self.account.lock:
            merging.erase_ticket(self.account, ticket, actor=by or self.service)

    def link_to_jira(self, ticket: int, issue: str, key: str, *, made: datetime | None = None) -> JiraLink:
        """As an agent does in Zendesk's own Jira app: by the issue's id, with its key of that day."""
        with self.account.lock:
            return jira_links.add(self.account, ticket, issue, key, made=made)

    def add_post(self, author: User, title: str, details: str = "") -> community.Post:
        """In the community."""
        with self.account.lock:
            return community.add(self.account, author, title, details)

    def vote(self, user: User, post: community.Post, value: int = 1) -> None:
        """For a post, against it (-1), or no longer (0)."""
        with self.account.lock:
            community.vote(self.account, post, user, value)

    def hide_post(self, post: community.Post) -> None:
        with self.account.lock:
            community.hide(self.account, post)

    def _update(self, ticket: Ticket, given: Mapping[str, Any], *, actor: User) -> None:
        how = via("web" if actor.staff else "email")
        writing.update(self.account, ticket, dict(given), actor=actor, how=how)

    # Looking into it

    @property
    def ledger(self) -> list[Applied]:
        """Every write that took place and carried a mark, in order: the judge of 'told once'."""
        with self.account.lock:
            return list(self.account.ledger)

    def mails(self, email: str) -> list[Mail]:
        """What this address was sent, oldest first."""
        with self.account.lock:
            return [one for one in self.account.mails if one.to.casefold() == email.casefold()]

    def ticket(self, ident: int) -> Ticket:
        """Also a deleted one. Raises KeyError."""
        return self.account.tickets[ident]

    def tickets(self) -> list[Ticket]:
        with self.account.lock:
            return list(self.account.tickets.values())

    def comments(self, ticket: Ticket) -> list[Json]:
        """Public and internal ones, oldest first."""
        with self.account.lock:
            return [event for _, event in ticket.comments()]

    def public_comments(self, ticket: Ticket) -> list[Json]:
        return [event for event in self.comments(ticket) if event["public"]]

    def audits(self, ticket: Ticket) -> list[Audit]:
        with self.account.lock:
            return list(ticket.audits)

    # The sidebar

    @property
    def public_key_pem(self) -> str:
        return self.sidebar.public_key_pem()

    @property
    def app_audience(self) -> str:
        return self.sidebar.audience(self.url)

    def signed_token(self, agent: User, **overrides: Any) -> str:
        """The token of a first load. `overrides` replace claims; None takes one out."""
        return self.sidebar.token(self.url, agent, **overrides)
