"""A ticket that is opened for one voter of the community, to tell them there. How it is made once stands in
`creating.py`; what is said later is a reply on it like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import NotFound
from connectors.outcomes import Blocked, Outcome
from connectors.zendesk import creating
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.by_hand import SUSPENDED
from connectors.zendesk.creating import NewTicket
from connectors.zendesk.reader import OURS

GONE = "Zendesk does not show the voter any more: tell them by hand, or cancel this"
NO_ADDRESS = "the voter has no e-mail address in Zendesk, so a ticket would reach nobody: tell them by hand"


@dataclass(frozen=True, slots=True)
class OwnTicket(NewTicket):
    """`voter`: the user who voted, by their id then."""

    voter: str = field(kw_only=True)

    @property
    def made(self) -> str:
        return "proactive"

    def about(self) -> Mapping[str, Any] | Blocked:
        """The user, or whom they were merged into: all of the ids are the person's who is owed this."""
        theirs = [self.voter] if self.voter in self.sending.person_keys else []
        for ident in dict.fromkeys((*theirs, *self.sending.person_keys)):
            try:
                user = self.client.user(ident)
            except NotFound:
                continue
            if user.get("active") is not False:
                return user
        return Blocked(GONE)

    def objection(self, about: Mapping[str, Any]) -> Outcome | None:
        if about.get("suspended"):
            return Blocked(SUSPENDED)
        return None if about.get("email") else Blocked(NO_ADDRESS)

    def body(self, about: Mapping[str, Any]) -> str:
        return self.ticket(about["id"], f"Re: {self.sending.subject}", creating.assignee(self))

    def may_be(self) -> Iterable[object]:
        """Where one may be: those of the voter's tickets that we opened."""
        if self.sending.kept.get("created_at") is None:
            return []
        found: list[object] = []
        for ident in self.sending.person_keys:
            try:
                theirs = self.client.requested_by(ident)
            except NotFound:  # merged into another user, whose tickets these are now
                continue
            found += [one.get("id") for one in theirs if str(one.get("external_id")).startswith(OURS)]
        return found


def create(attempt: Attempt, vote: str) -> Outcome:
    """Open the ticket for this vote (`post:voter`), or find it. Raises Unavailable where nothing was read."""
    return creating.create(OwnTicket.of(attempt, voter=vote.rpartition(":")[2]))
