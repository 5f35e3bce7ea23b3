"""What requesters do on their own page, and what becomes of its link; `changes.py` joins it to the others."""

from dataclasses import dataclass
from datetime import datetime

from lineage.terms import Origin, PersonId


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """Whoever asked needs it no longer: nothing that was linked to this request counts or is told."""

    origin: Origin
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestResumed:
    """They need it after all: everything is as if it had never been withdrawn."""

    origin: Origin
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NotMeant:
    """Whoever asked says that this is not what they meant; `words`: what they meant, where they say it."""

    origin: Origin
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RemarksSettled:
    """Somebody dealt with what the requester said about this request."""

    origin: Origin
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkRevoked:
    """The links to the page of this request open nothing any more. What is said from now on has a new one."""

    origin: Origin
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OptedIn:
    """Who wanted no news wants it again, from the next on."""

    person: PersonId
    by: str
    at: datetime
