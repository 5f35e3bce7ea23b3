"""The reconciliation with all three vendors: quiet where nothing changed, complete where it broke off."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from sandbox.faults import Fault
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from store import connections
from store.database import metadata, reading
from tests.plugin.work.conftest import Desk

OURS = {"connections", "looks", "tallies", "paces"}
"""What a run says of itself: when it was, what it read, how many calls it took."""
READ_AT = {"read_at", "valued_at"}
"""When it was last read, which pages show."""


def everything(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    with reading(desk.app.engine) as conn:
        return {
            table.name: [
                {name: value for name, value in row.items() if name not in READ_AT}
                for row in conn.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in metadata.sorted_tables
            if table.name not in OURS
        }


def marks(desk: Desk, system: str) -> dict[str, str]:
    [row] = [one for one in desk.rows(connections.connections) if one["system"] == system]
    return dict(row["watermark"])


def reconcile(desk: Desk) -> None:
    for system in ("jira", "zendesk", "hubspot"):
        desk.ask(system, "sync", "all")
    desk.works()


def known_to_all(desk: Desk, jira: Jira, zendesk: Zendesk, hubspot: HubSpot) -> int:
    """Ana of Acme asked in a ticket for an issue of version 2.0; the ticket."""
    acme = hubspot.add_company("Acme", "acme.example")
    hubspot.add_contact("ana@acme.example", acme)
    hubspot.add_deal(amount="1000", company=acme, stage="closedwon")
    issue = jira.add_issue("KS-1", "Export")
    jira.set_fix_version(issue, jira.add_version("KS", "2.0"))
    ana = zendesk.add_user("Ana", "ana@acme.example")
    ticket = zendesk.open_ticket(ana, "Export", "PDF, please")
    desk.looks_at("jira", "issue", issue.id)
    desk.looks_at("zendesk", "ticket", ticket.id)
    desk.links(ticket.id, issue.id)
    desk.works()
    return ticket.id


def test_a_healthy_run_over_an_unchanged_account_changes_no_row(
    desk: Desk, jira: Jira, zendesk: Zendesk, hubspot: HubSpot
) -> None:
    known_to_all(desk, jira, zendesk, hubspot)
    reconcile(desk)
    desk.clock.advance(600)
    before = everything(desk)
    assert before["requests"]
    assert before["items"]
    for wait in (timedelta(minutes=10), timedelta(minutes=10), timedelta(days=2)):
        desk.clock.advance(wait.total_seconds())
        reconcile(desk)
        differing = [name for name, rows in everything(desk).items() if rows != before[name]]
        assert not differing, f"{differing} after {wait}"


def test_a_run_that_breaks_off_leaves_its_watermark_so_that_nothing_is_passed_over(
    desk: Desk, jira: Jira, zendesk: Zendesk, hubspot: HubSpot
) -> None:
    ticket = known_to_all(desk, jira, zendesk, hubspot)
    reconcile(desk)
    before = {system: marks(desk, system) for system in ("jira", "zendesk", "hubspot")}
    desk.clock.advance(600)
    jira.edit(jira.issue("KS-1"), summary="Export to PDF")
    zendesk.solve(zendesk.ticket(ticket))
    desk.clock.advance(120)
    for vendor, path in ((jira, "/search/jql"), (zendesk, "/incremental/"), (hubspot, "/search")):
        vendor.faults.order(Fault("status", path=path, status=503))
    for system in before:
        desk.ask(system, "sync", "all")
    desk.works("looks")
    assert {system: marks(desk, system) for system in before} == before
    desk.clock.advance(1300)
    desk.works()
    assert desk.item("KS-1").summary == "Export to PDF"
    assert "solved" in str(everything(desk)["requests"])
    assert all(marks(desk, system) != before[system] for system in ("jira", "zendesk"))
