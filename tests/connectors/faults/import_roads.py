"""The roads of an import of links, step by step. What it brings was over before it: nobody hears of that."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import func, select, update

from connectors.zendesk.jira_links import FIRST, MOST_OF_THE_SECOND, OLD
from lineage.outcomes import notices
from lineage.tables import asks, requests
from plugin.imports import run
from plugin.imports.tables import LINKED, NO_ISSUE, import_links, imports
from sandbox.jira.state import Issue
from sandbox.zendesk.records import Ticket
from store.database import reading, transaction
from tests.connectors.faults.roads import Job
from tests.connectors.faults.town import Town

INTEGRATION = "471147"
"""The account's name for the second API."""


def list_links(town: Town) -> Job:
    return _import(town)[1]


def list_at_the_old_address(town: Town) -> Job:
    return _import(town, OLD)[1]


def list_of_an_integration(town: Town) -> Job:
    """Its second page, on which Ana's is: tickets and issues of the first are not there."""
    _, job = _import(town, INTEGRATION, before=MOST_OF_THE_SECOND)
    _step(town, job.row)
    return job


def check_links(town: Town) -> Job:
    _, job = _import(town)
    _step(town, job.row)
    return job


def record_links(town: Town) -> Job:
    job = check_links(town)
    _step(town, job.row)
    return job


def record_of_one_gone(town: Town) -> Job:
    """The issue is deleted after it was checked."""
    (ticket, issue), job = _import(town)
    _step(town, job.row)
    _step(town, job.row)
    town.jira.delete(issue)
    return replace(job, ended=lambda: _ended(town, ticket, NO_ISSUE))


def _import(town: Town, source: str = FIRST, *, before: int = 0) -> tuple[tuple[Ticket, Issue], Job]:
    """Zendesk's own Jira app linked Ana's ticket to what is done for long, after `before` others."""
    n, zendesk = next(town.numbers), town.zendesk
    issue = town.jira.add_issue("KS", f"Exports {n}", type="Epic")
    town.jira.transition(issue, "done")
    home = zendesk.add_organization(f"Links {n}", [f"links{n}.example"])
    ana = zendesk.add_user("Ana", f"ana@links{n}.example", organization=home)
    ticket = zendesk.open_ticket(ana, "Export", f"PDF {n}")
    zendesk.account.jira_links.clear()
    zendesk.knobs.jira_integration = INTEGRATION if source == INTEGRATION else None
    for number in range(before):
        zendesk.link_to_jira(7_000_000 + number, str(8_000_000 + number), f"GONE-{number + 1}")
    zendesk.link_to_jira(ticket.id, issue.id, issue.key)
    town.clock.advance(60)
    with transaction(town.app.engine) as conn:  # whatever the last story left is over
        conn.execute(update(imports).values(finished_at=town.clock.now(), due_at=None, parked_at=None))
    again = partial(_begin, town, source)
    again()
    ended = partial(_ended, town, ticket, LINKED)
    return (ticket, issue), Job("imports", imports, town.newest(imports), ended, again=again)


def _begin(town: Town, source: str) -> None:
    with transaction(town.app.engine) as conn:
        run.begin(conn, town.workspace, source=source, preview=False, by="Olga", now=town.clock.now())


def _step(town: Town, row: int) -> None:
    town.step("imports")
    town.pass_until(town.row(imports, row)["due_at"])


def _ended(town: Town, ticket: Ticket, wanted: str) -> str:
    """What is wrong: with what was found of the link, how often it is here, or whom it was told."""
    place = f"zendesk:ticket:{ticket.id}"
    link = select(import_links.c.found).where(import_links.c.ticket == str(ticket.id))
    asked = select(asks.c.id).join(requests, requests.c.id == asks.c.request_id)
    asker = select(requests.c.person_id).where(requests.c.origin == place)
    with reading(town.app.engine) as conn:
        found = list(conn.scalars(link))
        times = len(conn.scalars(asked.where(requests.c.origin == place)).all())
        told = conn.scalar(select(func.count()).select_from(notices).where(notices.c.person_id.in_(asker)))
    once = 1 if wanted == LINKED else 0
    if (found, times, told) == ([wanted], once, 0):
        return ""
    return f"its link is {found}, asked for {times} times, told {told} times"


ROADS: Mapping[str, Callable[[Town], Job]] = {
    "import: list links": list_links,
    "import: list links, old address": list_at_the_old_address,
    "import: list links, integration": list_of_an_integration,
    "import: check links": check_links,
    "import: record links": record_links,
    "import: record links, issue gone": record_of_one_gone,
}
