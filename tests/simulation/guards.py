"""Each guard of the protocol taken out: one line of the table says which, how, and in what scene.

The numbers are the steps as connectors/zendesk/reply.py and creating.py name them; 1 is before those.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from connectors.outcomes import Blocked, Elsewhere, GivenUp, Outcome
from connectors.zendesk import creating, followup, marks, reply
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.proactive import OwnTicket
from connectors.zendesk.reply import Found
from tests.simulation import rows
from tests.simulation.edge import Edge
from tests.simulation.weather import BUSY, CLOSED, LAGGING, PLAIN, TORN, VOTED, Scene

AS_IT_WAS = {
    name: getattr(module, name)
    for module, names in (
        (
            reply,
            ("_comment", "_give_up", "_guarded", "_move_stamp", "_objection", "_read", "_refused", "_write"),
        ),
        (creating, ("_again", "_first", "create")),
    )
    for name in names
}
FOLLOWUP_OBJECTION = followup._objection


class Guard(NamedTuple):
    """`out`: what stands there instead, as (where, name, instead)."""

    step: str
    out: tuple[tuple[Any, str, Any], ...]
    scene: Scene = PLAIN


# --- the ticket


def unguarded(ticket: Any, comment: Any, metadata: Any) -> dict[str, Any]:
    body: dict[str, Any] = AS_IT_WAS["_guarded"](ticket, comment, metadata)
    return {"ticket": {key: body["ticket"][key] for key in ("comment", "metadata")}}


def objects_first(attempt: Attempt, ident: str) -> Outcome:
    """Leaves a place before it has looked whether it was said there."""
    ticket = attempt.client.ticket(ident).ticket
    wrong = reply._objection(attempt, ticket, ident)
    if isinstance(wrong, Elsewhere):
        return wrong
    outcome: Outcome = AS_IT_WAS["_comment"](attempt, ident)
    return outcome


def audits_first(attempt: Attempt, place: str, ident: str) -> Found:
    audits = attempt.client.audits(ident)
    read = attempt.client.ticket(ident)
    age_s = (read.at - marks.stamp_of(read.ticket)).total_seconds()
    said = marks.said_in(audits, attempt.sending.mark, attempt.place(place, ident))
    return Found(read.ticket, age_s, audits, said)


def keeps_nothing(name: str) -> Callable[..., Outcome]:
    def begun(attempt: Attempt, *rest: Any) -> Outcome:
        outcome: Outcome = AS_IT_WAS[name](dataclasses.replace(attempt, keep=lambda _: None), *rest)
        return outcome

    return begun


def believes(name: str, **what: Any) -> Callable[..., Outcome]:
    """An attempt that takes something about its message for granted."""

    def begun(attempt: Attempt, *rest: Any) -> Outcome:
        sending = dataclasses.replace(attempt.sending, **what)
        outcome: Outcome = AS_IT_WAS[name](dataclasses.replace(attempt, sending=sending), *rest)
        return outcome

    return begun


def whoever_it_is(attempt: Attempt, ticket: Mapping[str, Any], ident: str) -> Outcome | None:
    keys = (*attempt.sending.person_keys, str(ticket["requester_id"]))
    sending = dataclasses.replace(attempt.sending, person_keys=keys)
    objection = reply_or_followup(attempt)
    outcome: Outcome | None = objection(dataclasses.replace(attempt, sending=sending), ticket, ident)
    return outcome


def reply_or_followup(attempt: Attempt) -> Any:
    answers_closed = attempt.sending.place.startswith("zendesk:followup:")
    return FOLLOWUP_OBJECTION if answers_closed else AS_IT_WAS["_objection"]


def though_suspended(attempt: Attempt, ticket: Mapping[str, Any], ident: str) -> Outcome | None:
    outcome: Outcome | None = reply_or_followup(attempt)(attempt, ticket, ident)
    return None if isinstance(outcome, Blocked) and "suspended" in outcome.reason else outcome


def gives_up_at_once(attempt: Attempt, _ident: str, _found: Found) -> None:
    if attempt.sent_at is not None:
        attempt.keep({"sent_at": None})


def gives_up_without_a_rest(attempt: Attempt, ident: str, found: Found) -> Outcome | None:
    outcome: Outcome | None = AS_IT_WAS["_give_up"](dataclasses.replace(attempt, settle_s=0.0), ident, found)
    return outcome


def believes_a_refusal(attempt: Attempt, ident: str, refusal: Any, before: Any) -> Outcome:
    attempt.keep(before)
    ticket = attempt.client.ticket(ident).ticket
    over = marks.status_of(ticket) in reply.OVER
    return Elsewhere(ident, "closed meanwhile") if over else Blocked(str(refusal))


def forgets_what_collided(attempt: Attempt, ident: str, ticket: Any) -> Outcome:
    def keep(facts: Mapping[str, Any]) -> None:
        attempt.keep({"sent_at": None} if facts.get("collided") else facts)

    outcome: Outcome = AS_IT_WAS["_write"](dataclasses.replace(attempt, keep=keep), ident, ticket)
    return outcome


def gone_is_gone(attempt: Attempt, ident: str) -> Outcome:
    if not attempt.sending.still_owed:
        return GivenUp("taken back: the ticket is gone")
    return Blocked("the ticket is gone")


def rests_from_its_beginning(attempt: Attempt, ident: str, ticket: Any) -> Outcome:
    outcome: Outcome = AS_IT_WAS["_write"](dataclasses.replace(attempt, passed_s=lambda: 0.0), ident, ticket)
    return outcome


# --- the follow-up


def another_key(attempt: creating.NewTicket) -> Outcome:
    kept = attempt.sending.kept
    return creating._post(attempt, kept["body"], f"{kept['key']} {attempt.now}")


def other_bytes(attempt: creating.NewTicket) -> Outcome:
    kept = attempt.sending.kept
    return creating._post(attempt, f"{kept['body']} ", kept["key"])


NOTHING_LAGS = (Found, "lags", property(lambda _: False))

CALLED_OFF = ("reopened_or_done", "cancel")
TAKEN_BACK = Scene(always=("late",), people=CALLED_OFF)
GONE_MEANWHILE = Scene(
    always=("unanswered", "meddle"), people=("close", "delete_or_restore", "reopened_or_done"), closed=0.0
)
TORN_BACK = dataclasses.replace(
    TORN, torn_s=40.0, always=("late", "meddle"), never=("twice", "crash", "unread"), people=CALLED_OFF
)
REFUSED = Scene(always=("twice", "refused"), people=CALLED_OFF, closed=0.0)

GUARDS = {
    "the mark is never found": Guard("2", ((marks, "said_in", lambda *_: None),)),
    "a place is left before the mark was looked for there, or in any place that was tried": Guard(
        "2", ((reply, "_comment", objects_first), (reply, "_said_elsewhere", lambda _: None)),
        Scene(people=("close", "merge"), always=("unanswered",), closed=0.0)),
    "a place is left before the mark was looked for there, and is gone when it is looked for": Guard(
        "2", ((reply, "_comment", objects_first),),
        GONE_MEANWHILE),
    "what is not owed any more is said": Guard(
        "3", ((reply, "_comment", believes("_comment", still_owed=True)),)),
    "a closed ticket is written on": Guard("3", ((reply, "OVER", ()),)),
    "whoever is the requester now is told": Guard("3", ((reply, "_objection", whoever_it_is),)),
    "somebody who is suspended is told": Guard(
        "3", ((reply, "_objection", though_suspended),), Scene(people=("suspend_or_lift",))),
    "while everything is paused it is written": Guard(
        "3", ((reply, "_comment", believes("_comment", may_write=True)),), Scene(people=("pause",))),
    "what may stand on a ticket that is gone is given up": Guard(
        "3", ((reply, "_gone", gone_is_gone),),
        Scene(people=("delete_or_restore", "reopened_or_done"), always=("unanswered",))),
    "audits that lag are believed": Guard("4", (NOTHING_LAGS,), LAGGING),
    "a stamp of this second is written against": Guard("4", ((reply, "YOUNG_S", -1.0),), BUSY),
    "the write carries no stamp": Guard("5", ((reply, "_guarded", unguarded),)),
    "what may have been sent is not kept before it is sent": Guard(
        "5", ((reply, "_write", keeps_nothing("_write")),)),
    "an unknown outcome does not rest": Guard("6", ((reply, "_resting", lambda _: None),), TORN),
    "it rests from the beginning of the attempt": Guard(
        "6", ((reply, "_write", rests_from_its_beginning),), TORN),
    "what collided did not arrive": Guard("6", ((reply, "_write", forgets_what_collided),), BUSY),
    "what was refused did not arrive": Guard(
        "6", ((reply, "_refused", believes_a_refusal),), REFUSED),
    "the stamp is moved before what was sent has landed": Guard(
        "7", ((reply, "_give_up", gives_up_without_a_rest),), TORN_BACK),
    "it is given up without moving the stamp": Guard(
        "7", ((reply, "_give_up", gives_up_at_once),), TAKEN_BACK),
    "the note that moves the stamp is not read back": Guard(
        "7", ((marks, "was_taken_back", lambda *_: True),), TAKEN_BACK),
    "a follow-up for whoever is the requester": Guard("8", ((followup, "_objection", whoever_it_is),),
        Scene(people=("change_requester", "merge"))),
    "a follow-up for somebody who is suspended": Guard("8", ((followup, "_objection", though_suspended),),
        Scene(people=("suspend_or_lift",), closed=1.0)),
    "the key is not kept before it is sent": Guard(
        "8", ((creating, "_first", keeps_nothing("_first")),), CLOSED),
    "each attempt has another key": Guard("8", ((creating, "_again", another_key),), CLOSED),
    "each attempt has other bytes": Guard("8", ((creating, "_again", other_bytes),), CLOSED),
    "the key is used longer than it is kept": Guard(
        "8", ((creating, "KEY_GOOD_FOR", timedelta(hours=10)),), CLOSED),
    "nobody waits until the key is gone": Guard("8", ((creating, "KEY_GONE_AFTER", timedelta(0)),), CLOSED),
    "the follow-up is not looked for": Guard("8", ((creating, "_found", lambda *_: None),), CLOSED),
    "a ticket of her own is not looked for": Guard("8", ((creating, "_found", lambda *_: None),), VOTED),
    "a ticket of her own is not looked for by its name": Guard(
        "8", ((Edge, "tickets_by_external_id", lambda *_: []),), VOTED),
    "a ticket of her own is opened though she is suspended": Guard("8",
        ((OwnTicket, "objection", lambda *_: None),),
        dataclasses.replace(VOTED, people=("suspend_or_lift",))),
    "a ticket of her own is opened though it is not owed any more": Guard(
        "8", ((creating, "create", believes("create", still_owed=True)),),
        dataclasses.replace(VOTED, people=CALLED_OFF)),
    "a ticket of her own is opened while everything is paused": Guard(
        "8", ((creating, "create", believes("create", may_write=True)),),
        dataclasses.replace(VOTED, people=("pause",))),
    "the key of a ticket of her own is not kept before it is sent": Guard(
        "8", ((creating, "_first", keeps_nothing("_first")),), VOTED),
    "nobody waits until the key of a ticket of her own is gone": Guard(
        "8", ((creating, "KEY_GONE_AFTER", timedelta(0)),), VOTED),
    "a worker that lost its lease goes on": Guard(
        "1", ((rows.Shelf, "held", lambda self, one: self.rows[one.id]),)),
}  # fmt: skip

COVERED = {
    "the audits are read before the stamp": Guard("4", ((reply, "_read", audits_first),)),
    "only the other places are not read": Guard("2", ((reply, "_said_elsewhere", lambda _: None),)),
    "only her own tickets are not read": Guard("8", ((OwnTicket, "may_be", lambda _: []),), VOTED),
    "an unknown outcome does not rest, where comparing and writing are one step": Guard(
        "6", ((reply, "_resting", lambda _: None),)),
}  # fmt: skip
"""Guards that another one covers: each of these alone breaks nothing, which is checked as well."""
