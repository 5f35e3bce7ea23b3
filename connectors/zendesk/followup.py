"""A follow-up on a closed ticket, once (step 8).

A closed ticket takes no comment: Zendesk's own continuation is a new ticket that names it as its source.
Creating one knows an `Idempotency-Key`, kept for two hours: within it the same bytes are simply sent
again. Later than that, the ticket is looked for before anything is created.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.outcomes import Blocked, Elsewhere, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk import by_hand, marks
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.reader import STAFF
from store.crash_points import reached

KEY_GOOD_FOR = timedelta(minutes=90)
"""Well inside the two hours for which Zendesk keeps a key."""

KEY_GONE_AFTER = timedelta(hours=2, minutes=15)
AGAIN_S = 10.0
PAUSED_S = 60.0


def create(attempt: Attempt, source: str) -> Outcome:
    """Create the follow-up of `source`, or find it. Raises Unavailable where nothing could be read."""
    kept = attempt.sending.kept
    if kept.get("created_at") is None:
        return _first(attempt, source)
    age = attempt.now - datetime.fromisoformat(kept["created_at"])
    goes_on = attempt.sending.still_owed and attempt.sending.may_write
    if age < KEY_GOOD_FOR and goes_on:
        return _again(attempt, source)
    if found := _found(attempt, source):
        return found
    if age < KEY_GONE_AFTER:
        # Nothing takes back a creation: what was sent may still arrive, and until then the key holds it.
        wait_s = (KEY_GONE_AFTER - age).total_seconds()
        text = "waiting until Zendesk has forgotten the key, then looking for the ticket"
        return Unknown(min(wait_s, attempt.settle_s) if age < KEY_GOOD_FOR else wait_s, text)
    if not attempt.sending.still_owed:
        attempt.keep({"created_at": None})
        return GivenUp("taken back: it was not true any more, or cancelled, before it was said")
    return _first(attempt, source)


def _first(attempt: Attempt, source: str) -> Outcome:
    """Only what was sent by nobody so far, or is surely not in flight any more, comes here."""
    try:
        ticket = attempt.client.ticket(source).ticket
    except NotFound:
        return Blocked("Zendesk does not show the closed ticket: it is deleted, or hidden from our account")
    if found := _found(attempt, source):
        return found
    reached("followup.looked")
    if wrong := _objection(attempt, ticket, source):
        attempt.keep({"created_at": None})
        return wrong
    if not attempt.sending.may_write:
        return NotYet(PAUSED_S, "the workspace is paused")
    body = _body(attempt, ticket, source)
    key = "kithspark-" + hashlib.sha256(f"{body}|{attempt.now.isoformat()}".encode()).hexdigest()[:40]
    attempt.keep({"created_at": attempt.now.isoformat(), "body": body, "key": key})
    try:
        return _post(attempt, body, key)
    except Refused as refusal:
        if not refusal.whole_account or isinstance(refusal, Unauthorized):
            attempt.keep({"created_at": None})
        if refusal.whole_account:  # it waits until the account takes us again
            raise
        return Blocked(str(refusal))
    except Unavailable as trouble:
        if trouble.sent:
            return Unknown(AGAIN_S, str(trouble), tried=True)
        attempt.keep({"created_at": None})
        return NotYet(trouble.after_s, str(trouble))


def _again(attempt: Attempt, source: str) -> Outcome:
    """The same bytes under the same key: they make nothing that an earlier attempt made."""
    try:
        return _post(attempt, attempt.sending.kept["body"], attempt.sending.kept["key"])
    except Refused as refusal:
        if refusal.whole_account:
            raise
        return _found(attempt, source) or Blocked(str(refusal))
    except Unavailable as trouble:
        first = datetime.fromisoformat(attempt.sending.kept["created_at"])
        waited_s = (attempt.now - first).total_seconds()
        return Unknown(trouble.after_s or max(AGAIN_S, waited_s), str(trouble))


def _objection(attempt: Attempt, ticket: Mapping[str, Any], source: str) -> Outcome | None:
    if not attempt.sending.still_owed:
        return GivenUp("it was not to be said any more before anything was sent")
    if ticket.get("status") != "closed":
        return Elsewhere(source, "the ticket is not closed any more")
    requester = str(ticket.get("requester_id"))
    if requester not in attempt.sending.person_keys:
        return Elsewhere(source, "the requester of the ticket is somebody else now")
    if attempt.client.user(requester).get("suspended"):
        return Blocked("the requester is suspended in Zendesk: lift the suspension, then try again")
    return by_hand.answered_with_problem(attempt, ticket)


def _body(attempt: Attempt, ticket: Mapping[str, Any], source: str) -> str:
    """The bytes that every attempt sends: the key holds for exactly these."""
    sending = attempt.sending
    new = {
        "via_followup_source_id": int(source),
        "requester_id": ticket["requester_id"],
        "subject": f"Re: {ticket.get('subject') or ''}".strip(),
        "comment": {"html_body": sending.html, "public": True},
        "external_id": sending.kept["external_id"],
        "metadata": marks.as_metadata(sending.mark),
        "status": "solved",
        "assignee_id": _assignee(attempt, ticket),
    }
    return json.dumps({"ticket": new}, ensure_ascii=False, sort_keys=True)


def _assignee(attempt: Attempt, ticket: Mapping[str, Any]) -> object:
    """Solved, a ticket does not land in anybody's queue; and it can only be solved with an assignee.

    Whoever had the closed ticket may have left since: then it is ours. Raises Unavailable.
    """
    before = ticket.get("assignee_id")
    try:
        agent = attempt.client.user(before) if isinstance(before, int) else {}
    except NotFound:
        agent = {}
    if agent.get("role") in STAFF and agent.get("active") is not False and not agent.get("suspended"):
        return before
    ours = attempt.client.me().get("id")
    if ours is None:
        raise Unavailable("Zendesk did not say as whom we act. It is asked again later.")
    return ours


def _post(attempt: Attempt, body: str, key: str) -> Outcome:
    """Raises Unavailable and Refused."""
    try:
        answer = attempt.client.create_ticket(body.encode(), idempotency_key=key)
    except Conflict:
        return Unknown(AGAIN_S, "Zendesk is still working on the same request")
    reached("followup.answered")
    ident = answer["ticket"].get("id")
    if ident is None:
        return Unknown(AGAIN_S, "Zendesk answered a new ticket without its number")
    where = attempt.place(attempt.sending.place, str(ident))
    return Said(marks.with_mail(attempt.client, marks.receipt_of(answer["audit"], where), where))


def _found(attempt: Attempt, source: str) -> Said | None:
    """The follow-up that an earlier attempt made, by its external id or among the source's follow-ups."""
    try:
        named = attempt.client.tickets_by_external_id(attempt.sending.kept["external_id"])
    except NotFound:
        named = []
    try:
        listed = attempt.client.ticket(source).ticket.get("followup_ids")
    except NotFound:
        listed = []
    every = [str(one.get("id")) for one in named] + [str(one) for one in marks.listed(listed)]
    for ident in dict.fromkeys(one for one in every if one.isascii() and one.isdigit()):
        try:
            audits = attempt.client.audits(ident)
        except NotFound:
            continue
        where = attempt.place(attempt.sending.place, ident)
        if said := marks.said_in(audits, attempt.sending.mark, where):
            return said
    return None
