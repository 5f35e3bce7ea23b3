"""A new ticket, once (step 8): a follow-up on a closed one, or one that is opened for a voter.

Creating one knows an `Idempotency-Key`, kept for two hours: within it the same bytes are simply sent again.
Later than that, the ticket is looked for before anything is created.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.outcomes import Blocked, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk import marks
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.reader import STAFF
from store.crash_points import reached

KEY_GOOD_FOR = timedelta(minutes=90)
"""Well inside the two hours for which Zendesk keeps a key."""

KEY_GONE_AFTER = timedelta(hours=2, minutes=15)
AGAIN_S = 10.0
PAUSED_S = 60.0
UNSEEN = (
    "Zendesk does not show ticket {}, which may be the one that was opened for this: look there, then cancel "
    "this, or restore the ticket and try again"
)


@dataclass(frozen=True, slots=True)
class NewTicket(Attempt, ABC):
    """One attempt at one new ticket. All that reads raises Unavailable."""

    @classmethod
    def of(cls, attempt: Attempt, **own: Any) -> Self:
        """The attempt as one at such a ticket, which is told by `own` fields."""
        return cls(**{one.name: getattr(attempt, one.name) for one in fields(Attempt)}, **own)

    @property
    @abstractmethod
    def made(self) -> str:
        """What is made, in the words of `store.crash_points`."""

    @abstractmethod
    def about(self) -> Mapping[str, Any] | Blocked:
        """What Zendesk shows of what the ticket is about, read now."""

    @abstractmethod
    def objection(self, about: Mapping[str, Any]) -> Outcome | None:
        """Whether it is still right to speak there: what is not owed any more does not come so far."""

    @abstractmethod
    def body(self, about: Mapping[str, Any]) -> str:
        """The bytes that every attempt sends: the key holds for exactly these."""

    @abstractmethod
    def may_be(self) -> Iterable[object]:
        """The ids of tickets that an earlier attempt may have made, besides those that its name finds."""

    def ticket(self, requester: object, subject: str, assignee: object, **more: object) -> str:
        """The ticket as it is sent: solved, with our words as its first comment."""
        made = {
            "requester_id": requester,
            "subject": subject.strip(),
            "comment": {"html_body": self.sending.html, "public": True},
            "external_id": self.sending.kept["external_id"],
            "metadata": marks.as_metadata(self.sending.mark),
            "status": "solved",
            "assignee_id": assignee,
            **more,
        }
        return json.dumps({"ticket": made}, ensure_ascii=False, sort_keys=True)


def create(new: NewTicket) -> Outcome:
    """Create the ticket, or find it. Raises Unavailable where nothing could be read."""
    kept = new.sending.kept.get("created_at")
    age = new.now - datetime.fromisoformat(kept) if kept else None
    goes_on = new.sending.still_owed and new.sending.may_write
    if age is not None and age < KEY_GOOD_FOR and goes_on:
        return _again(new)
    if found := _found(new):
        return found
    if age is not None and age < KEY_GONE_AFTER:
        # Nothing takes back a creation: what was sent may still arrive, and until then the key holds it.
        wait_s = (KEY_GONE_AFTER - age).total_seconds()
        text = "waiting until Zendesk has forgotten the key, then looking for the ticket"
        return Unknown(min(wait_s, new.settle_s) if age < KEY_GOOD_FOR else wait_s, text)
    reached(f"{new.made}.looked")
    if not new.sending.still_owed:
        new.keep({"created_at": None})
        return GivenUp("taken back: it was not true any more, or cancelled, before it was said")
    return _first(new)


def _first(new: NewTicket) -> Outcome:
    """Only what was sent by nobody so far, or is surely not in flight any more, comes here."""
    about = new.about()
    if isinstance(about, Blocked):
        return about
    if wrong := new.objection(about):
        new.keep({"created_at": None})
        return wrong
    if not new.sending.may_write:
        return NotYet(PAUSED_S, "the workspace is paused")
    body = new.body(about)
    key = "kithspark-" + hashlib.sha256(f"{body}|{new.now.isoformat()}".encode()).hexdigest()[:40]
    new.keep({"created_at": new.now.isoformat(), "body": body, "key": key})
    try:
        return _post(new, body, key)
    except Refused as refusal:
        if not refusal.whole_account or isinstance(refusal, Unauthorized):
            new.keep({"created_at": None})
        if refusal.whole_account:  # it waits until the account takes us again
            raise
        return Blocked(str(refusal))
    except Unavailable as trouble:
        if trouble.sent:
            return Unknown(AGAIN_S, str(trouble), tried=True)
        new.keep({"created_at": None})
        return NotYet(trouble.after_s, str(trouble))


def _again(new: NewTicket) -> Outcome:
    """The same bytes under the same key: they make nothing that an earlier attempt made."""
    try:
        return _post(new, new.sending.kept["body"], new.sending.kept["key"])
    except Refused as refusal:
        if refusal.whole_account:
            raise
        return _found(new) or Blocked(str(refusal))
    except Unavailable as trouble:
        first = datetime.fromisoformat(new.sending.kept["created_at"])
        waited_s = (new.now - first).total_seconds()
        return Unknown(trouble.after_s or max(AGAIN_S, waited_s), str(trouble))


def assignee(new: NewTicket, before: object = None) -> object:
    """Solved, a ticket does not land in anybody's queue; and it can only be solved with an assignee.

    Whoever had the ticket `before` may have left since: then it is ours. Raises Unavailable.
    """
    try:
        agent = new.client.user(before) if isinstance(before, int) else {}
    except NotFound:
        agent = {}
    if agent.get("role") in STAFF and agent.get("active") is not False and not agent.get("suspended"):
        return before
    ours = new.client.me().get("id")
    if ours is None:
        raise Unavailable("Zendesk did not say as whom we act. It is asked again later.")
    return ours


def _post(new: NewTicket, body: str, key: str) -> Outcome:
    """Raises Unavailable and Refused."""
    try:
        answer = new.client.create_ticket(body.encode(), idempotency_key=key)
    except Conflict:
        return Unknown(AGAIN_S, "Zendesk is still working on the same request")
    reached(f"{new.made}.answered")
    ident = answer["ticket"].get("id")
    if ident is None:
        return Unknown(AGAIN_S, "Zendesk answered a new ticket without its number")
    where = new.place(new.sending.place, str(ident))
    return Said(marks.with_mail(new.client, marks.receipt_of(answer["audit"], where), where))


def _found(new: NewTicket) -> Said | Blocked | None:
    """The ticket that an earlier attempt made, by its external id or among those that may be it.

    Where one of them is not shown, nobody can read whether it is the one: it is for a person to look there.
    """
    unseen = ""
    try:
        named = new.client.tickets_by_external_id(new.sending.kept["external_id"])
    except NotFound:
        named = []
    every = [str(one.get("id")) for one in named] + [str(one) for one in new.may_be()]
    for ident in dict.fromkeys(one for one in every if one.isascii() and one.isdigit()):
        try:
            audits = new.client.audits(ident)
        except NotFound:
            unseen = unseen or ident
            continue
        where = new.place(new.sending.place, ident)
        if said := marks.said_in(audits, new.sending.mark, where):
            return said
    in_doubt = new.sending.kept.get("created_at") is not None
    if unseen and in_doubt and (new.sending.still_owed or not new.settled):
        return Blocked(UNSEEN.format(unseen))
    return None
