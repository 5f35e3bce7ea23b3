"""An account that asks for a rest gets it from everybody, and one that takes us no more is left in peace.

Else each of a thousand rows would find out for itself, by a call that cannot help.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import Engine

from connectors import calls
from connectors.calls import Call
from connectors.delivery import Channel
from connectors.errors import Refused, Unavailable
from connectors.outcomes import Outcome
from connectors.pacing import UNTOLD_S
from lineage import outbox
from lineage.notices import Sending
from store import connections, rests
from store.connections import Connection
from store.database import reading, transaction
from store.errors import TryLater
from store.workspaces import Workspace

SHUT_S = 600.0
"""So often it is tried whether an account takes us again by itself."""

SHUT = "Nothing more is asked of this account"
"""How the reason of every row begins that waits because of that."""


@dataclass(frozen=True, slots=True)
class Rests:
    """Around a job's calls to one account: `with rests.obeyed(account):`. `messages`: its calls are a
    message's, which has a pace, and rests with that.
    """

    engine: Engine
    clock: Callable[[], datetime]
    messages: bool = False

    @contextmanager
    def obeyed(self, account: Connection) -> Iterator[None]:
        """Raises TryLater, before any call, while the account rests; and where it turns out to be shut."""
        self._enter(account)
        with calls.noted() as made:
            try:
                yield
            except Refused as refusal:
                if not refusal.whole_account:
                    raise
                raise self._shut(account, refusal) from refusal
            except Unavailable as trouble:
                self._rest(account, trouble, made)
                raise
        if account.trouble and any(call.outcome == "ok" for call in made):
            with transaction(self.engine) as conn:
                connections.note_trouble(conn, account.workspace_id, account.system, "", now=self.clock())

    def _enter(self, account: Connection) -> None:
        whys = (rests.SHUT,) if self.messages else (rests.CALLS, rests.SHUT)
        with reading(self.engine) as conn:
            until = rests.until(conn, account.workspace_id, account.system, *whys)
        left_s = (until - self.clock()).total_seconds() if until else 0.0
        if until is not None and left_s > 0:
            why = account.trouble or f"it asked for a rest until {until:%H:%M:%S} UTC"
            raise TryLater(f"{SHUT} for now: {why}", after_s=left_s)

    def _rest(self, account: Connection, trouble: Unavailable, made: Sequence[Call]) -> None:
        limited = any(call.outcome == "limited" for call in made)
        rest_s = trouble.after_s or (UNTOLD_S if limited else None)
        if rest_s is None or not trouble.whole_account or self.messages:
            return
        with transaction(self.engine) as conn:
            now = self.clock()
            end = now + timedelta(seconds=rest_s)
            rests.begin(conn, account.workspace_id, account.system, rests.CALLS, now=now, end=end)

    def _shut(self, account: Connection, refusal: Refused) -> TryLater:
        """Notes it for the operator, and lets all rest. Not where other credentials were given meanwhile."""
        with transaction(self.engine) as conn:
            if connections.given_anew(conn, account):
                return TryLater(str(refusal), after_s=1.0)
            now = self.clock()
            end = now + timedelta(seconds=SHUT_S)
            connections.note_trouble(conn, account.workspace_id, account.system, str(refusal), now=now)
            rests.begin(conn, account.workspace_id, account.system, rests.SHUT, now=now, end=end)
            if account.system == outbox.PACED.system:
                outbox.PACED.change(conn, account.workspace_id, lambda pace: pace.resting(end), now=now)
        return TryLater(f"{SHUT} until it takes us again: {refusal}", after_s=SHUT_S)


def over(conn: Database, workspace_id: int, system: str, *, now: datetime) -> None:
    """Somebody gave other credentials: whatever rested, rests no more."""
    for why in (rests.CALLS, rests.SHUT):
        rests.end(conn, workspace_id, system, why)
    if system == outbox.PACED.system:
        outbox.PACED.change(conn, workspace_id, lambda pace: pace.awake(), now=now)


@dataclass(frozen=True, slots=True)
class RestingChannel:
    """A channel whose account is left in peace while it is shut. `account` gives that of a workspace."""

    channel: Channel
    account: Callable[[Workspace], Connection]
    rests: Rests

    def say(
        self, workspace: Workspace, sending: Sending, now: datetime, keep: Callable[[Mapping[str, Any]], None]
    ) -> Outcome:
        with self.rests.obeyed(self.account(workspace)):
            return self.channel.say(workspace, sending, now, keep)

    def read_again(self, workspace: Workspace, ticket: str, now: datetime) -> None:
        with self.rests.obeyed(self.account(workspace)):
            self.channel.read_again(workspace, ticket, now)
