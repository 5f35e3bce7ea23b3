"""What the sidebar costs, in statements: as many for fifty linked issues as for four."""

import re
from typing import Any

import pytest
from sqlalchemy import insert

from lineage.tables import asks
from lineage.terms import ItemId
from plugin.zendesk import ticket as screen
from sandbox.zendesk.records import Ticket
from store.database import transaction
from tests.plugin.house import House
from tests.plugin.jira.test_cost_of_the_panel import counted
from tests.plugin.zendesk.conftest import Sidebar

MOST = 75


def link(house: House, ticket: Ticket, many: int) -> list[ItemId]:
    """The ticket is linked to so many issues, the first by an agent."""
    keys = [f"KS-{n}" for n in range(1, many + 1)]
    for key in keys:
        house.jira.add_issue(key, f"Thing {key}")
    house.reads(*keys)
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    [ask], found = house.asks(ticket.id), [ItemId(house.item_id(key)) for key in keys]
    rows: list[dict[str, Any]] = [
        {
            "workspace_id": house.workspace.id, "request_id": ask.request_id, "item_id": item,
            "linked_at": ask.linked_at, "linked_by": "Agnes",
        }
        for item in found[1:]
    ]  # fmt: skip
    with transaction(house.state.engine) as conn:
        conn.execute(insert(asks), rows)
    return found


@pytest.mark.parametrize("many", [4, 50])
def test_fifty_linked_issues_take_as_many_statements_as_four(house: House, ticket: Ticket, many: int) -> None:
    link(house, ticket, many)
    with house.app.test_request_context("/"), counted(house.state.engine) as made:
        shown = screen.screen(house.workspace, ticket.id)
    assert len(shown.linked) + len(shown.folded) == many
    assert len(made) <= MOST, made


def test_of_many_the_first_are_whole_and_the_others_a_line_that_unfolds(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    link(house, ticket, 6)
    page = sidebar.get(f"/tickets/{ticket.id}").text
    assert "3 more linked issues" in page and page.count("Parts, titles, unlink") == screen.IN_FULL
    for key in (f"KS-{n}" for n in range(1, 7)):
        assert f"{key}</" in page
    address = re.findall(r'hx-get="(/zendesk/acme/tickets/\d+/asks/\d+)"', page)
    assert len(address) == 3
    whole = sidebar.get(address[0].removeprefix("/zendesk/acme")).text
    assert "Parts, titles, unlink" in whole and "KS-4" in whole
    assert sidebar.get(f"/tickets/{ticket.id}/asks/999999").status_code == 404


def test_what_waits_for_a_yes_is_among_the_first(house: House, sidebar: Sidebar, ticket: Ticket) -> None:
    house.reads_ticket(ticket.id)
    for key in (f"KS-{n}" for n in range(1, 7)):
        house.jira.add_issue(key, f"Thing {key}")
        house.reads(key)
        house.links(ticket.id, key)
    last = house.asks(ticket.id)[-1]
    sidebar.post(f"/tickets/{ticket.id}/title", ask=str(last.ask_id), issue=last.item.id, title="Sixth")
    house.jira.transition(last.item.key, "done")
    house.reads(last.item.key)
    house.hold_for_approval()
    page = sidebar.get(f"/tickets/{ticket.id}").text
    assert page.index("Draft waiting for you") < page.index("more linked issues")
    assert page.index(f"{last.item.key}</a>") < page.index("KS-1</a>")
