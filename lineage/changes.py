"""Everything that can happen to a request, as small values: what a vendor was *seen* to say (the whole
object, from which the ledger derives the difference), and what a person *did*. Every time is in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from lineage.agent_changes import MaybeThis, NotThis
from lineage.engineer_changes import Assigned, PutBack
from lineage.operator_changes import FindingImported, LinkImported, WordingSet
from lineage.requester_changes import (
    LinkRevoked,
    NotMeant,
    OptedIn,
    RemarksSettled,
    RequestResumed,
    RequestWithdrawn,
)
from lineage.seen import ChildSeen, EdgeSeen
from lineage.terms import EdgeKind, ItemId, Origin, PersonId


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """A fix version of the tracker, and whether it is released."""

    version_id: str
    name: str
    released: bool


@dataclass(frozen=True, slots=True)
class IssueSeen:
    """One Jira issue, read just now. `updated` is Jira's own stamp: an older one than is known is dropped."""

    item: ItemId
    key: str
    summary: str
    project: str
    issue_type: str
    status: str
    category: str
    """Jira's status category key: `new`, `indeterminate` or `done`."""
    resolution_id: str | None
    resolution: str | None
    meaning: str | None
    """What the workspace maps that resolution to: `delivered`, `declined` or `closed`; None if unmapped."""
    created: datetime
    updated: datetime
    state_at: datetime
    """When it came into its present state, by Jira's time (resolution or status-category date)."""
    edges: tuple[EdgeSeen, ...] = ()
    unmapped_links: tuple[str, ...] = ()
    versions: tuple[VersionSeen, ...] = ()
    children: tuple[ChildSeen, ...] = ()
    parent: ItemId | None = None
    url: str = ""
    components: tuple[str, ...] = ()
    """The components of its project that it belongs to, by name."""


@dataclass(frozen=True, slots=True)
class IssueDeleted:
    """Jira's own deletion event. Nothing else proves a deletion: a bare 404 does not."""

    item: ItemId
    at: datetime


@dataclass(frozen=True, slots=True)
class IssueUnreadable:
    """The issue answered 404 or 403: deleted or hidden, nobody can say which. Moves no credit."""

    item: ItemId
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A requester as the helpdesk or the forum knows them."""

    kind: str
    """`zendesk` (a user id) or `forum` (a member id): whose id `id` is."""
    id: str
    name: str
    emails: tuple[str, ...] = ()
    """Proven addresses only, lower case, the primary one first."""
    language: str | None = None
    staff: bool = False
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationSeen:
    """The Zendesk organisation of a ticket."""

    id: str
    name: str
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketSeen:
    """One Zendesk ticket, read just now. `words`: the requester's own first ones, in plain text."""

    ticket: str
    status: str
    """new, open, pending, hold, solved, closed or deleted."""
    subject: str
    words: str
    requester: PersonSeen
    created: datetime
    updated: datetime
    organisation: OrganisationSeen | None = None
    merged_into: str | None = None
    channel: str = ""
    followup_of: str | None = None
    opened_by_us: bool = False  # to tell somebody something: a request only once they write in it


@dataclass(frozen=True, slots=True)
class PostSeen:
    """A post of the feedback forum that may be shown, placed and voted for. `by`: who published it."""

    post: str
    title: str
    author: PersonSeen
    created: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody voted for a forum post."""

    post: str
    voter: PersonSeen
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class VoteWithdrawn:
    """Somebody took their vote back."""

    post: str
    voter: PersonSeen
    at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """A person said that this request is about this item.

    `origin` is `zendesk:ticket:N`, or `forum:post:ID` for each vote of that post, present and future.
    """

    origin: Origin
    item: ItemId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The link was taken back. `keep`: the person still counts and is told; else the ask is withdrawn."""

    origin: Origin
    item: ItemId
    keep: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PartsChosen:
    """Which parts of a split item this person wants. None means all (unsure is all)."""

    person: PersonId
    item: ItemId
    parts: tuple[ItemId, ...] | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeepsPart:
    """A person said whether a split item keeps a part of its own or is a mere container."""

    item: ItemId
    keeps: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChildrenAreParts:
    """A person said whether the children of an item (sub-tasks, an epic's issues) are its parts."""

    item: ItemId
    are: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sized:
    """Relative sizes of the parts of a split; a part without one counts as 1."""

    item: ItemId
    sizes: Mapping[ItemId, int] = field(default_factory=dict)
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Titled:
    """What customers may read of an item, or (`own_part`) of the part that it keeps."""

    item: ItemId
    title: str
    own_part: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CompanySeen:
    """One company, by the CRM's id, as the CRM values it, in whole minor units of the workspace currency.

    `emails`: the requesters' addresses that led here; `why`: a line per deal that is counted or left out.
    """

    company: str
    name: str
    customer_minor: int
    pipeline_minor: int
    at: datetime
    domains: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    segment: str | None = None
    """What kind of company it is, in the CRM's words."""


@dataclass(frozen=True, slots=True)
class UsersMerged:
    """The helpdesk merged the user `gone` (an id) into another one, as it was read just now."""

    gone: str
    into: PersonSeen
    at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """This person is to be forgotten. What they asked for still counts, nameless."""

    person: PersonId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OptedOut:
    """This person wants no news."""

    person: PersonId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MappingChanged:
    """What Jira's link types (None: nothing) and resolutions mean from now on, by their ids."""

    links: Mapping[str, EdgeKind | None]
    resolutions: Mapping[str, str]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """The workspace's policy changed: everything that rests on it is worked out again."""

    by: str
    at: datetime


Change: TypeAlias = (
    IssueSeen | IssueDeleted | IssueUnreadable | VersionSeen | TicketSeen | PostSeen | Voted
    | VoteWithdrawn | Linked | Unlinked | PartsChosen | KeepsPart | ChildrenAreParts | Sized
    | Titled | CompanySeen | UsersMerged | Erased | OptedOut | MappingChanged | PolicyChanged
    | RequestWithdrawn | RequestResumed | NotMeant | RemarksSettled | LinkRevoked | OptedIn | WordingSet
    | Assigned | PutBack | NotThis | MaybeThis | LinkImported | FindingImported
)  # fmt: skip
