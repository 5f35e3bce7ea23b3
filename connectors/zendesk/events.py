"""What a webhook says: only what is to be read again, and what a reading cannot show."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

MOVED = timedelta(minutes=1)
"""An event is told so soon after the stamp that it moved; one that is told later left it as it was."""

PREFIX = "zen:event-type:"

NONE = "0"
"""Zendesk's word for no id, in webhooks."""

TICKET_EVENTS = frozenset(
    {
        "created",
        "comment_added",
        "comment_made_private",
        "comment_redacted",
        "status_changed",
        "merged",
        "soft_deleted",
        "undeleted",
        "permanently_deleted",
        "marked_as_spam",
        "requester_changed",
        "organization_changed",
        "subject_changed",
        "tags_changed",
    }
)

USER_EVENTS = frozenset(
    {
        "merged",
        "deleted",
        "suspended_changed",
        "active_changed",
        "name_changed",
        "identity_created",
        "identity_changed",
        "identity_deleted",
    }
)


POST_EVENTS = frozenset(
    {"vote_created", "vote_changed", "vote_removed", "changed", "published", "unpublished"}
)


class NotAnEventError(ValueError):
    """The body has not the shape of anything that Zendesk sends."""


@dataclass(frozen=True, slots=True)
class Dirty:
    """One object that changed over there. `at` and `author` (a user id) are None where it is not said.

    `merged_into` is the ticket that survives; `merged_with` the other user of a merge, of which nobody says
    who survives. `deleted` is `softly` or `for good`: the second is
    told by nothing else, and asks us to forget.
    """

    kind: Literal["ticket", "user", "post"]
    id: str
    at: datetime | None = None
    author: str | None = None
    merged_into: str | None = None
    merged_with: str | None = None
    deleted: Literal["", "softly", "for good"] = ""
    stamp: datetime | None = None
    """The ticket's `updated_at` with this change, where that moved it: no older answer shows the change."""

    @property
    def hint(self) -> dict[str, str]:
        """What only the event knows, for the look that it asks for."""
        known = {"deleted": self.deleted, "merged_with": self.merged_with or ""}
        return {name: value for name, value in known.items() if value}


def read(body: bytes) -> list[Dirty]:
    """What is to be read again: nothing for an event we do not know. Raises NotAnEventError.

    Event webhooks send an envelope; those that triggers call send `{"id": "{{ticket.id}}"}`.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAnEventError("the body is not JSON") from None
    if not isinstance(said, dict):
        raise NotAnEventError("the body is not a JSON object")
    if "type" not in said:
        return [Dirty("ticket", required(said.get("id"), "id"))]
    kind = said["type"]
    if not isinstance(kind, str):
        raise NotAnEventError("`type` is not text")
    family, _, what = kind.removeprefix(PREFIX).partition(".")
    if family == "ticket" and what in TICKET_EVENTS:
        return [ticket(said, what)]
    if family == "user" and what in USER_EVENTS:
        return users(said, what)
    if family == "community_post" and what in POST_EVENTS:
        return [
            Dirty("post", required(mapping(said, "detail").get("id"), "detail.id"), at=when(said.get("time")))
        ]
    return []


def ticket(said: dict[str, Any], what: str) -> Dirty:
    detail, event = mapping(said, "detail"), mapping(said, "event")
    comment = event.get("comment") if isinstance(event.get("comment"), dict) else {}
    author = comment.get("author") if isinstance(comment, dict) else None
    by = author.get("id") if isinstance(author, dict) else None
    deletions: dict[str, Literal["softly", "for good"]] = {
        "soft_deleted": "softly",
        "marked_as_spam": "softly",
        "permanently_deleted": "for good",
    }
    at = when(said.get("time"))
    return Dirty(
        "ticket",
        required(detail.get("id"), "detail.id"),
        at=at,
        author=optional(by) or optional(detail.get("actor_id")),
        merged_into=optional(event.get("target_ticket_id")) if what == "merged" else None,
        deleted=deletions.get(what, ""),
        stamp=moved(when(detail.get("updated_at")), at),
    )


def moved(stamp: datetime | None, at: datetime | None) -> datetime | None:
    """The stamp, in the whole seconds that a ticket shows; None where the event of this time left it."""
    if stamp is None or at is None or abs(at - stamp) > MOVED:
        return None
    return stamp.replace(microsecond=0)


def users(said: dict[str, Any], what: str) -> list[Dirty]:
    """Of a merge both users: which of them the event is about is not documented, so both are read."""
    ident = required(mapping(said, "detail").get("id"), "detail.id")
    at = when(said.get("time"))
    if what != "merged":
        return [Dirty("user", ident, at=at, deleted="for good" if what == "deleted" else "")]
    other = mapping(said, "event").get("user")
    second = optional(other.get("id")) if isinstance(other, dict) else None
    if second is None or second == ident:
        return [Dirty("user", ident, at=at)]
    return [Dirty("user", one, at=at, merged_with=other) for one, other in ((ident, second), (second, ident))]


def mapping(said: dict[str, Any], key: str) -> dict[str, Any]:
    """Raises NotAnEventError."""
    found = said.get(key)
    if not isinstance(found, dict):
        raise NotAnEventError(f"`{key}` is not an object")
    return found


def optional(value: object) -> str | None:
    """An id as text; None for "0" and for what is no id."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    return text if text.isascii() and text.isdigit() and text != NONE else None


def required(value: object, where: str) -> str:
    """Raises NotAnEventError."""
    found = optional(value)
    if found is None:
        raise NotAnEventError(f"`{where}` is not an id")
    return found


def when(value: object) -> datetime | None:
    """None where no usable time is told: that must not lose an event."""
    try:
        at = datetime.fromisoformat(str(value))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
