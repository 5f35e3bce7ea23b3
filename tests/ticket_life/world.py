"""Ana, her ticket, the issue that it is about, and a real worker: what happens is heard, and judged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from lineage import notices as outbox
from lineage import questions
from lineage.changes import Titled
from lineage.questions.views import NoticeView
from lineage.tables import requests
from plugin import create_app
from sandbox.hooks import Delivery
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Applied, Organization, Ticket, User
from store import workspaces
from store.database import reading, transaction
from store.workspaces import Policy
from tests.histories.post import Post
from tests.plugin.work.conftest import Desk

How: TypeAlias = Literal["by its event", "by the export"]
HOWS: tuple[How, ...] = ("by its event", "by the export")
EXPORT_LAGS_S = 100.0
RESTS_S = (5.0, 10.0, 60.0, 600.0, 9000.0)
"""After each round; in the last ones nothing must happen any more."""
ENDPOINT = "http://kithspark.example/webhooks/zendesk/acme"


@dataclass
class World:
    """`ticket` is Ana's, linked to KS-1; `others` are tickets that a row brings along."""

    desk: Desk
    zendesk: Zendesk
    jira: Jira
    how: How
    acme: Organization
    ana: User
    ben: User
    agent: User
    ticket: Ticket
    others: list[Ticket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.post = Post(self.desk.clock.now)
        self.zendesk.outgoing.hooks = self.post  # type: ignore[assignment]
        state = self.desk.app
        self.client = create_app(state.settings, engine=state.engine, clock=state.clock).test_client()

    # What happens

    def becomes_deliverable(self) -> None:
        """KS-1 is done, and we read it; the worker has not spoken yet."""
        self.jira.transition("KS-1", "done")
        self.desk.ask("jira", "issue", self.jira.issue("KS-1").id)
        self.desk.works("looks", "replans")

    def hears(self) -> None:
        """We learn of what happened, in one of the two ways, and read it."""
        if self.how == "by its event":
            self.post.deliver(self._receive)
            assert {one.status for one in self.post.attempts} <= {202}
        else:
            self.desk.clock.advance(EXPORT_LAGS_S)
            self.desk.ask("zendesk", "sync", "*")
        self.desk.works("inbox", "looks", "replans")

    def goes_on(self) -> None:
        """Everything that is due is done, until long after anything could happen by itself."""
        for rests_s in RESTS_S:
            if self.how == "by its event":
                self.post.deliver(self._receive)
            self.desk.works("inbox", "looks", "replans", "notices")
            self.desk.clock.advance(rests_s)

    def _receive(self, delivery: Delivery) -> int:
        path = urlsplit(delivery.url).path
        return self.client.post(path, data=delivery.body, headers=dict(delivery.headers)).status_code

    # How it ended

    def ended(self) -> str:
        """In one sentence: who was told, how often and where; else why nobody was."""
        told = [one for one in self.zendesk.ledger if one.public]
        if told:
            return "; ".join(self._named(one) for one in told)
        plan = [one for one in self.plan() if one.kind != "note"]
        if not plan:
            return "nobody is told"
        newest = max(plan, key=lambda one: one.id)
        return f"nobody is told: {newest.state}, {newest.reason}"

    def _named(self, one: Applied) -> str:
        names = {self.ticket.id: "the ticket"} | {
            other.id: f"the {'third' if n else 'other'} ticket" for n, other in enumerate(self.others)
        }
        who = ", ".join(self.zendesk.account.users[ident].name for ident in one.mailed) or "nobody"
        if one.followup_of is not None:
            return f"{who} is told in a follow-up of {names[one.followup_of]}"
        return f"{who} is told on {names[one.ticket]}"

    def plan(self) -> list[NoticeView]:
        with reading(self.desk.app.engine) as conn:
            return questions.notices(conn, self.desk.workspace)

    def words(self) -> list[str]:
        """What was told, oldest first."""
        return [one.body for one in self.zendesk.ledger if one.public]

    def knows_all(self) -> bool:
        """Whether reading everything again finds nothing that was not heard."""
        before = self._known()
        for one in (self.ticket, *self.others):
            self.desk.looks_at("zendesk", "ticket", one.id)
        return self._known() == before

    def _known(self) -> list[tuple[object, ...]]:
        names = ("reply_to", "reply_state", "reply_to_person_id", "person_id", "language", "subject")
        origin = f"zendesk:ticket:{self.ticket.id}"
        rows = [row for row in self.desk.rows(requests) if row["origin"] == origin]
        return [tuple(row[name] for name in names) for row in rows]

    def lets_go(self) -> None:
        """A person looked, tries what is blocked again, and approves it."""
        [blocked] = [one for one in self.plan() if one.state == "blocked"]
        now = self.desk.clock.now()
        with transaction(self.desk.app.engine) as conn:
            outbox.retry(conn, self.desk.workspace, blocked.id, now=now)
            [again] = questions.notices(conn, self.desk.workspace, ids=[blocked.id])
            if again.state == "awaiting_approval":
                outbox.approve(conn, self.desk.workspace, again.id, digest=again.digest, by="Agnes", now=now)


Deed: TypeAlias = Callable[[World], None]


def make(desk: Desk, zendesk: Zendesk, jira: Jira, how: How) -> World:
    with transaction(desk.app.engine) as conn:
        workspaces.set_policy(conn, desk.workspace.id, Policy(hold_s=0))
    desk.workspace = _again(desk)
    webhook = zendesk.add_webhook(ENDPOINT)
    config = {"client_id": zendesk.client_id, "own_user_id": str(zendesk.service.id)}
    secrets = {"client_secret": zendesk.client_secret, "webhook_secret": webhook.secret}
    desk.connect("zendesk", zendesk.url, config, secrets)
    acme = zendesk.add_organization("Acme", ["acme.example"])
    ana = zendesk.add_user("Ana", "ana@acme.example", organization=acme)
    ben = zendesk.add_user("Ben", "ben@else.example")
    agent = zendesk.add_agent("Agnes", "agnes@helpdesk.example")
    issue = jira.add_issue("KS-1", "PDF export")
    ticket = zendesk.open_ticket(ana, "Exporting to PDF", "We need PDF, please.")
    desk.looks_at("zendesk", "ticket", ticket.id)
    desk.looks_at("jira", "issue", issue.id)
    desk.links(ticket.id, issue.id)
    desk.record(Titled(desk.item(issue.id).id, "Export to PDF", False, by="Agnes", at=desk.clock.now()))
    desk.clock.advance(60)
    world = World(desk, zendesk, jira, how, acme, ana, ben, agent, ticket)
    world.post.attempts.clear()
    return world


def _again(desk: Desk) -> workspaces.Workspace:
    with reading(desk.app.engine) as conn:
        return workspaces.by_id(conn, desk.workspace.id)
