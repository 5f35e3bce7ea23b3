"""The job that tells people: begin, say, remember how it ended.

Three steps, two short transactions, none open while we speak. Which channel says it follows from the
place; the channels are handed in, so that the forum can be one without being known here.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from connectors import calls, pacing
from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Outcome, Said, Unknown
from lineage import notices, outbox
from lineage.notices import Sending
from store import attempt, tally, workspaces
from store.crash_points import reached
from store.database import transaction
from store.errors import GiveUp, TryLater
from store.schedule import next_try
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace

TRIES, TRY_CALLS, SAID = "notice_tries", "notice_calls", "notices_said"
TOLD_AFTER, TOLD_AFTER_SUM = "told_after", "told_after_sum"
EDGES_S = (2, 10, 60, 300, 900, 1800, 3600, 14400, 86400)
MOVES_AT_ONCE, MOVE_AGAIN_S = 3, 5
"""So often a message follows its place at once, then each time a few seconds later, until the last try.

Nothing is wrong with a place that moved, and tries that dying workers used up are no reason to wait long.
"""


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
        """Say it once. Raises TryLater where nothing could be read, GiveUp where it can never be said.

        `keep` commits what a later attempt must know; before anything is written, that something may be
        (`sent_at`). Raises Superseded where another worker holds the notice by now.
        """

    def read_again(self, workspace: Workspace, ticket: str, now: datetime, /) -> None:
        """Read the place that turned out to be another one, and record what was found."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Does the rows of the notices shelf. `channels`: by the first word of a place (`zendesk`, `forum`)."""

    engine: Engine
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    lease_s: float
    rng: random.Random = field(default_factory=random.Random)
    """Only spreads the tries out."""

    def __call__(self, claimed: Claimed) -> attempt.Outcome | None:
        """Try to say one notice. LATER where it is only put off. Raises Superseded where another worker holds
        it by now.
        """
        with calls.noted() as made:
            try:
                return self._deliver(claimed)
            finally:
                tally.count(TRY_CALLS, len(made))
                slots = int(outbox.has_a_slot(claimed))
                where = (self.engine, outbox.PACED, claimed.workspace_id)
                pacing.settle(*where, made, slots=slots, now=self.clock())

    def _deliver(self, claimed: Claimed) -> attempt.Outcome | None:
        begun = self._begin(claimed)
        if begun is None or isinstance(begun, attempt.Outcome):
            return begun
        workspace, sending = begun
        reached(f"{kind(sending)}.begun")
        channel = self.channels.get(sending.place.partition(":")[0])
        outcome = self._say(claimed, workspace, sending, channel)
        if channel and isinstance(outcome, Elsewhere):
            channel.read_again(workspace, outcome.ticket, self.clock())
            reached("notices.place_read")
        with transaction(self.engine) as conn:
            workspace = workspaces.hold(conn, claimed.workspace_id)
            if not self._end(conn, workspace, claimed, outcome):
                raise Superseded(f"notice {claimed.id} is held by another worker")
        _count(claimed, outcome, self.clock())
        if isinstance(outcome, Said):
            tally.count(SAID, state=outcome.receipt.state)
        reached(f"{kind(sending)}.settled")
        return attempt.Outcome.LATER if isinstance(outcome, NotYet | Unknown) else None

    def _begin(self, claimed: Claimed) -> tuple[Workspace, Sending] | attempt.Outcome | None:
        """What is to be said now; LATER where it may not begin yet, None where nothing is to be said."""
        now = self.clock()
        with transaction(self.engine) as conn:
            workspace = workspaces.hold(conn, claimed.workspace_id)
            if not outbox.SHELF.renew(conn, claimed, now=now, lease_s=self.lease_s):
                raise Superseded(f"notice {claimed.id} is held by another worker")
            if (rests_until := _rest_of(conn, claimed, now)) is not None:
                outbox.early(conn, claimed, until=rests_until)
                return attempt.Outcome.LATER
            begun = notices.begin(conn, workspace, claimed.id, now=now)
            if isinstance(begun, Sending):
                return workspace, begun
            if begun is None:
                outbox.settled(conn, claimed)
                return None
            outbox.early(conn, claimed, until=begun)
            return attempt.Outcome.LATER

    def _say(
        self, claimed: Claimed, workspace: Workspace, sending: Sending, channel: Channel | None
    ) -> Outcome:
        if channel is None:
            return Blocked(f"nobody knows how to answer at {sending.place}: answer by hand, then cancel this")
        kept = dict(sending.kept)

        def keep(facts: Mapping[str, Any]) -> None:
            kept.update(facts)
            with transaction(self.engine) as conn:
                if not outbox.SHELF.renew(conn, claimed, now=self.clock(), lease_s=self.lease_s):
                    raise Superseded(f"notice {claimed.id} is held by another worker")
                notices.keep(conn, sending, kept)
            doubt = kept.get("sent_at") or kept.get("created_at")
            reached(f"{kind(sending)}.kept" if doubt else "giveup.settled")

        try:
            return channel.say(workspace, sending, self.clock(), keep)
        except TryLater as trouble:
            return NotYet(trouble.after_s, str(trouble))
        except GiveUp as refusal:
            return Blocked(str(refusal))

    def _end(self, conn: Connection, workspace: Workspace, claimed: Claimed, outcome: Outcome) -> bool:
        now = self.clock()
        match outcome:
            case Said(receipt, words):
                return outbox.confirm(conn, workspace, claimed, receipt, now=now, words=words)
            case GivenUp(reason):
                return outbox.withdraw(conn, workspace, claimed, reason=reason, now=now)
            case Blocked(reason):
                return outbox.block(conn, workspace, claimed, reason=reason, now=now)
        until = self._until(claimed, outcome, now)
        if until is None:
            reason = f"{outcome.reason} (tried {claimed.attempts} times)"
            return outbox.block(conn, workspace, claimed, reason=reason, now=now)
        match outcome:
            case NotYet(after_s, reason):
                return outbox.wait(
                    conn, workspace, claimed, until=until, reason=reason, now=now, counts=after_s is None
                )
            case Unknown(_, reason, tried):
                return outbox.unknown(conn, claimed, until=until, reason=reason, counts=tried)
            case Elsewhere(_, reason):
                return outbox.plan_again(conn, workspace, claimed, at=until, reason=reason, now=now)

    def _until(
        self, claimed: Claimed, outcome: NotYet | Unknown | Elsewhere, now: datetime
    ) -> datetime | None:
        """When to try again; None after the last try: a person must look at it."""
        by_schedule = next_try(claimed.attempts, now, rng=self.rng)
        match outcome:
            case NotYet(None, _):
                return by_schedule
            case NotYet(after_s, _):
                return next_try(claimed.attempts, now, after_s=after_s, rng=self.rng)
            case Unknown(after_s, _, tried):
                last = tried and by_schedule is None
                return None if last else now + timedelta(seconds=after_s)
            case Elsewhere():
                wait_s = MOVE_AGAIN_S * max(0, claimed.attempts - MOVES_AT_ONCE)
                return by_schedule and now + timedelta(seconds=wait_s)


