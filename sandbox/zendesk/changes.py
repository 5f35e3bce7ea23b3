"""Changing the fields of a ticket: each change is an event of the audit, and may be told by webhook."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.zendesk.account import Account
from sandbox.zendesk.problems import invalid
from sandbox.zendesk.records import Audit, Json, Ticket

PLAIN = (
    "subject",
    "priority",
    "type",
    "external_id",
    "problem_id",
    "group_id",
    "brand_id",
    "collaborator_ids",
)
"""Fields with no rule of their own."""

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")

EDITABLE_WHEN_CLOSED = {"tags", "subject", "priority"}


@dataclass
class Draft:
    """An audit in the making, with the webhook events that it will cause: (type, event)."""

    account: Account
    ticket: Ticket
    audit: Audit
    told: list[tuple[str, Json]] = field(default_factory=list)

    def set(self, name: str, value: Any) -> bool:
        """Change one field if it differs. True if it did."""
        previous = getattr(self.ticket, name)
        if value == previous:
            return False
        setattr(self.ticket, name, value)
        self.audit.events.append(
            {
                "id": self.account.new_id(),
                "type": "Change",
                "field_name": name,
                "value": as_value(value),
                "previous_value": as_value(previous),
            }
        )
        return True

    def set_status(self, status: str) -> None:
        """Raises Problem 422 for a word that is none, and for solving what nobody is assigned to."""
        if status not in STATUSES:
            raise invalid("status", f"Status: {status} is not a valid status")
        if status == "solved" and self.ticket.assignee_id is None:
            raise invalid("base", "Assignee: is required when solving a ticket")
        previous = self.ticket.status
        if self.set("status", status):
            event = {"current": status.upper(), "previous": previous.upper()}
            self.told.append(("ticket.status_changed", event))

    def set_requester(self, ident: int) -> None:
        """The organisation follows the new requester. Raises Problem 422 and 404."""
        requester = self.account.user(ident)
        if requester.suspended:
            raise invalid("requester", f"Requester: {requester.name} is suspended.")
        previous = self.ticket.requester_id
        if self.set("requester_id", ident):
            event = {"current": str(ident), "previous": str(previous)}
            self.told.append(("ticket.requester_changed", event))
            self.set_organization(requester.organization_id)

    def set_organization(self, ident: int | None) -> None:
        previous = self.ticket.organization_id
        if self.set("organization_id", ident):
            event = {"current": str(ident or 0), "previous": str(previous or 0)}
            self.told.append(("ticket.organization_changed", event))

    def set_assignee(self, ident: int | None) -> None:
        """A new ticket that somebody is assigned to is open. Raises Problem 422 and 404."""
        if ident is not None and not self.account.user(ident).staff:
            raise invalid("assignee", "Assignee: is not an agent")
        if self.set("assignee_id", ident) and ident is not None and self.ticket.status == "new":
            self.set_status("open")

    def set_tags(self, tags: list[str]) -> None:
        """All of them at once, as a PUT does."""
        before = set(self.ticket.tags)
        if self.set("tags", sorted({tag.casefold() for tag in tags})):
            after = set(self.ticket.tags)
            event = {"tags_added": sorted(after - before), "tags_removed": sorted(before - after)}
            self.told.append(("ticket.tags_changed", event))

    def apply(self, given: Json) -> None:
        """Every field that the API may set, in an order in which the rules work out."""
        for name in PLAIN:
            if name in given:
                self.set(name, given[name])
        if "tags" in given:
            self.set_tags(list(given["tags"]))
        if given.get("requester_id"):
            self.set_requester(int(given["requester_id"]))
        if "organization_id" in given:
            self.set_organization(given["organization_id"])
        if "assignee_id" in given:
            self.set_assignee(given["assignee_id"])
        if given.get("status"):
            self.set_status(given["status"])


def as_value(value: Any) -> Any:
    """Ids are text in events; lists and text stay."""
    return str(value) if isinstance(value, int) else value
