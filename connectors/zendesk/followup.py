"""A follow-up on a closed ticket: a closed ticket takes no comment, and Zendesk's own continuation is a new
ticket that names it as its source. How it is made once stands in `creating.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import NotFound
from connectors.outcomes import Blocked, Elsewhere, Outcome
from connectors.zendesk import by_hand, creating, marks
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.creating import NewTicket

GONE = "Zendesk does not show the closed ticket: it is deleted, or hidden from our account"


@dataclass(frozen=True, slots=True)
class FollowUp(NewTicket):
    """`source`: the closed ticket."""

    source: str = field(kw_only=True)

    @property
    def made(self) -> str:
        return "followup"

    def about(self) -> Mapping[str, Any] | Blocked:
        try:
            return self.client.ticket(self.source).ticket
        except NotFound:
            return Blocked(GONE)

    def objection(self, about: Mapping[str, Any]) -> Outcome | None:
        return _objection(self, about, self.source)

    def body(self, about: Mapping[str, Any]) -> str:
        source, subject = int(self.source), f"Re: {about.get('subject') or ''}"
        by = creating.assignee(self, about.get("assignee_id"))
        brand = about.get("brand_id")  # without it, Zendesk mails under the account's default brand
        more = {"brand_id": brand} if isinstance(brand, int) else {}
        return self.ticket(about["requester_id"], subject, by, via_followup_source_id=source, **more)

    def may_be(self) -> Iterable[object]:
        """The source lists what follows it."""
        try:
            return marks.listed(self.client.ticket(self.source).ticket.get("followup_ids"))
        except NotFound:
            return []


def create(attempt: Attempt, source: str) -> Outcome:
    """Create the follow-up of `source`, or find it. Raises Unavailable where nothing could be read."""
    return creating.create(FollowUp.of(attempt, source=source))


def _objection(attempt: Attempt, ticket: Mapping[str, Any], source: str) -> Outcome | None:
    if ticket.get("status") != "closed":
        return Elsewhere(source, "the ticket is not closed any more")
    requester = str(ticket.get("requester_id"))
    if requester not in attempt.sending.person_keys:
        return Elsewhere(source, "the requester of the ticket is somebody else now")
    if attempt.client.user(requester).get("suspended"):
        return Blocked(by_hand.SUSPENDED)
    return by_hand.answered_with_problem(attempt, ticket)
