"""One reply on one ticket, once: the protocol.

Zendesk has no idempotency key for a comment. So every attempt first reads whether an earlier one arrived
(the mark in the audits), and writes only against the ticket as it was *before* that reading
(`safe_update` with its `updated_at`): whatever was written in between, ours or another's, makes the
write fail instead of doubling it. Each numbered step is guarded by a test that fails without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.errors import Conflict, NotFound, Refused, Unavailable
from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk import followup
from connectors.zendesk.client import Zendesk
from connectors.zendesk.marks import as_metadata, newest, receipt_of, said_in, with_mail
from connectors.zendesk.reader import when
from lineage.notices import Sending

YOUNG_S = 3.0
"""Zendesk's stamps have whole seconds: a write in the stamp's own second would not move it."""

STALE_S = 2.0
READ_BACK_S = 15.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one message. `keep` commits what a later attempt must know, before anything is sent."""

    client: Zendesk
    sending: Sending
    now: datetime
    settle_s: float
    keep: Callable[[Mapping[str, Any]], None]

    @property
    def sent_at(self) -> datetime | None:
        """When a write may last have reached Zendesk, as far as nobody knows what became of it."""
        at = self.sending.kept.get("sent_at")
        return datetime.fromisoformat(at) if at else None


def attempt(attempt: Attempt) -> Outcome:
    """Say it, or find that it was said. Raises Unavailable where nothing could be read or written."""
    if found := _already_said(attempt):
        return found
    kind, _, ident = attempt.sending.place.partition(":")[2].partition(":")
    return followup.create(attempt, ident) if kind == "followup" else _comment(attempt, ident)


def _already_said(attempt: Attempt) -> Said | None:
    """Step 2: the mark, in every place in which this was ever attempted."""
    for place in attempt.sending.tried_places:
        kind, _, ident = place.partition(":")[2].partition(":")
        if kind != "ticket":
            continue
        try:
            audits = attempt.client.audits(ident)
        except NotFound:
            continue
        if audit := said_in(audits, attempt.sending.mark):
            return Said(receipt_of(audit, place, ident))
    return None


def _comment(attempt: Attempt, ident: str) -> Outcome:
    try:
        read = attempt.client.ticket(ident)  # step 3: the stamp, before the audits
    except NotFound:
        return Elsewhere(ident, "the ticket is gone from Zendesk")
    if wrong := _objection(attempt, read.ticket, ident):
        return wrong
    audits = attempt.client.audits(ident)  # step 4
    if audit := said_in(audits, attempt.sending.mark):
        return Said(receipt_of(audit, attempt.sending.place, ident))
    stamp = when(read.ticket["updated_at"])
    if newest(audits) < stamp:
        return NotYet(STALE_S, "Zendesk's list of changes lags behind the ticket: reading it again")
    age_s = (read.at - stamp).total_seconds()
    if age_s < YOUNG_S:
        return NotYet(YOUNG_S - age_s, "the ticket changed this moment: waiting until its stamp is settled")
    if not attempt.sending.still_owed:
        return _give_up(attempt, ident, read.ticket)
    if resting := _resting(attempt):
        return resting
    return _write(attempt, ident, read.ticket)


def _objection(attempt: Attempt, ticket: Mapping[str, Any], ident: str) -> Outcome | None:
    """Step 3: whether it is still right to speak there."""
    status = str(ticket.get("status"))
    if status in {"closed", "deleted"}:
        return Elsewhere(ident, f"the ticket is {status}")
    if not attempt.sending.public:
        return None
    if str(ticket.get("requester_id")) not in attempt.sending.person_keys:
        # A write that may be in flight would reach somebody else: make sure that it cannot land.
        given_up = _give_up(attempt, ident, ticket)
        if isinstance(given_up, GivenUp):
            return Elsewhere(ident, "the requester of the ticket is somebody else now")
        return given_up
    if ticket.get("from_messaging_channel"):
        return Blocked("a messaging ticket: a comment would not reach the conversation, answer it by hand")
    if attempt.client.user(ticket["requester_id"]).get("suspended"):
        return Blocked("the requester is suspended in Zendesk: lift the suspension, then try again")
    return None


def _resting(attempt: Attempt) -> Unknown | None:
    """Step 6: an unknown outcome rests until a late write has surely landed; it is read back meanwhile."""
    if attempt.sent_at is None:
        return None
    left_s = attempt.settle_s - (attempt.now - attempt.sent_at).total_seconds()
    if left_s <= 0:
        return None
    return Unknown(min(left_s, READ_BACK_S), "nobody knows yet whether the last attempt arrived")


def _write(attempt: Attempt, ident: str, ticket: Mapping[str, Any]) -> Outcome:
    """Step 5: exactly these words, against exactly that stamp."""
    sending = attempt.sending
    words = {"html_body": sending.html} if sending.html else {"body": sending.text}
    body = _guarded(ticket, {**words, "public": sending.public}, as_metadata(sending.mark))
    before = sending.kept.get("sent_at")
    attempt.keep({"sent_at": attempt.now.isoformat(), "stamp": ticket["updated_at"]})
    try:
        answer = attempt.client.put_ticket(ident, body)
    except Conflict:
        attempt.keep({"sent_at": before})
        return NotYet(1.0, "somebody wrote on the ticket meanwhile: reading it again")
    except Unavailable as trouble:
        if not trouble.sent:
            attempt.keep({"sent_at": before})
            return NotYet(trouble.after_s or READ_BACK_S, str(trouble))
        return Unknown(READ_BACK_S, str(trouble))
    except Refused as refusal:
        attempt.keep({"sent_at": before})
        return Blocked(str(refusal)) if refusal.status != 422 else Elsewhere(ident, str(refusal))
    receipt = receipt_of(answer["audit"], sending.place, ident, ticket["requester_id"])
    return Said(
        with_mail(attempt.client, receipt, ident, ticket["requester_id"]) if sending.public else receipt
    )


def _give_up(attempt: Attempt, ident: str, ticket: Mapping[str, Any]) -> Outcome:
    """Step 7: move the stamp by a note of ours, so that a write still in flight can only fail."""
    if attempt.sent_at is None:
        return GivenUp("it was not to be said any more before anything was sent")
    note = "Kithspark took back an update that it had prepared here. Nothing was sent to the customer."
    try:
        attempt.client.put_ticket(ident, _guarded(ticket, {"body": note, "public": False}, {}))
    except Conflict:
        return NotYet(1.0, "somebody wrote on the ticket meanwhile: reading it again")
    except Unavailable as trouble:
        return Unknown(READ_BACK_S, str(trouble))
    if audit := said_in(attempt.client.audits(ident), attempt.sending.mark):
        return Said(receipt_of(audit, attempt.sending.place, ident))
    attempt.keep({"sent_at": None})
    return GivenUp("taken back: it was not true any more before it was said")


def _guarded(
    ticket: Mapping[str, Any], comment: Mapping[str, Any], metadata: Mapping[str, Any]
) -> dict[str, Any]:
    # `safe_update` must never be sent as false: Zendesk reads any value of it as true.
    guard = {"safe_update": True, "updated_stamp": ticket["updated_at"]}
    return {
        "ticket": {"comment": dict(comment), **({"metadata": dict(metadata)} if metadata else {}), **guard}
    }
