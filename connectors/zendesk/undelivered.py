"""What Zendesk told nobody: the calls of our webhooks that it gave up.

It keeps a list of them for some days and never makes them again. What changed in a ticket is found by the
export; who was merged with whom, and what was deleted for good, stands nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.errors import Refused
from connectors.zendesk import events
from connectors.zendesk.answers import Json
from connectors.zendesk.client import Zendesk
from connectors.zendesk.events import Dirty, NotAnEventError
from connectors.zendesk.hooks import calls

WELL = frozenset({"success", "in progress", "active"})
"""Every other state of a call is one that did not reach us."""

READ_AT_ONCE = 20
"""So many are looked into by one reconciliation: each costs a call."""

OVERLAP = timedelta(hours=1)
"""A call may come onto the list so late: its time is that of its last try, and not when it was given up."""

MARK, SEEN = "undelivered", "undelivered_seen"
"""Watermarks: the newest that was looked into, and which are known of those in the overlap before it."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC) + OVERLAP


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One call that was given up. `status`: our last answer, as HTTP counts; empty for none."""

    webhook: str
    id: str
    at: datetime
    status: str


def undelivered(client: Zendesk, address: str) -> list[Undelivered]:
    """Of all webhooks that call this address; the oldest first.

    Empty where our account may not see webhooks: what they tell is found by the export all the same.
    """
    try:
        ours = [one for one in client.webhooks() if calls(one, address)]
        found = [
            _read(str(hook["id"]), call) for hook in ours for call in client.invocations(str(hook["id"]))
        ]
    except Refused:
        return []
    return sorted((one for one in found if one is not None), key=lambda one: (one.at, one.id))


def not_looked_into(every: Sequence[Undelivered], marks: Mapping[str, str]) -> list[Undelivered]:
    """The oldest of those that are new to us, also where they came onto the list late."""
    since, seen = _newest(marks) - OVERLAP, frozenset(marks.get(SEEN, "").split())
    return [one for one in every if one.at >= since and one.id not in seen][:READ_AT_ONCE]


def looked_into(
    every: Sequence[Undelivered], fresh: Sequence[Undelivered], marks: Mapping[str, str]
) -> dict[str, str]:
    """The watermarks after `fresh`, of which there is at least one."""
    newest = max(_newest(marks), fresh[-1].at)
    seen = {*marks.get(SEEN, "").split(), *(one.id for one in fresh)}
    kept = [one.id for one in every if one.at >= newest - OVERLAP and one.id in seen]
    return {MARK: newest.isoformat(), SEEN: " ".join(kept)}


def _newest(marks: Mapping[str, str]) -> datetime:
    """The mark of an older version has an id behind its time."""
    words = marks.get(MARK, "").split()
    return datetime.fromisoformat(words[0]) if words else LONG_AGO


def told_in(client: Zendesk, one: Undelivered) -> list[Dirty]:
    """What it would have told; nothing where that cannot be read any more."""
    try:
        attempts = client.attempts(one.webhook, one.id)
    except Refused:
        return []
    for attempt in attempts:
        asked = attempt.get("request")
        payload = asked.get("payload") if isinstance(asked, dict) else None
        if isinstance(payload, str) and payload.strip():
            try:
                return events.read(payload.encode())
            except NotAnEventError:
                return []
    return []


def in_words(found: Sequence[Undelivered], *, since: datetime) -> tuple[bool, str]:
    """For `kithspark doctor`: whether that is well, and what was found or is to be done."""
    late = [one for one in found if one.at >= since]
    if not late:
        return True, "Zendesk reached us each time, of late"
    last, first = late[-1], late[0].at.strftime("%Y-%m-%d %H:%M")
    answered = f"last answer {last.status}" if last.status else "no answer"
    return False, (
        f"Zendesk could not reach us {len(late)} times since {first} UTC, {answered}: see that the public "
        "address leads here; what was missed is read by the reconciliation"
    )


def _read(webhook: str, call: Json) -> Undelivered | None:
    """None for a call that is well, or of which too little is told."""
    try:
        at = datetime.fromisoformat(str(call.get("latest_completed_at"))).astimezone(UTC)
    except ValueError:
        return None
    if str(call.get("status")) in WELL or not call.get("id"):
        return None
    return Undelivered(webhook, str(call["id"]), at, str(call.get("status_code") or ""))
