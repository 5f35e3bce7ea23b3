"""A follow-up on a closed ticket, once (step 8).

A closed ticket takes no comment: Zendesk's own continuation is a new ticket that names it as its source.
Creating one knows an `Idempotency-Key`, kept for two hours: within it the same bytes are simply sent
again. Later than that, the ticket is looked for before anything is created.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.errors import Conflict, NotFound, Refused, Unavailable
from connectors.outcomes import Blocked, Elsewhere, GivenUp, Outcome, Said, Unknown
from connectors.zendesk.marks import as_metadata, receipt_of, said_in, with_mail

if TYPE_CHECKING:
    from connectors.zendesk.reply import Attempt

KEY_GOOD_FOR = timedelta(minutes=90)
"""Well inside the two hours for which Zendesk keeps a key."""

KEY_GONE_AFTER = timedelta(hours=2, minutes=15)
AGAIN_S = 10.0


def create(attempt: "Attempt", source: str) -> Outcome:
    """Create the follow-up of `source`, or find it. Raises Unavailable where nothing could be read."""
    first = attempt.sending.kept.get("created_at")
    if first is None:
        return _first(attempt, source)
    age = attempt.now - datetime.fromisoformat(first)
    if age < KEY_GOOD_FOR:
        return _post(attempt, attempt.sending.kept["body"], attempt.sending.kept["key"])
    if age < KEY_GONE_AFTER:
        wait_s = (KEY_GONE_AFTER - age).total_seconds()
        return Unknown(wait_s, "waiting until Zendesk has forgotten the key, then looking for the ticket")
    if found := _found(attempt, source):
        return found
    if not attempt.sending.still_owed:
        return GivenUp("taken back: it was not true any more before it was said")
    return _first(attempt, source)


def _first(attempt: "Attempt", source: str) -> Outcome:
    if not attempt.sending.still_owed:
        return GivenUp("it was not to be said any more before anything was sent")
    ticket = attempt.client.ticket(source).ticket
    if ticket.get("status") != "closed":
        return Elsewhere(source, "the ticket is not closed any more")
    if str(ticket.get("requester_id")) not in attempt.sending.person_keys:
        return Elsewhere(source, "the requester of the ticket is somebody else now")
    if attempt.client.user(ticket["requester_id"]).get("suspended"):
        return Blocked("the requester is suspended in Zendesk: lift the suspension, then try again")
    if found := _found(attempt, source):
        return found
    body = _body(attempt, ticket, source)
    key = "kithspark-" + hashlib.sha256(f"{body}|{attempt.now.isoformat()}".encode()).hexdigest()[:40]
    attempt.keep({"created_at": attempt.now.isoformat(), "body": body, "key": key})
    return _post(attempt, body, key)


def _body(attempt: "Attempt", ticket: Mapping[str, Any], source: str) -> str:
    """The bytes that every attempt sends: the key holds for exactly these."""
    sending = attempt.sending
    # A ticket can only be solved with an assignee; solved, it does not land in anybody's queue.
    assignee = ticket.get("assignee_id") or attempt.client.me()["id"]
    new = {
        "via_followup_source_id": int(source),
        "requester_id": ticket["requester_id"],
        "subject": f"Re: {ticket.get('subject') or ''}".strip(),
        "comment": {"html_body": sending.html, "public": True},
        "external_id": sending.kept["external_id"],
        "metadata": as_metadata(sending.mark),
        "status": "solved",
        "assignee_id": assignee,
    }
    return json.dumps({"ticket": new}, ensure_ascii=False, sort_keys=True)


def _post(attempt: "Attempt", body: str, key: str) -> Outcome:
    try:
        answer = attempt.client.create_ticket(body.encode(), idempotency_key=key)
    except Conflict:
        return Unknown(AGAIN_S, "Zendesk is still working on the same request")
    except Unavailable as trouble:
        return Unknown(trouble.after_s or AGAIN_S, str(trouble))
    except Refused as refusal:
        return Blocked(str(refusal))
    ticket, requester = str(answer["ticket"]["id"]), answer["ticket"]["requester_id"]
    receipt = receipt_of(answer["audit"], attempt.sending.place, ticket, requester)
    return Said(with_mail(attempt.client, receipt, ticket, requester))


def _found(attempt: "Attempt", source: str) -> Said | None:
    """The follow-up that an earlier attempt made, by its external id or among the source's follow-ups."""
    wanted = attempt.sending.kept["external_id"]
    try:
        named = {str(one["id"]) for one in attempt.client.tickets_by_external_id(wanted)}
    except NotFound:
        named = set()
    listed = {str(one) for one in attempt.client.ticket(source).ticket.get("followup_ids") or []}
    for ident in sorted(named | listed):
        try:
            audits = attempt.client.audits(ident)
        except NotFound:
            continue
        if audit := said_in(audits, attempt.sending.mark):
            return Said(receipt_of(audit, attempt.sending.place, ident))
    return None
