"""Which tickets Zendesk shows to an agent, by its own rules, for whoever reads them with a larger account.

Where a rule lets more through than can be told from ticket and user, the narrower reading counts: a ticket
that the agent only requested or follows, a public group, and an organisation besides the agent's first are
not taken as shown.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from connectors.errors import NotFound, Refused
from connectors.zendesk.answers import Json
from connectors.zendesk.client import Zendesk, number
from connectors.zendesk.reader import STAFF

UNKNOWN = "unknown"

BY_ROLE: Mapping[object, str | None] = {
    "all": None,
    "within-groups": "groups",
    "within-groups-and-public-groups": "groups",
    "within-organization": "organization",
    "assigned-only": "assigned",
}
"""What a custom role's `ticket_access` comes to, in the words of a user's `ticket_restriction`."""


class RuleUnknown(Exception):
    """Zendesk keeps this agent from some tickets by a rule that we do not know."""


def sees_every_ticket(user: Mapping[str, Any]) -> bool:
    """Whether Zendesk says of this user that it keeps no ticket from them."""
    return user.get("role") == "admin" or (
        user.get("role") in STAFF and user.get("restricted_agent") is False
    )


def shows(client: Zendesk, user_id: str, tickets: Sequence[str]) -> bool:
    """Whether Zendesk shows this user all these tickets. One call for the user and one for each ticket; one
    more for groups, and one for a custom role.

    Raises RuleUnknown, and what the client raises, but NotFound: what is not there is shown to nobody.
    """
    try:
        user = client.user(user_id)
        if sees_every_ticket(user):
            return True
        if user.get("role") not in STAFF:
            return False
        rules = [FIELDS[rule] for rule in restrictions(client, user)]
        theirs = {field: set(those(client, user)) - {None} for field, those in rules}
        read = (client.ticket(one).ticket for one in tickets)
        return all(ticket.get(field) in those for ticket in read for field, those in theirs.items())
    except NotFound:
        return False


def restrictions(client: Zendesk, user: Json) -> set[str]:
    """All the rules that a ticket has to pass: the user's own, and that of their role. Raises RuleUnknown."""
    own = user.get("ticket_restriction", UNKNOWN)
    found = {own if own is None else str(own)}
    if user.get("custom_role_id") is not None:
        found.add(_of_role(client, user["custom_role_id"]))
    rules = {one for one in found if one is not None}
    if not rules <= set(FIELDS):
        raise RuleUnknown
    return rules


def _of_role(client: Zendesk, role: int) -> str | None:
    try:
        asked = client.get(f"custom_roles/{number(role)}.json").get("custom_role")
    except Refused as refusal:
        if refusal.whole_account:
            raise
        return UNKNOWN
    held = asked.get("configuration") if isinstance(asked, dict) else None
    return BY_ROLE.get(held.get("ticket_access"), UNKNOWN) if isinstance(held, dict) else UNKNOWN


def _groups_of(client: Zendesk, user: Json) -> set[object]:
    groups = client.every("groups", f"users/{number(user['id'])}/groups.json")
    return {one.get("id") for one in groups if one.get("deleted") is not True}


FIELDS: Mapping[str, tuple[str, Callable[[Zendesk, Json], Collection[object]]]] = {
    "groups": ("group_id", _groups_of),
    "organization": ("organization_id", lambda _, user: [user.get("organization_id")]),
    "assigned": ("assignee_id", lambda _, user: [user.get("id")]),
}
"""By `ticket_restriction`: the field of the ticket that counts, and what has to stand there. What is not here
("requested", or a word that is new) is not known.
"""
