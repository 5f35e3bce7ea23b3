"""Groups, custom roles, and what an agent who is restricted finds, as the vendor plays them."""

import pytest
import requests
from zenpy import Zenpy

from sandbox.zendesk import Zendesk, access
from sandbox.zendesk.records import Ticket, User


def read(zendesk: Zendesk, agent: User, path: str) -> requests.Response:
    keys = (f"{agent.email}/token", zendesk.api_token)
    return requests.get(f"{zendesk.url}/api/v2/{path}", auth=keys, timeout=5)


@pytest.fixture
def gus(zendesk: Zendesk) -> User:
    return zendesk.add_agent("Gus", "gus@helpdesk.example")


def test_an_agents_groups_are_listed_with_deleted_ones_unless_asked_otherwise(
    zenpy: Zenpy, zendesk: Zendesk, gus: User
) -> None:
    billing, old = zendesk.add_group("Billing", gus), zendesk.add_group("Old", gus)
    zendesk.add_group("Sales")
    old.deleted = True
    listed = [(one.id, one.name, one.deleted) for one in zenpy.users.groups(user=gus.id)]
    assert listed == [(billing.id, "Billing", False), (old.id, "Old", True)]
    without = read(zendesk, gus, f"users/{gus.id}/groups?exclude_deleted=true").json()["groups"]
    assert [one["id"] for one in without] == [billing.id]


def test_a_custom_role_says_which_tickets_its_agents_see(zendesk: Zendesk, gus: User) -> None:
    role = access.add_role(zendesk.account, "Backline", "within-groups")
    gus.custom_role_id = role.id
    assert read(zendesk, gus, f"users/{gus.id}").json()["user"]["custom_role_id"] == role.id
    told = read(zendesk, gus, f"custom_roles/{role.id}").json()["custom_role"]
    assert told["configuration"]["ticket_access"] == "within-groups"
    assert read(zendesk, gus, "custom_roles/4711").status_code == 404


@pytest.mark.parametrize("restriction", [None, "groups", "organization", "assigned"])
def test_a_restricted_agent_finds_what_is_theirs_and_no_other(
    zendesk: Zendesk, gus: User, ana: User, ticket: Ticket, restriction: str | None
) -> None:
    gus.ticket_restriction = restriction
    group, zoe = zendesk.add_group("Billing", gus), zendesk.add_user("Zoe", "zoe@nowhere.example")
    other = zendesk.open_ticket(zoe, "Other", "words")
    told = read(zendesk, gus, f"users/{gus.id}").json()["user"]
    assert told["ticket_restriction"] == restriction
    assert told["restricted_agent"] is (restriction is not None)
    if restriction is not None:
        assert read(zendesk, gus, f"tickets/{ticket.id}").status_code == 403
    zendesk.move(ticket, group)
    zendesk.solve(ticket, by=gus)
    gus.organization_id = ana.organization_id
    assert read(zendesk, gus, f"tickets/{ticket.id}").status_code == 200
    both = read(zendesk, gus, f"tickets/show_many?ids={ticket.id},{other.id}").json()["tickets"]
    theirs = [ticket.id] if restriction else [ticket.id, other.id]
    assert [one["id"] for one in both] == theirs
    assert [one["id"] for one in read(zendesk, gus, "tickets").json()["tickets"]] == theirs
