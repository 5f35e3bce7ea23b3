"""Reads one ticket. The only file that knows what Zendesk calls things in its JSON of tickets and users."""

import re
from datetime import UTC, datetime

from connectors.errors import NotFound, Unauthorized, Unavailable
from connectors.zendesk.answers import Json
from connectors.zendesk.client import Zendesk
from lineage.changes import OrganisationSeen, PersonSeen, TicketSeen

WORDS_CHARS = 2000

STAFF = ("agent", "admin")

OURS = "kithspark:"
"""So begins the `external_id` of every ticket that we make to tell somebody something."""

MERGED_TAG = "closed_by_merge"

NAMED_TICKET = re.compile(r"#(\d+)")


def read_ticket(client: Zendesk, ticket_id: str | int) -> TicketSeen:
    """The ticket, its requester and organisation as they are now: four to six calls.

    Raises NotFound when the ticket is deleted, never was, or is hidden from us.
    """
    ticket = client.ticket(ticket_id).ticket
    opened_by_us = str(ticket.get("external_id")).startswith(OURS) and not followup_of(ticket)
    try:
        requester = person(client, ticket["requester_id"])
        return TicketSeen(
            ticket=str(ticket["id"]),
            status=str(ticket["status"]),
            subject=str(ticket.get("subject") or ""),
            words=first_words(
                client.comments(ticket["id"]), requester=ticket["requester_id"], only_own=opened_by_us
            ),
            requester=requester,
            created=when(ticket["created_at"]),
            updated=when(ticket["updated_at"]),
            organisation=organisation(client, ticket.get("organization_id")),
            merged_into=merged_into(client, ticket),
            channel=channel(ticket),
            followup_of=followup_of(ticket),
            opened_by_us=opened_by_us,
        )
    except (KeyError, TypeError, ValueError) as e:
        text = (
            f"Zendesk's ticket {ticket_id} lacks something ({type(e).__name__}: {e}). It is read again later."
        )
        raise Unavailable(text) from e


def person(client: Zendesk, user_id: int) -> PersonSeen:
    """A user with all verified addresses, the primary one first."""
    return as_person(client, client.user(user_id))


def person_there(client: Zendesk, user_id: str) -> PersonSeen | None:
    """The same; None for a user who is gone, as one who was merged into another is."""
    try:
        user = client.user(user_id)
        return None if user.get("active") is False else as_person(client, user)
    except NotFound:
        return None
    except (KeyError, TypeError) as e:
        raise Unavailable(f"Zendesk's user {user_id} lacks {e}. It is read again later.") from e


def as_person(client: Zendesk, user: Json) -> PersonSeen:
    """The user of this JSON, whose addresses are asked for."""
    staff = user.get("role") in STAFF
    identities = [] if staff else identities_of(client, user["id"])
    return PersonSeen(
        kind="zendesk",
        id=str(user["id"]),
        name=str(user.get("name") or ""),
        emails=verified_emails(user, identities),
        language=str(user["locale"]) if user.get("locale") else None,
        staff=staff,
        suspended=bool(user.get("suspended")) or user.get("active") is False,
    )


def identities_of(client: Zendesk, user_id: int) -> list[Json]:
    """The user's addresses; none where this role may not list them: then the user's own address serves."""
    try:
        return client.identities(user_id)
    except NotFound:
        return []
    except Unauthorized as refusal:
        if refusal.whole_account:
            raise
        return []


def verified_emails(user: Json, identities: list[Json]) -> tuple[str, ...]:
    """Lower case, without repeats."""
    proven = [one for one in identities if one.get("type") == "email" and one.get("verified")]
    proven.sort(key=lambda one: not one.get("primary"))
    found = [str(one["value"]).lower() for one in proven if one.get("value")]
    if not identities and user.get("email") and user.get("verified", True):
        found = [str(user["email"]).lower()]
    return tuple(dict.fromkeys(found))


def organisation(client: Zendesk, ident: int | None) -> OrganisationSeen | None:
    """The ticket's organisation; None where it has none or it is gone."""
    if not ident:
        return None
    try:
        found = client.organization(ident)
    except NotFound:
        return None
    domains = tuple(str(one).lower() for one in found.get("domain_names") or [])
    return OrganisationSeen(id=str(found["id"]), name=str(found.get("name") or ""), domains=domains)


def first_words(comments: list[Json], *, requester: int, only_own: bool = False) -> str:
    """The first public comment of the requester, else the first public one; at most `WORDS_CHARS`.

    A ticket that an agent opened on behalf of somebody has only the agent's words; of one that we opened ours
    are no request (`only_own`).
    """
    public = [one for one in comments if one.get("public")]
    own = [one for one in public if one.get("author_id") == requester]
    first = (own or ([] if only_own else public) or [{}])[0]
    words = str(first.get("plain_body") or first.get("body") or "").replace("\xa0", " ").strip()
    return words if len(words) <= WORDS_CHARS else words[: WORDS_CHARS - 1].rstrip() + "…"


def merged_into(client: Zendesk, ticket: Json) -> str | None:
    """The ticket that this one was merged into. Zendesk has no field for it.

    A merge closes the ticket and tags it; which ticket survives stands in the audit that did so, as its
    source, or only in the words of its comment, in the account's language: the first `#number`.
    """
    if ticket.get("status") != "closed" or MERGED_TAG not in (ticket.get("tags") or []):
        return None
    for audit in client.audits(ticket["id"]):
        survivor = named_by(audit)
        if survivor is not None and survivor != str(ticket["id"]):
            return survivor
    return None


def named_by(audit: Json) -> str | None:
    """The survivor that this audit names, if it is the one of a merge."""
    events = [one for one in audit.get("events") or [] if isinstance(one, dict)]
    for via in [audit.get("via"), *(event.get("via") for event in events)]:
        source = (via or {}).get("source") or {}
        if source.get("rel") == "merge":
            ident = (source.get("to") or {}).get("ticket_id") or (source.get("from") or {}).get("ticket_id")
            if ident:
                return str(ident)
    tagged = any(MERGED_TAG in str(e.get("value")) for e in events if e.get("field_name") == "tags")
    comments = [str(event.get("body")) for event in events if event.get("type") == "Comment"]
    named = NAMED_TICKET.search(comments[0]) if tagged and comments else None
    return named[1] if named else None


def channel(ticket: Json) -> str:
    """How it came in; `messaging` where a comment would not reach a conversation that is going on."""
    if ticket.get("from_messaging_channel"):
        return "messaging"
    return str((ticket.get("via") or {}).get("channel") or "")


def followup_of(ticket: Json) -> str | None:
    source = (ticket.get("via") or {}).get("source") or {}
    ident = (source.get("from") or {}).get("ticket_id") if source.get("rel") == "follow_up" else None
    return str(ident) if ident else None


def when(text: str) -> datetime:
    """Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)
