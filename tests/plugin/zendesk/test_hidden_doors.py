"""Every door beside a ticket, tried by an agent whom Zendesk keeps from some: on their own, and on others."""

import re

import pytest

from lineage.terms import ItemId
from plugin.jira import acts
from store.database import transaction
from tests.plugin.house import House, bearer_of
from tests.plugin.zendesk.conftest import first_load
from tests.plugin.zendesk.test_token_matrix import desk as desk  # noqa: PLC0414 - the fixture of the matrix
from tests.plugin.zendesk.token_desk import Desk


@pytest.mark.parametrize("theirs", [False, True])
def test_an_agent_whom_zendesk_keeps_from_a_ticket_has_no_way_to_it(
    desk: Desk, house: House, theirs: bool
) -> None:
    """Gus is of one group. On its tickets each door works; on another's none says or changes anything."""
    gus = house.zendesk.add_agent("Gus", "gus@helpdesk.example")
    gus.ticket_restriction = "groups"
    his, other = house.zendesk.add_group("Billing", gus), house.zendesk.add_group("Sales")
    house.zendesk.move(desk.ticket, his if theirs else other)
    mine = bearer_of(first_load(house, house.zendesk.signed_token(gus)))
    before = (house.changes(), house.plan(), house.zendesk.ledger, len(house.woken))
    doors = [one for one in desk.doors() if "/tickets/" in one.path]
    assert len(doors) > 20
    for door in doors:
        answer = desk.knock(door, mine)
        assert (answer.status_code != 403) is theirs, (door, answer.text)
        if not theirs:
            assert "does not show you this ticket" in answer.text, door
            assert not re.search(r"Ana\b|Acme|300 reports|PDF|KS-1", answer.text), (door, answer.text)
    after = (house.changes(), house.plan(), house.zendesk.ledger, len(house.woken))
    assert (after == before) is not theirs
    if not theirs:
        with transaction(house.state.engine) as conn:
            [act] = acts.from_tickets(conn, house.workspace.id, ItemId(f"zendesk:ticket:{desk.ticket.id}"))
        assert act.waits and not act.undone