def _rest_of(conn: Connection, claimed: Claimed, now: datetime) -> datetime | None:
    """Until when its account rests: it may have asked for it since this was claimed."""
    if not claimed.row["place"].startswith(f"{outbox.PACED.system}:"):
        return None
    until = outbox.PACED.read(conn, claimed.workspace_id, now=now).hold_until
    return until if until is not None and until > now else None


def _count(claimed: Claimed, outcome: Outcome, now: datetime) -> None:
    """For the figures: how the try ended, and how long after it was done somebody heard that it is."""
    tally.count(TRIES, outcome=WORDS[type(outcome)])
    after_s = waited_s(claimed.row["facts"], now)
    if after_s is None or not isinstance(outcome, Said):
        return
    edge = next((edge for edge in EDGES_S if after_s <= edge), "+Inf")
    tally.count(TOLD_AFTER, le=str(edge))
    tally.count(TOLD_AFTER_SUM, after_s)


def waited_s(facts: Sequence[Mapping[str, Any]], now: datetime) -> float | None:
    """How long that waited of which one message says that it is done: the part that waited longest. None for
    a message that says nothing of the kind.
    """
    done = [
        datetime.fromisoformat(fact["at"])
        for fact in facts
        if fact.get("happened") == "delivered" and fact["at"]
    ]
    return max((now - min(done)).total_seconds(), 0.0) if done else None


WORDS: Mapping[type[Outcome], str] = {
    Said: "said", NotYet: "not_yet", Unknown: "unknown", Elsewhere: "elsewhere", GivenUp: "given_up",
    Blocked: "blocked",
}  # fmt: skip


def kind(sending: Sending) -> str:
    """What is said, in the words of `store.crash_points`."""
    channel, _, rest = sending.place.partition(":")
    what = "entry" if channel == "forum" else KINDS.get(rest.partition(":")[0], "reply")
    return what if sending.public or what == "comment" else "note"


KINDS: Mapping[str, str] = {"followup": "followup", "proactive": "proactive", "community": "comment"}
