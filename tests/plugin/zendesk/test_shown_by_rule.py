"""Which tickets an agent sees beside Zendesk's own pages: by each rule of Zendesk's."""

import pytest

from sandbox.zendesk import access
from sandbox.zendesk.records import Group, Ticket, User
from tests.plugin.house import House
from tests.plugin.zendesk.restricted import UNKNOWN, opened, shut
from tests.plugin.zendesk.restricted import gus as gus  # noqa: PLC0414 - a fixture
from tests.plugin.zendesk.restricted import his as his  # noqa: PLC0414 - a fixture


def test_an_agent_of_groups_has_the_tickets_of_their_groups_and_no_others(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    before, sidebar = house.changes(), opened(house, gus)
    assert shut(sidebar, ticket)
    assert house.changes() == before  # not even read
    house.zendesk.move(ticket, house.zendesk.add_group("Sales"))
    house.clock.advance(61)
    assert shut(sidebar, ticket)
    house.zendesk.move(ticket, his)
    house.clock.advance(61)
    assert not shut(sidebar, ticket)


def test_every_page_of_their_groups_counts_and_a_deleted_group_does_not(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    many = [house.zendesk.add_group(f"Group {n}", gus) for n in range(120)]
    house.zendesk.move(ticket, many[-1])
    assert not shut(opened(house, gus), ticket)
    many[-1].deleted = True
    house.clock.advance(61)
    assert shut(opened(house, gus), ticket)
    assert his.id in gus.group_ids


def test_an_agent_of_an_organisation_has_its_tickets(house: House, gus: User, ticket: Ticket) -> None:
    gus.ticket_restriction = "organization"
    assert shut(opened(house, gus), ticket)
    gus.organization_id = ticket.organization_id
    house.clock.advance(61)
    assert not shut(opened(house, gus), ticket)


def test_nobody_is_of_no_organisation_together(house: House, gus: User) -> None:
    gus.ticket_restriction = "organization"
    zoe = house.zendesk.add_user("Zoe", "zoe@nowhere.example")
    assert shut(opened(house, gus), house.zendesk.open_ticket(zoe, "Export", "PDF"))


def test_an_agent_of_what_is_assigned_has_that(house: House, gus: User, ticket: Ticket) -> None:
    gus.ticket_restriction = "assigned"
    assert shut(opened(house, gus), ticket)
    house.zendesk.solve(ticket, by=gus)
    house.clock.advance(61)
    assert not shut(opened(house, gus), ticket)


@pytest.mark.parametrize("word", ["requested", "brands", "", "every", "unknown"])
def test_a_restriction_that_is_not_known_shuts_out(
    house: House, gus: User, ticket: Ticket, word: str
) -> None:
    gus.ticket_restriction = word
    assert shut(opened(house, gus), ticket, UNKNOWN)


@pytest.mark.parametrize(
    ("role", "own", "sees", "sees_his"),
    [
        ("all", "groups", False, True),
        ("within-groups", None, False, True),
        ("within-groups-and-public-groups", None, False, True),
        ("assigned-only", None, False, False),
        ("within-organization", "groups", False, False),
    ],
)
def test_a_custom_role_counts_besides(
    house: House, gus: User, his: Group, ticket: Ticket, role: str, own: str, sees: bool, sees_his: bool
) -> None:
    gus.ticket_restriction = own or "groups"  # or the user would say that nothing is kept from them
    gus.custom_role_id = access.add_role(house.zendesk.account, "Backline", role).id
    assert shut(opened(house, gus), ticket) is not sees
    house.zendesk.move(ticket, his)
    house.clock.advance(61)
    assert shut(opened(house, gus), ticket) is not sees_his


@pytest.mark.parametrize("known", [True, False])
def test_a_custom_role_that_says_something_else_shuts_out(
    house: House, gus: User, his: Group, ticket: Ticket, known: bool
) -> None:
    house.zendesk.move(ticket, his)
    made = access.add_role(house.zendesk.account, "New", "within-brands").id
    gus.custom_role_id = made if known else 4711
    assert shut(opened(house, gus), ticket, UNKNOWN)


def test_a_ticket_that_is_not_there_is_refused_as_a_hidden_one_is(
    house: House, gus: User, ticket: Ticket
) -> None:
    sidebar = opened(house, gus)
    hidden, missing = (sidebar.get(f"/tickets/{one}") for one in (ticket.id, 99_999))
    assert (hidden.status_code, hidden.text) == (missing.status_code, missing.text)


def test_whoever_is_an_agent_no_longer_sees_nothing(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    house.zendesk.move(ticket, his)
    sidebar = opened(house, gus)
    gus.role = "end-user"
    assert shut(sidebar, ticket)
