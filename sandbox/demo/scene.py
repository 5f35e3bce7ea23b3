"""What the steps of the story share: the people, what they have done so far, and what must have been said."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sandbox.demo.cast import Cast, Customer
from sandbox.demo.ledger import Ask, Played
from sandbox.demo.operator import SLUG, Operator
from sandbox.demo.people import Agent, Engineer, Writer
from sandbox.demo.stage import Stage
from sandbox.demo.words import Words
from sandbox.zendesk.records import Ticket

Where: TypeAlias = Literal["ticket", "follow-up", "forum"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message that must have reached somebody. `ticket`: where, or which closed one it follows up."""

    to: Customer
    where: Where
    ticket: int
    words: tuple[Words, ...]


@dataclass(slots=True)
class Scene:
    """`tickets`: by issue key and e-mail address. `said`: everything, in the order in which it was said."""

    cast: Cast
    stage: Stage
    operator: Operator
    agent: Agent
    engineer: Engineer
    played: Played
    writers: dict[str, Writer]
    tickets: dict[tuple[str, str], Ticket] = field(default_factory=dict)
    post: int = 0
    said: list[Said] = field(default_factory=list)
    held: int = 0
    """How many notices are meant to wait."""
    notes: list[int] = field(default_factory=list)
    """The tickets on which an internal note must say that the person was told elsewhere."""

    def writer(self, who: Customer) -> Writer:
        return self.writers[who.email]

    def ticket(self, key: str, who: Customer) -> Ticket:
        return self.tickets[key, who.email]

    def issue_id(self, key: str) -> str:
        return self.stage.jira.issue(key).id

    def quiet(self) -> None:
        """Wait until everything that follows from what was done has happened. Raises TimeoutError."""
        self.stage.quiet(held=self.held)

    def asks(self, who: Customer, key: str, *, vote: bool = False) -> None:
        """From now on this counts."""
        self.played.asks.append(Ask(who, key, vote))

    def hears(self, who: Customer, key: str, *words: Words, where: Where = "ticket") -> None:
        """From now on this must have been said, once: in the ticket in which they asked for `key`."""
        ticket = 0 if where == "forum" else self.ticket(key, who).id
        self.said.append(Said(who, where, ticket, words))


def set_the_scene(cast: Cast, stage: Stage, operator: Operator) -> Scene:
    """Nobody has done anything yet, but the companies are in HubSpot and the issues in Jira."""
    zendesk, jira, hubspot = stage.zendesk, stage.jira, stage.hubspot
    zendesk.add_agent("Sam Okafor", "sam@kites.example")
    for company in cast.companies:
        home = zendesk.add_organization(company.name, [company.domain])
        portal_id = hubspot.add_company(company.name, company.domain)
        for deal in company.deals:
            hubspot.add_deal(amount=deal.amount, company=portal_id, stage=deal.stage, dealname=deal.name)
        for who in cast.customers:
            if who.company == company:
                zendesk.add_user(who.name, who.email, locale=who.locale, organization=home)
                hubspot.add_contact(who.email, portal_id, firstname=who.name)
    jira.add_project(cast.project, "Kites")
    jira.add_issue(cast.whole, "Export reports to PDF", description="Asked for again and again.")
    jira.add_issue(cast.side, "Dark mode")
    forum = f"{stage.kithspark.url}/f/{SLUG}"
    writers = {who.email: Writer(who, zendesk, forum) for who in cast.customers}
    return Scene(cast, stage, operator, Agent(zendesk), Engineer(jira), Played(cast), writers)
