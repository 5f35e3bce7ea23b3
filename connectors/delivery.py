"""The job that tells people: begin, say, remember how it ended.

Three steps, two short transactions, none open while we speak. Which channel says it follows from the
place; the channels are handed in, so that the forum can be one without being known here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from connectors.errors import Refused, Unavailable
from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Outcome, Said, Unknown
from lineage import notices, outbox
from lineage.notices import Sending
from store import workspaces
from store.database import transaction
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace


class Channel(Protocol):
    """One way to say something, like a reply on a ticket or an entry on a forum post."""

    def say(
        self,
        workspace: Workspace,
        sending: Sending,
        now: datetime,
        keep: Callable[[Mapping[str, Any]], None],
        /,
    ) -> Outcome:
        """Say it once. Raises Unavailable where nothing could be read, Refused where it can never be said."""

    def read_again(self, workspace: Workspace, ticket: str, now: datetime, /) -> None:
        """Read the place that turned out to be another one, and record what was found."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Does the rows of the notices shelf. `channels`: by the first word of a place (`zendesk`, `forum`)."""

    engine: Engine
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    lease_s: float

    def __call__(self, claimed: Claimed) -> None:
        """Try to say one notice. Raises Superseded where another worker holds it by now."""
        begun = self._begin(claimed)
        if begun is None:
            return
        workspace, sending = begun
        channel = self.channels[sending.place.partition(":")[0]]
        outcome = self._say(claimed, workspace, sending, channel)
        if isinstance(outcome, Elsewhere):
            channel.read_again(workspace, outcome.ticket, self.clock())
        with transaction(self.engine) as conn:
            if not self._end(conn, workspace, claimed, outcome):
                raise Superseded(f"notice {claimed.id} is held by another worker")

    def _begin(self, claimed: Claimed) -> tuple[Workspace, Sending] | None:
        now = self.clock()
        with transaction(self.engine) as conn:
            if not outbox.SHELF.renew(conn, claimed, now=now, lease_s=self.lease_s):
                raise Superseded(f"notice {claimed.id} is held by another worker")
            workspace = workspaces.by_id(conn, claimed.workspace_id)
            begun = notices.begin(conn, workspace, claimed.id, now=now)
            if isinstance(begun, Sending):
                return workspace, begun
            if begun is None:
                outbox.settled(conn, claimed)
            else:
                outbox.wait(conn, claimed, until=begun, reason="")
            return None

    def _say(self, claimed: Claimed, workspace: Workspace, sending: Sending, channel: Channel) -> Outcome:
        kept = dict(sending.kept)

        def keep(facts: Mapping[str, Any]) -> None:
            kept.update(facts)
            with transaction(self.engine) as conn:
                if not outbox.SHELF.renew(conn, claimed, now=self.clock(), lease_s=self.lease_s):
                    raise Superseded(f"notice {claimed.id} is held by another worker")
                notices.keep(conn, replace(sending, kept=kept), {})

        try:
            return channel.say(workspace, sending, self.clock(), keep)
        except Unavailable as trouble:
            return NotYet(trouble.after_s or 10.0, str(trouble))
        except Refused as refusal:
            return Blocked(str(refusal))

    def _end(self, conn: Connection, workspace: Workspace, claimed: Claimed, outcome: Outcome) -> bool:
        now = self.clock()
        match outcome:
            case Said(receipt):
                return outbox.confirm(conn, workspace, claimed, receipt, now=now)
            case NotYet(after_s, reason):
                return outbox.wait(conn, claimed, until=now + timedelta(seconds=after_s), reason=reason)
            case Unknown(after_s, reason):
                return outbox.unknown(conn, claimed, until=now + timedelta(seconds=after_s), reason=reason)
            case Elsewhere(_, reason):
                return outbox.plan_again(conn, workspace, claimed, reason=reason, now=now)
            case GivenUp(reason):
                return outbox.withdraw(conn, workspace, claimed, reason=reason, now=now)
            case Blocked(reason):
                return outbox.block(conn, claimed, reason=reason, now=now)
