"""Groups, custom roles, and which tickets an agent sees by the restriction that an administrator set."""

from collections.abc import Iterable

from sandbox.zendesk.account import Account
from sandbox.zendesk.records import CustomRole, Group, Ticket, User


def add_group(account: Account, name: str, members: Iterable[User]) -> Group:
    made = Group(account.new_id(), name, account.stamp())
    account.groups[made.id] = made
    for one in members:
        one.group_ids.append(made.id)
    return made


def add_role(account: Account, name: str, ticket_access: str) -> CustomRole:
    """For `custom_role_id` of an agent."""
    made = CustomRole(account.new_id(), name, account.stamp(), ticket_access)
    account.roles[made.id] = made
    return made


def sees(user: User, ticket: Ticket) -> bool:
    """Administrators see all; and whatever keeps somebody from others, they see what they asked for."""
    if user.role == "admin" or user.id in (ticket.requester_id, *ticket.collaborator_ids):
        return True
    return {
        None: True,
        "groups": ticket.group_id in user.group_ids,
        "organization": user.organization_id is not None and ticket.organization_id == user.organization_id,
        "assigned": ticket.assignee_id == user.id,
    }.get(user.ticket_restriction, False)
