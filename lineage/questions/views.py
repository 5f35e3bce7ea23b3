"""What questions answer: plain values for screens and commands, and their JSON as the contract fixes it.

Times are aware and in UTC; in JSON they are ISO 8601 with a Z.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from lineage.terms import AskId, ItemId, Money, PersonId, RequestId, Standing, State
from lineage.votes import PUBLIC

Shape: TypeAlias = dict[str, Any]
"""A JSON object."""


def moment(at: datetime | None) -> str | None:
    """A time as JSON has it.

    >>> moment(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    '2026-03-02T09:30:00Z'
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One work item. `parts` are the other items that it is split into, as far as their links count.

    `keeps_part` is None where nobody has said. `unreadable`: Jira answered 404 or 403 last time.
    `versions` are its fix versions by name, and whether each is released.
    """

    id: ItemId
    key: str
    summary: str
    public_title: str | None
    own_title: str | None
    state: State
    status: str
    url: str
    keeps_part: bool | None
    split: bool
    parts: tuple[ItemId, ...]
    read_at: datetime | None
    unreadable: bool
    deleted: bool
    unmapped_links: tuple[str, ...]
    children_done: int
    children_all: int
    versions: tuple[tuple[str, bool], ...]
    children_are_parts: bool = False
    """Whether a person said that its children are its parts; else they move no credit."""

    def as_json(self) -> Shape:
        return {
            "id": self.id, "key": self.key, "summary": self.summary, "public_title": self.public_title,
            "state": self.state.value,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemandView:
    """How much one item counts. `customer` and `pipeline` are the credit that rests on it; `reach_…` are
    the full amounts of all companies that ask for it. `why` explains `score`, a line each.
    """

    item: ItemView
    requesters: int
    companies: int
    votes: int
    customer: Money
    pipeline: Money
    reach_customer: Money
    reach_pipeline: Money
    score: float
    why: tuple[str, ...]
    oldest_at: datetime | None
    """When the oldest request for it was made."""

    def as_json(self) -> Shape:
        return {
            "issue": self.item.as_json(), "requesters": self.requesters, "companies": self.companies,
            "votes": self.votes, "pipeline": self.pipeline.as_json(), "customer": self.customer.as_json(),
            "reach_pipeline": self.reach_pipeline.as_json(),
            "reach_customer": self.reach_customer.as_json(),
            "score": self.score, "why": list(self.why),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CarrierView:
    """An item on which an ask rests, with its exact share (`1/2`). `own`: the part that the item kept.

    `title` is what the person reads of it; None where nobody has set a public title on the way.
    """

    item: ItemView
    own: bool
    share: str
    state: State
    title: str | None

    def as_json(self) -> Shape:
        return {"issue": self.item.as_json(), "share": self.share}


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way of an ask; the first is from its origin (`zendesk:ticket:7`) to an item."""

    kind: Literal["merged", "split", "linked"]
    src_key: str
    dst_key: str
    at: datetime

    def as_json(self) -> Shape:
        return {"kind": self.kind, "from": self.src_key, "to": self.dst_key, "at": moment(self.at)}


@dataclass(frozen=True, slots=True)
class ToldView:
    """One message that spoke for an ask: what kind of news it was for it, of which issues, where."""

    kind: str
    issues: tuple[str, ...]
    at: datetime
    where: str
    text: str
    items: tuple[ItemView, ...] = ()

    def as_json(self) -> Shape:
        return {
            "kind": self.kind, "issues": [item.as_json() for item in self.items], "at": moment(self.at),
            "where": self.where,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskView:
    """One request linked to one item: where it rests now, how it came there, what was said and what comes.

    `detached`: the link was taken back and the person still counts. `choices`: keys of the parts that the
    person wants, None for all. `next`: what will be said next and what it waits for.
    """

    ask_id: AskId
    request_id: RequestId
    origin: str
    person_id: PersonId
    person_name: str
    person_email: str | None
    company: str | None
    words: str
    subject: str
    asked_at: datetime
    item: ItemView
    linked_at: datetime
    linked_by: str
    carriers: tuple[CarrierView, ...]
    path: tuple[Step, ...]
    standing: Standing
    delivered: int
    parts: int
    told: tuple[ToldView, ...]
    detached: bool
    choices: tuple[str, ...] | None
    next: str

    def as_json(self) -> Shape:
        return {
            "issue": self.item.as_json(), "linked_at": moment(self.linked_at), "linked_by": self.linked_by,
            "carriers": [carrier.as_json() for carrier in self.carriers],
            "path": [step.as_json() for step in self.path], "standing": self.standing.value,
            "delivered": self.delivered, "parts": self.parts, "told": [told.as_json() for told in self.told],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One message of the send plan, in the exact words; `digest` is what an approval holds for.

    `not_before`: the moment for which it was approved; `edited_by`: who wrote these words in place of
    `drafted_text`, ours; `words_before`: those that a person approved last, or wrote and that fell away.
    """

    id: int
    digest: str
    kind: str
    person_id: PersonId
    person_name: str
    person_email: str | None
    issues: tuple[ItemView, ...]
    where: str
    state: str
    reason: str
    due_at: datetime | None
    sent_at: datetime | None
    text: str
    approved_by: str | None
    lane: str = ""
    language: str = ""
    not_before: datetime | None = None
    edited_by: str | None = None
    drafted_text: str | None = None
    words_before: str | None = None
    entry: Mapping[str, str] | None = None
    """What the post (`place`) says to everybody besides (`text`)."""

    @property
    def scheduled(self) -> bool:
        """Whether it waits for the moment that was chosen, and for nothing else."""
        return self.state == "queued" and self.not_before is not None and self.due_at == self.not_before

    @property
    def public(self) -> bool:
        """Whether everybody reads it: one entry for many, which is not edited and mails nobody."""
        return self.where.startswith(PUBLIC)

    def as_json(self) -> Shape:
        return {
            "id": self.id, "digest": self.digest, "kind": self.kind,
            "person": {"name": self.person_name, "email": self.person_email},
            "issues": [item.as_json() for item in self.issues], "where": self.where, "state": self.state,
            "reason": self.reason, "due_at": moment(self.due_at), "sent_at": moment(self.sent_at),
            "text": self.text, **({"entry": self.entry["text"]} if self.entry else {}),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class EdgeView:
    """One link between two items. Where it does not stand, `why` says what stands against it."""

    kind: str
    src_key: str
    dst_key: str
    link_id: str
    stands: bool
    why: str
    src: str
    dst: str
    """The items' ids."""

    def as_json(self) -> Shape:
        return {
            "kind": self.kind, "from": self.src_key, "to": self.dst_key, "link_id": self.link_id,
            "stands": self.stands,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostStatus:
    """How far a forum post is: `delivered` of `parts`. `standing` is None while it is not placed."""

    standing: Standing | None
    delivered: int
    parts: int
