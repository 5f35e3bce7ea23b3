"""Replies on Zendesk tickets, and comments in its community, as a channel of `connectors/delivery.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from connectors.errors import NotFound
from connectors.outcomes import Outcome
from connectors.zendesk import official
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.client import Zendesk
from connectors.zendesk.reader import read_ticket
from connectors.zendesk.reply import attempt
from lineage import ledger
from lineage.notices import Sending
from store import looks
from store.database import transaction
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class ZendeskReplies:
    """`client` gives this thread's client of a workspace; `settle_s`: how long an unknown outcome rests."""

    engine: Engine
    client: Callable[[Workspace], Zendesk]
    settle_s: float

    def say(
        self, workspace: Workspace, sending: Sending, now: datetime, keep: Callable[[Mapping[str, Any]], None]
    ) -> Outcome:
        about = (self.client(workspace), sending, now, self.settle_s, keep)
        if sending.place.startswith(official.PLACE):
            # Where voters are told in tickets of their own, it is there to be read: nobody is mailed twice.
            mails = not workspace.policy.voter_tickets and sending.public
            return official.attempt(official.Comment(*about, engine=self.engine, mails=mails))
        return attempt(Attempt(*about))

    def read_again(self, workspace: Workspace, ticket: str, now: datetime) -> None:
        """Read the ticket now, so that the next plan knows its place; a deleted one is looked at later."""
        try:
            seen = read_ticket(self.client(workspace), ticket)
        except NotFound:
            with transaction(self.engine) as conn:
                looks.ask(
                    conn,
                    workspace_id=workspace.id,
                    system="zendesk",
                    kind="ticket",
                    object_id=ticket,
                    now=now,
                )
            return
        with transaction(self.engine) as conn:
            cause = f"reply:{ticket}:{seen.updated.isoformat()}:{now.isoformat()}"
            ledger.record(conn, workspace, seen, cause=cause, now=now)
