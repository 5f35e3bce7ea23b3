"""What one account holds. In the words of the API; every time is an aware UTC datetime."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

STAFF = ("agent", "admin")


@dataclass
class Identity:
    """One address of a user."""

    id: int
    value: str
    created: datetime
    primary: bool = False
    verified: bool = True
    type: str = "email"


@dataclass
class User:
    """An end user, agent or admin. A merged user is no longer active and points at the one that stays."""

    id: int
    name: str
    created: datetime
    updated: datetime
    role: str = "end-user"
    locale: str = "en-US"
    organization_id: int | None = None
    external_id: str | None = None
    suspended: bool = False
    active: bool = True
    ticket_restriction: str | None = None
    custom_role_id: int | None = None
    group_ids: list[int] = field(default_factory=list)
    merged_into: int | None = None
    identities: list[Identity] = field(default_factory=list)

    @property
    def staff(self) -> bool:
        return self.role in STAFF

    @property
    def email(self) -> str | None:
        return next((one.value for one in self.identities if one.primary), None)


@dataclass
class Group:
    """Agents who share tickets. A deleted one stays readable by its number."""

    id: int
    name: str
    created: datetime
    deleted: bool = False


@dataclass
class CustomRole:
    """What agents of this role may do; of it only which tickets they see, as `ticket_access` says it."""

    id: int
    name: str
    created: datetime
    ticket_access: str = "all"


@dataclass
class Organization:
    """A customer's company."""

    id: int
    name: str
    domain_names: list[str]
    created: datetime


@dataclass
class Audit:
    """One change of one ticket: who, when, with which mark (`metadata.custom`), and its events."""

    id: int
    ticket_id: int
    author_id: int
    created: datetime
    via: Json
    custom: Json
    events: list[Json] = field(default_factory=list)

    def comments(self) -> list[Json]:
        return [event for event in self.events if event["type"] == "Comment"]


@dataclass
class Ticket:
    """One ticket. `updated` moves by whole seconds and only with audit events; `generated` with anything."""

    id: int
    subject: str
    requester_id: int
    submitter_id: int
    created: datetime
    updated: datetime
    generated: datetime
    via: Json
    status: str = "new"
    description: str = ""
    organization_id: int | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    external_id: str | None = None
    priority: str | None = None
    type: str | None = None
    problem_id: int | None = None
    tags: list[str] = field(default_factory=list)
    collaborator_ids: list[int] = field(default_factory=list)
    followup_ids: list[int] = field(default_factory=list)
    followup_source_ids: list[int] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    deleted_at: datetime | None = None
    deleted_by: int | None = None
    from_messaging_channel: bool = False
    brand_id: int = 360_001
    sharing_agreement_ids: list[int] = field(default_factory=list)
    archived: bool = False

    def comments(self) -> list[tuple[Audit, Json]]:
        """Every comment, oldest first, with the audit that it came by."""
        return [(audit, event) for audit in self.audits for event in audit.comments()]

    @property
    def is_public(self) -> bool:
        return any(event["public"] for _, event in self.comments())


@dataclass(frozen=True)
class Applied:
    """One write that took place and carried somebody's mark: what the judge of 'told once' counts."""

    ticket: int
    audit: int
    at: datetime
    author: int
    mark: Json
    public: bool
    body: str
    mailed: tuple[int, ...]
    followup_of: int | None


@dataclass(frozen=True)
class Mail:
    """One e-mail that a trigger sent."""

    to: str
    ticket: int
    subject: str
    body: str
    at: datetime
    sender: str


def via(channel: str, *, rel: str | None = None, source: Json | None = None) -> Json:
    """How something came in, as the API tells it."""
    return {"channel": channel, "source": {"from": source or {}, "to": {}, "rel": rel}}
