"""The roads of the worker to its vendors, each with a scene of its own and its true end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Table, select

from lineage.changes import IssueSeen, Linked, PersonSeen, TicketSeen, Titled
from lineage.outcomes import notices, pushes
from lineage.tables import companies, items, requests
from lineage.terms import ItemId, Origin
from plugin.forum.tables import forum_members, forum_moderations, forum_posts
from sandbox.jira.state import Issue
from sandbox.zendesk.records import Ticket, User
from store.looks import looks
from tests.connectors.faults.town import Town


@dataclass(frozen=True, slots=True)
class Job:
    """One row to be done. `ended` says what is wrong with the end, or nothing; `hint`: what only the event
    knew that asked for a look; `again`: how a person asks for it once more.
    """

    shelf: str
    table: Table
    row: int
    ended: Callable[[], str]
    hint: Mapping[str, str] | None = None
    again: Callable[[], None] | None = None


def look(
    town: Town, system: str, kind: str, ident: object, ended: Callable[[], str], hint: Any = None
) -> Job:
    town.ask(system, kind, ident, hint=hint)
    return Job("looks", looks, int(town.look_row(system, kind, ident)["id"]), ended, hint)


def has(town: Town, table: Table, **values: object) -> str:
    wanted = [table.c[name] == value for name, value in values.items()]
    with town.app.engine.connect() as conn:
        found = conn.execute(select(table).where(*wanted)).all()
        conn.rollback()
    return "" if len(found) == 1 else f"{len(found)} rows of {table.name} with {values}"


def read_ticket(town: Town) -> Job:
    n = next(town.numbers)
    home = town.zendesk.add_organization(f"Home {n}", [f"home{n}.example"])
    ana = town.zendesk.add_user("Ana", f"ana@home{n}.example", organization=home)
    ticket = town.zendesk.open_ticket(ana, "Export", f"PDF {n}")
    place = f"zendesk:ticket:{ticket.id}"
    return look(
        town, "zendesk", "ticket", ticket.id, lambda: has(town, requests, origin=place, words=f"PDF {n}")
    )


def reconcile_zendesk(town: Town) -> Job:
    return look(town, "zendesk", "sync", "all", lambda: _synced(town, "zendesk"))


def _synced(town: Town, system: str) -> str:
    at = town.account(system).last_sync_at
    return "" if at and (town.clock.now() - at).total_seconds() < 5 else f"last reconciled {at}"


def owed(town: Town, *, closed: bool = False, other: bool = False) -> tuple[Ticket, Job]:
    """Ana asked in a ticket (`other`: in two) for something that is done now, and is owed the news."""
    n = next(town.numbers)
    ana = town.zendesk.add_user("Ana", f"ana@news{n}.example")
    agent = town.zendesk.service
    ticket = town.zendesk.open_ticket(ana, "Export", "PDF", assignee_id=agent.id)
    if closed:
        town.zendesk.close(ticket)
    hers = [
        ticket,
        *([town.zendesk.open_ticket(ana, "Export", "And?", assignee_id=agent.id)] if other else []),
    ]
    town.clock.advance(10)
    now, item = town.clock.now(), ItemId(str(900_000 + n))
    town.record(an_issue(item, "new", now))
    town.record(Titled(item, "Export to PDF", own_part=False, by="Eve", at=now))
    for one in hers:
        seen(town, ana, one)
        town.record(Linked(Origin("zendesk:ticket", str(one.id)), item, by="Agnes", at=now))
    town.clock.advance(5)
    town.record(an_issue(item, "done", town.clock.now()))
    town.clock.advance(5)

    def told_once() -> str:
        marked = [one for one in town.zendesk.ledger if ticket.id in (one.ticket, one.followup_of)]
        return "" if len(marked) == 1 else f"told {len(marked)} times"

    return ticket, Job("notices", notices, town.newest(notices), told_once)


def seen(town: Town, user: User, ticket: Ticket) -> None:
    """What a look at the ticket brought, some time ago."""
    asker, now = PersonSeen("zendesk", str(user.id), user.name, (str(user.email),)), town.clock.now()
    ident, words = str(ticket.id), ticket.description
    town.record(
        TicketSeen(ident, ticket.status, "Export", words, asker, created=now, updated=now, channel="email")
    )


def an_issue(item: ItemId, category: str, now: Any) -> IssueSeen:
    return IssueSeen(
        item=item, key=f"FA-{item}", summary="internal", project="FA", issue_type="Story", status="x",
        category=category, resolution_id=None, resolution=None, meaning=None, created=now, updated=now,
        state_at=now,
    )  # fmt: skip


def reply(town: Town) -> Job:
    return owed(town)[1]


def follow_up(town: Town) -> Job:
    return owed(town, closed=True)[1]


def read_issue(town: Town) -> Job:
    n = next(town.numbers)
    issue = town.jira.add_issue("KS", f"Exports {n}", type="Epic")
    return look(
        town, "jira", "issue", issue.id, lambda: has(town, items, id=issue.id, summary=f"Exports {n}")
    )


def read_version(town: Town) -> Job:
    made = town.jira.add_version("KS", f"v{next(town.numbers)}")
    return look(town, "jira", "version", made.id, lambda: "")


def read_project(town: Town) -> Job:
    return look(town, "jira", "project", town.jira.site.project("KS").id, lambda: "")


def reconcile_jira(town: Town) -> Job:
    return look(town, "jira", "sync", "all", lambda: _synced(town, "jira"))


def known_issue(town: Town, summary: str) -> Issue:
    """In Jira, and read some time ago."""
    issue, now = town.jira.add_issue("KS", summary), town.clock.now()
    seen = replace(an_issue(ItemId(issue.id), "new", now), key=issue.key, project="KS")
    town.record(seen)
    return issue


def push(town: Town) -> Job:
    now = town.clock.now()
    issue = known_issue(town, f"Export {next(town.numbers)}")
    row = town.put(pushes, item_id=issue.id, rev=1, pushed_rev=0, due_at=now)

    def written() -> str:
        value = town.jira.property(issue, "kithspark.demand")
        return "" if value and value["rev"] == 1 and "pipeline" in value else f"the property is {value}"

    return Job("pushes", pushes, row, written)


class Customer(NamedTuple):
    """A requester of ours whom HubSpot knows, and what belongs to them there, by its ids."""

    email: str
    contact: str
    company: str
    deal: str


def customer(town: Town) -> Customer:
    n = next(town.numbers)
    email, portal = f"ana@crm{n}.example", town.hubspot
    company = portal.add_company(f"Crm {n}", f"crm{n}.example")
    contact = portal.add_contact(email, company)
    deal = portal.add_deal(amount="1000", company=company, stage="won")
    town.knows_ticket(str(5_000_000 + n), email)
    return Customer(email, contact, company, deal)


def valued(town: Town, company: str, minor: int) -> str:
    return has(town, companies, hubspot_id=company, customer_minor=minor)


def read_address(town: Town) -> Job:
    ana = customer(town)
    return look(town, "hubspot", "email", ana.email, lambda: valued(town, ana.company, 100_000))


def reconcile_hubspot(town: Town) -> Job:
    return look(town, "hubspot", "sync", "all", lambda: _synced(town, "hubspot"))


def check_post(town: Town) -> Job:
    n, now = next(town.numbers), town.clock.now()
    author = town.put(forum_members, email=f"a{n}@x.example", name="Ana", created_at=now)
    post = town.put(
        forum_posts, author_id=author, form=f"f{n}", title="Dark mode", words="Please", folded="dark",
        state="held", reason="", created_at=now,
    )  # fmt: skip
    row = town.put(forum_moderations, post_id=post, categories=[], due_at=now)
    return Job("moderate", forum_moderations, row, lambda: has(town, forum_posts, id=post, state="published"))


ROADS: Mapping[str, Callable[[Town], Job]] = {
    "read a ticket": read_ticket,
    "reconcile Zendesk": reconcile_zendesk,
    "reply": reply,
    "follow-up": follow_up,
    "read an issue": read_issue,
    "read a version": read_version,
    "read a project": read_project,
    "reconcile Jira": reconcile_jira,
    "push demand": push,
    "read an address": read_address,
    "reconcile HubSpot": reconcile_hubspot,
    "check a post": check_post,
}
