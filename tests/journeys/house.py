"""One Kithspark among the sandbox vendors, and words with which journeys are told."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from sandbox.demo.cast import Company, Customer
from sandbox.demo.checks import PROPERTY
from sandbox.demo.forms import Page
from sandbox.demo.ledger import cents
from sandbox.demo.operator import SLUG, Operator, set_up
from sandbox.demo.people import Agent, Browser, Engineer, Writer
from sandbox.demo.running import direct
from sandbox.demo.stage import Stage
from sandbox.zendesk.records import Ticket

PLAN = "closedwon"
ROADMAP = "contractsent"


@dataclass
class House:
    """Every journey brings its own people and issues; the vendors and the workspace are shared."""

    stage: Stage
    operator: Operator
    agent: Agent
    engineer: Engineer
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def forum(self) -> str:
        return f"{self.stage.kithspark.url}/f/{SLUG}"

    def customer(self, first: str, *, language: str = "en", won: str = "", prospect: str = "") -> Writer:
        """Somebody of a company of their own, with deals of these amounts."""
        number = next(self._numbers)
        name, domain = f"{first} Number{number}", f"company{number}.example"
        company = Company(f"Company {number}", domain, ())
        home = self.stage.zendesk.add_organization(company.name, [domain])
        who = Customer(name, f"{first.lower()}@{domain}", company, language, "", "")
        self.stage.zendesk.add_user(name, who.email, locale=who.locale, organization=home)
        portal_id = self.stage.hubspot.add_company(company.name, domain)
        self.stage.hubspot.add_contact(who.email, portal_id)
        for amount, stage in ((won, PLAN), (prospect, ROADMAP)):
            if amount:
                self.stage.hubspot.add_deal(
                    amount=amount, company=portal_id, stage=stage, dealname=f"{stage} {number}"
                )
        return Writer(who, self.stage.zendesk, self.forum)

    def colleague(self, first: str, of: Writer) -> Writer:
        """Somebody else of the same company."""
        who = replace(of.who, name=f"{first} Colleague", email=f"{first.lower()}@{of.who.company.domain}")
        self.stage.zendesk.add_user(who.name, who.email, locale=who.locale)
        portal = self.stage.hubspot.portal
        ours = next(one for one in portal.live("companies") if one.properties["domain"] == who.company.domain)
        self.stage.hubspot.add_contact(who.email, ours.id)
        return Writer(who, self.stage.zendesk, self.forum)

    def visible(self, page: str) -> bool:
        """Whether somebody who is not signed in sees it."""
        return bool(direct().get(page, timeout=10).ok)

    def issue(self, summary: str) -> str:
        """A new issue; its key."""
        return self.stage.jira.add_issue("KS", summary).key

    def linked(self, who: Writer, words: str, key: str, *, title: str = "") -> Ticket:
        """They write these words, and the agent links the ticket from the sidebar."""
        ticket = who.write(words, f"{words}, please.")
        issue_id = self.stage.jira.issue(key).id
        self.agent.link_by_search(ticket, key, issue_id, title=title or words)
        return ticket

    def quiet(self) -> None:
        self.stage.quiet()

    def demand_on(self, key: str) -> dict[str, Any]:
        """What stands on the issue in Jira."""
        found = self.stage.jira.property(key, PROPERTY)
        return found if isinstance(found, dict) else {}

    def replies(self, ticket: Ticket) -> list[str]:
        """What we wrote there for the customer to read."""
        comments = self.stage.zendesk.public_comments(ticket)
        return [str(one["body"]) for one in comments if one["author_id"] == self.stage.zendesk.service.id]

    def operator_at(self, path: str) -> "Desk":
        """An operator, signed in by a link of the command line, on a page of theirs."""
        desk = Desk(Browser(), self.stage.kithspark.url)
        desk.sign_in(self.operator.sign_in_link("olga@kites.example"))
        desk.open(path)
        return desk


@dataclass
class Desk:
    """The operator's browser, on one of their pages."""

    browser: Browser
    url: str
    html: str = ""

    def sign_in(self, link: str) -> None:
        """By the button on the page behind the link."""
        form = Page(self.browser.get(link).text).forms[0]
        self.browser.post(urljoin(link, form.target or link), form.fields)

    def open(self, path: str) -> None:
        self.html = self.browser.get(f"{self.url}/admin/{SLUG}/{path}").text

    def send(self, target: str, **typed: str) -> None:
        """The first form of the page whose target ends so."""
        form = Page(self.html).form(target)
        self.html = self.browser.post(urljoin(self.url, form.target), form.filled(**typed)).text


def minor(amount: str) -> int:
    return cents(Decimal(amount))


@contextmanager
def opened(settings: dict[str, str] | None = None) -> Iterator[House]:
    """On ports of its own, and gone afterwards."""
    with Stage(settings=settings) as stage:
        operator = Operator(stage)
        set_up(operator, stage)
        stage.zendesk.add_agent("Sam Okafor", "sam@kites.example")
        stage.jira.add_project("KS", "Kites")
        yield House(stage, operator, Agent(stage.zendesk), Engineer(stage.jira))
