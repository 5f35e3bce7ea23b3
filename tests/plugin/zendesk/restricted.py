"""Gus, whom Zendesk keeps to the tickets of his group, and how it is told that he is shut out."""

import pytest

from sandbox.zendesk.records import Group, Ticket, User
from tests.plugin.house import House, bearer_of
from tests.plugin.zendesk.conftest import Sidebar, first_load

HIDDEN, UNKNOWN, SILENT = (
    "does not show you this ticket",
    "a rule that is not known",
    "does not say at the moment",
)
WORDS = ("Ana", "Acme", "300 reports", "Exporting")


def opened(house: House, agent: User) -> Sidebar:
    """What they see who came in just now."""
    return Sidebar(house, agent, bearer_of(first_load(house, house.zendesk.signed_token(agent))))


@pytest.fixture
def gus(house: House) -> User:
    """Of one group only, and kept to it."""
    made = house.zendesk.add_agent("Gus", "gus@helpdesk.example")
    made.ticket_restriction = "groups"
    return made


@pytest.fixture
def his(house: House, gus: User) -> Group:
    return house.zendesk.add_group("Billing", gus)


def shut(sidebar: Sidebar, ticket: Ticket, why: str = HIDDEN) -> bool:
    """It is refused for this reason, and nothing of the ticket stands there. Fails for another refusal."""
    answer = sidebar.get(f"/tickets/{ticket.id}")
    if answer.status_code == 200:
        assert "Is it one of these?" in answer.text
        return False
    assert (answer.status_code, why in answer.text) == (403, True), answer.text
    assert not [one for one in WORDS if one in answer.text]
    return True
