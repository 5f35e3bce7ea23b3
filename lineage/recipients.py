"""Where a person is answered, and whether they may be told at all (§5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from lineage.terms import NoticeState
from lineage.votes import IN_COMMUNITY, OWN_TICKET, PUBLIC, own_ticket_of

ANSWERABLE = frozenset({"new", "open", "pending", "hold", "solved"})
"""Ticket states in which a public comment can be added."""

FINDING = "finding:"
"""Where somebody was heard whom we cannot answer there: an interview, a call, their usage."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one message goes. `state` is set where it must not go: skipped or blocked, and why."""

    place: str
    state: NoticeState | None = None
    reason: str = ""
    subject: str = ""
    """The subject of the closed ticket that a follow-up answers."""
    request: int = 0


def place_for(person: Row[Any], rows: Sequence[Row[Any]], *, own_ticket: bool = False) -> Place:
    """The one place for everything owed to `person` at this moment.

    `rows` are the requests that the message speaks for. The most recent open ticket comes first, then a
    follow-up on a closed one, then the forum. `own_ticket`: whoever voted in the community is told in a
    ticket of their own rather than by an entry for everybody.
    """
    if why := never(person):
        return Place(_best(rows).place, NoticeState.SKIPPED, why)
    if person.suspended:
        return Place(
            _best(rows).place, NoticeState.BLOCKED, "suspended in Zendesk: lift the suspension first"
        )
    theirs = [row for row in rows if row.reply_to_person_id == person.id]
    if not theirs:
        why = "not the requester of the ticket any more: a reply would reach somebody else"
        return Place(_best(rows).place, NoticeState.BLOCKED, why)
    return _best(theirs, own_ticket=own_ticket)


def entry_place(place: Place, answered: Row[Any] | None) -> str:
    """The post that says it to everybody besides, where a voter is told in a ticket of their own; or none.
    `answered`: the request of the place.
    """
    if answered is None:
        return ""
    return answered.reply_to if place.place.startswith(f"{OWN_TICKET}:") else answered.moved_from or ""


def never(person: Row[Any]) -> str:
    """Why this person is told nothing at all; empty for everybody else."""
    if person.staff:
        return "works for us"
    if person.erased_at is not None:
        return "asked to be forgotten"
    return "opted out" if person.opted_out_at is not None else ""


def _best(rows: Sequence[Row[Any]], *, own_ticket: bool = False) -> Place:
    newest = sorted(rows, key=lambda row: (row.asked_at, row.id), reverse=True)
    tickets = [row for row in newest if row.reply_to.startswith("zendesk:ticket:")]
    for row in tickets:
        if row.reply_state in ANSWERABLE:
            return Place(row.reply_to, request=row.id)
    for row in tickets:
        if row.reply_state == "closed":
            place = row.reply_to.replace("zendesk:ticket:", "zendesk:followup:", 1)
            return Place(place, subject=row.subject, request=row.id)
    if public := [row for row in newest if row.reply_to.startswith(PUBLIC)]:
        votes = [row for row in public if own_ticket and row.reply_to.startswith(f"{IN_COMMUNITY}:")]
        if votes:
            return Place(own_ticket_of(votes[0].origin), request=votes[0].id)
        return Place(public[0].reply_to, request=public[0].id)
    if any(row.reply_state == "merged" for row in tickets):
        return Place("", NoticeState.BLOCKED, "the ticket was merged into another, which is being read")
    if not tickets and any(row.reply_to.startswith(FINDING) for row in rows):
        why = "heard in an interview, a call or their usage: tell them by hand, then cancel this"
        return Place("", NoticeState.BLOCKED, why)
    return Place("", NoticeState.BLOCKED, "no place to answer: the ticket is deleted")
