"""Two who are owed the same news, each by a message that waits for somebody's yes."""

import pytest

from lineage.changes import Titled
from tests.plugin.house import House


@pytest.fixture
def owed(house: House) -> House:
    """KS-1 is done; two people who asked for it are owed that, once somebody said yes."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    now = house.clock.now()
    house.record(Titled(house.item_id("KS-1"), "Export to PDF", own_part=False, by="x", at=now), "title")
    for name in ("Ana", "Bo"):
        user = house.zendesk.add_user(name, f"{name.lower()}@acme.example")
        ticket = house.zendesk.open_ticket(user, "PDF please", "I need a pdf.")
        house.reads_ticket(ticket.id)
        house.links(ticket.id, "KS-1")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    house.hold_for_approval()
    return house
