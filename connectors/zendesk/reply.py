"""One reply on one ticket, once: the protocol.

Zendesk has no idempotency key for a comment. So every attempt first reads whether an earlier one arrived
(the mark in the audits), and writes only against the ticket as it was *before* that reading
(`safe_update` with its `updated_at`): whatever was written in between, ours or another's, makes the
write fail instead of doubling it. Each numbered step is guarded by a test that fails without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk import by_hand, followup, marks, proactive
from connectors.zendesk.attempts import Attempt
from store.crash_points import reached

YOUNG_S = 3.0
"""Zendesk's stamps have whole seconds: a write in the stamp's own second would not move it."""
PAUSED_S = 60.0
ANSWERABLE, OVER = ("new", "open", "pending", "hold", "solved"), ("closed", "deleted")
UNSEEN = (
    "Zendesk does not show the ticket any more, so nobody can read whether this arrived: look there, then "
    "cancel this, or restore the ticket and try again"
)
LAGS = "Zendesk's list of changes lags behind the ticket: reading it again"
WRITTEN_ON = "somebody wrote on the ticket meanwhile: reading it again"


def attempt(attempt: Attempt) -> Outcome:
    """Say it, or find that it was said. Raises Unavailable where nothing could be read or written."""
    if found := _said_elsewhere(attempt):
        return found
    kind, ident = _ticket_of(attempt.sending.place)
    match kind:
        case "ticket":
            return _comment(attempt, ident)
        case "followup":
            return followup.create(attempt, ident)
        case "proactive":
            return proactive.create(attempt, ident)
    return Blocked(f"nobody knows how to answer at {attempt.sending.place}: answer by hand, then cancel this")


def _said_elsewhere(attempt: Attempt) -> Said | NotYet | None:
    """Step 2: the mark, in every other ticket in which this was ever attempted."""
    for place in attempt.sending.tried_places:
        kind, ident = _ticket_of(place)
        if kind != "ticket" or place == attempt.sending.place:
            continue
        try:
            found = _read(attempt, place, ident)
        except NotFound:
            continue
        if found.said or found.lags:
            return found.said or NotYet(None, LAGS)
        reached("notices.elsewhere_read")
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket, and its audits as they were read after it."""

    ticket: Mapping[str, Any]
    age_s: float
    audits: marks.Audits
    said: Said | None

    @property
    def lags(self) -> bool:
        return marks.newest(self.audits) < marks.stamp_of(self.ticket)


def _read(attempt: Attempt, place: str, ident: str) -> Found:
    """Step 3, the stamp; and only then step 4, the audits. Raises NotFound."""
    read = attempt.client.ticket(ident)
    age_s = (read.at - marks.stamp_of(read.ticket)).total_seconds()
    reached(f"{attempt.kind}.ticket_read")
    audits = attempt.client.audits(ident)
    reached(f"{attempt.kind}.audits_read")
    said = marks.said_in(audits, attempt.sending.mark, attempt.place(place, ident))
    return Found(read.ticket, age_s, audits, said)


def _comment(attempt: Attempt, ident: str) -> Outcome:
    try:
        found = _read(attempt, attempt.sending.place, ident)
    except NotFound:
        return _gone(attempt, ident)
    if found.said:
        return found.said
    if found.lags:
        return NotYet(None, LAGS)
    if wrong := _objection(attempt, found.ticket, ident):
        return wrong if isinstance(wrong, NotYet) else _give_up(attempt, ident, found) or wrong
    if found.age_s < YOUNG_S:
        text = "the ticket changed this moment: waiting until its stamp is settled"
        return NotYet(YOUNG_S - found.age_s, text)
    if resting := _resting(attempt):
        return resting
    if not attempt.sending.may_write:
        return NotYet(PAUSED_S, "the workspace is paused")
    return _write(attempt, ident, found.ticket)


def _gone(attempt: Attempt, ident: str) -> Outcome:
    """A bare 404: deleted, or hidden from us. What may stand there is given up by a person who looked."""
    if not attempt.sending.public:
        return Elsewhere(ident, "the ticket is gone: no note is needed")
    in_doubt = attempt.sent_at is not None
    if not attempt.sending.still_owed and (attempt.settled or not in_doubt):
        return GivenUp("taken back: the ticket is gone")
    if in_doubt:
        return Blocked(UNSEEN)
    return Blocked("Zendesk does not show the ticket: it is deleted, or hidden from the connected account")


def _objection(attempt: Attempt, ticket: Mapping[str, Any], ident: str) -> Outcome | None:
    """Step 3: whether it is still right to speak there."""
    if not attempt.sending.still_owed:
        return GivenUp("taken back: it was not true any more, or cancelled, before it was said")
    status = marks.status_of(ticket)
    if status in OVER:
        return Elsewhere(ident, f"the ticket is {status}")
    if status not in ANSWERABLE:
        return NotYet(None, f"Zendesk says of the ticket that it is {status!r}: reading it again")
    if not attempt.sending.public:
        return None
    requester = str(ticket.get("requester_id"))
    if requester not in attempt.sending.person_keys:
        return Elsewhere(ident, "the requester of the ticket is somebody else now")
    return by_hand.objection(attempt, ticket, requester)


def _resting(attempt: Attempt) -> Unknown | None:
    """Step 6: an unknown outcome rests until a late write has surely landed, and is read back meanwhile.

    Each further one rests twice as long: where answers get lost, they get lost for a while.
    """
    if attempt.sent_at is None or attempt.collided:
        return None
    return _landing(attempt, attempt.settle_s * 2 ** (attempt.sending.kept.get("writes", 1) - 1))


def _landing(attempt: Attempt, rests_s: float) -> Unknown | None:
    """None once so much time has passed since something was sent that it has landed if it ever does."""
    assert attempt.sent_at is not None
    rested_s = (attempt.now - attempt.sent_at).total_seconds()
    if rested_s >= rests_s:
        return None
    after_s = min(rests_s - rested_s, max(attempt.read_back_s, rested_s))
    return Unknown(after_s, "nobody knows yet whether the last attempt arrived")


def _write(attempt: Attempt, ident: str, ticket: Mapping[str, Any]) -> Outcome:
    """Step 5: exactly these words, against exactly that stamp."""
    sending = attempt.sending
    words = {"html_body": sending.html} if sending.html else {"body": sending.text}
    body = _guarded(ticket, {**words, "public": sending.public}, marks.as_metadata(sending.mark))
    writes = sending.kept.get("writes", 0)
    before = {"sent_at": sending.kept.get("sent_at"), "writes": writes, "collided": attempt.collided}
    now = {"sent_at": attempt.moment().isoformat(), "writes": writes + 1, "collided": False}
    attempt.keep({**now, "stamp": ticket["updated_at"]})
    try:
        answer = attempt.client.put_ticket(ident, body)
    except Conflict:
        attempt.keep({"writes": writes, "collided": True})
        return NotYet(None, WRITTEN_ON)
    except Unavailable as trouble:
        if not trouble.sent:
            attempt.keep(before)
            return NotYet(trouble.after_s, str(trouble))
        return Unknown(attempt.read_back_s, str(trouble), tried=True)
    except Refused as refusal:
        return _refused(attempt, ident, refusal, before)
    reached(f"{attempt.kind}.answered")
    where = attempt.place(sending.place, ident)
    return Said(marks.with_mail(attempt.client, marks.receipt_of(answer["audit"], where), where))


def _refused(attempt: Attempt, ident: str, refusal: Refused, before: Mapping[str, Any]) -> Outcome:
    """A ticket that closed since it was read is answered elsewhere; anything else is for a person.

    What was refused may be the second copy of what was taken: it is believed once the ticket was read. Where
    it cannot be read any more, the doubt stays.
    """
    if refusal.whole_account:
        raise refusal  # nothing is wrong with the ticket; it is read back first
    try:
        found = _read(attempt, attempt.sending.place, ident)
    except (NotFound, Unauthorized) as hidden:
        if hidden.whole_account:
            raise
        return Blocked(UNSEEN)
    if found.said or found.lags:
        return found.said or NotYet(None, LAGS)
    over = refusal.status == 422 and marks.status_of(found.ticket) in OVER
    attempt.keep(before)
    return Elsewhere(ident, "the ticket closed meanwhile") if over else Blocked(str(refusal))


def _give_up(attempt: Attempt, ident: str, found: Found) -> Outcome | None:
    """Step 7: move the stamp by a note of ours, so that a write still in flight can only fail.

    It rests first, as before any second write of ours: an account that compares and writes in two steps would
    let a late one through (Z1 in docs/verified.md). None where nothing is in flight (a closed ticket takes no
    comment, a stamp that moved no copy); else what must be done first.
    """
    if attempt.sent_at is None or marks.status_of(found.ticket) in OVER:
        return None
    if attempt.collided:
        attempt.keep({"sent_at": None})
        return None
    if landing := _landing(attempt, attempt.settle_s):
        return landing
    mark, stamp, audits = attempt.sending.mark, attempt.sending.kept.get("stamp"), found.audits
    if not marks.was_taken_back(audits, mark, stamp):
        if trouble := _move_stamp(attempt, ident, found.ticket):
            return trouble
        reached("giveup.noted")
        audits = attempt.client.audits(ident)
        reached("giveup.audits_read")
        if said := marks.said_in(audits, mark, attempt.place(attempt.sending.place, ident)):
            return said
        if not marks.was_taken_back(audits, mark, stamp):
            return NotYet(None, LAGS)
    attempt.keep({"sent_at": None})
    return None


def _move_stamp(attempt: Attempt, ident: str, ticket: Mapping[str, Any]) -> Outcome | None:
    text = "Kithspark took back an update that it had prepared here. Nothing was sent to the customer."
    mark = marks.taken_back(attempt.sending.mark, attempt.sending.kept.get("stamp"))
    try:
        attempt.client.put_ticket(ident, _guarded(ticket, {"body": text, "public": False}, mark))
    except Conflict:
        return NotYet(None, WRITTEN_ON)
    except (Unavailable, Refused) as trouble:
        if isinstance(trouble, Refused) and trouble.whole_account:
            raise
        return NotYet(trouble.after_s if isinstance(trouble, Unavailable) else None, str(trouble))
    return None


def _guarded(
    ticket: Mapping[str, Any], comment: Mapping[str, Any], metadata: Mapping[str, Any]
) -> dict[str, Any]:
    # `safe_update` must never be sent as false: Zendesk reads any value of it as true.
    guard = {"safe_update": True, "updated_stamp": ticket["updated_at"]}
    return {"ticket": {"comment": dict(comment), "metadata": dict(metadata), **guard}}


def _ticket_of(place: str) -> tuple[str, str]:
    """`ticket`, `followup` or `proactive` (or what it is else), and the number of the ticket, or the vote."""
    kind, _, ident = place.partition(":")[2].partition(":")
    return kind, ident
