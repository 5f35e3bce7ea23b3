"""How a sending ends, and what that means: told, unknown, blocked, or to be planned again."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from lineage import history, telling
from lineage.endings import count_unsaid
from lineage.forgetting import WORDLESS, is_for_forgotten
from lineage.notices import in_doubt, what_stays
from lineage.outcomes import UNDER_WAY, notices
from lineage.person_news import requests_of
from lineage.planning import plan
from lineage.post_entries import say_to_everybody
from lineage.tables import items
from lineage.terms import AskId, PersonId
from lineage.votes import OWN_TICKET
from lineage.wording import note
from lineage.world import World
from store.pace import Paced
from store.waiting import Claimed, Shelf
from store.workspaces import Workspace

REPLIES_A_MINUTE = 60.0
"""To one helpdesk, until its answers say what it bears: 60 % of 100, for agents need the rest."""

_TO_THE_HELPDESK = notices.c.place.startswith("zendesk:")
PACED = Paced(
    "zendesk",
    _TO_THE_HELPDESK,
    and_(_TO_THE_HELPDESK, notices.c.state.not_in(UNDER_WAY), notices.c.lease_until.is_(None)),
    REPLIES_A_MINUTE,
)
"""What may have gone out already takes no slot: it is read back first. What a worker that died had claimed
has its slot already."""

SHELF = Shelf("notices", notices, paced=PACED)


def has_a_slot(claimed: Claimed) -> bool:
    """Whether a slot was taken for it, maybe by a worker that died over it, and nothing was written yet."""
    row, kept = claimed.row, claimed.row["sending"] or {}
    began_to_write = row["state"] in UNDER_WAY and (kept.get("sent_at") or kept.get("created_at"))
    return row["place"].startswith("zendesk:") and not began_to_write


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a message stands where it was to go. `mailed`: whether the vendor mailed the person."""

    place: str
    audit_id: str = ""
    comment_id: str = ""
    ticket: str = ""
    """The ticket that now is the address for replies; for a follow-up, the new one."""
    mailed: bool | None = None
    """None where the place mails nobody (the forum)."""

    @property
    def state(self) -> str:
        """What a notice is once it stands there."""
        return "posted_not_emailed" if self.mailed is False else "confirmed"

    @property
    def where(self) -> str:
        """Where it can be read: a ticket that was opened to tell it is a ticket like others from then on."""
        opened = self.place.startswith(f"{OWN_TICKET}:") and self.ticket
        return f"zendesk:ticket:{self.ticket}" if opened else self.place


def confirm(
    conn: Connection,
    workspace: Workspace,
    claimed: Claimed,
    receipt: Receipt,
    *,
    now: datetime,
    words: Collection[str] = (),
) -> bool:
    """It was said: the person is told, and nothing says it again. False if the row is not ours any more.

    `words` of the mark: those that were found, where not all of it was said; what is left stays owed.
    """
    row = _row(conn, claimed)
    if row is None or not SHELF.done(conn, claimed):
        return False
    _confirmed(conn, workspace, row, receipt, words=words, now=now)
    return True


def found(
    conn: Connection,
    workspace: Workspace,
    row: Row[Any],
    receipt: Receipt,
    *,
    words: Collection[str],
    now: datetime,
) -> None:
    """The same for a notice in doubt that was read back after a restore: whoever held it holds it no more."""
    ended = {"due_at": None, "lease_until": None, "parked_at": None, "fence": row.fence + 1}
    conn.execute(update(notices).where(notices.c.id == row.id).values(ended))
    _confirmed(conn, workspace, row, receipt, words=words, now=now)


def _confirmed(
    conn: Connection,
    workspace: Workspace,
    row: Row[Any],
    receipt: Receipt,
    *,
    words: Collection[str],
    now: datetime,
) -> None:
    state = receipt.state
    facts = _found(row, words)
    values = {"state": state, "sent_at": now, "receipt": asdict(receipt), "reason": _warning(state, row)}
    conn.execute(update(notices).where(notices.c.id == row.id).values(facts=facts, **values))
    _forget(conn, row)
    if row.lane == "note":
        return
    person = PersonId(row.person_id)
    telling.tell(conn, workspace.id, person, facts, place=receipt.where, now=now, notice=row.id)
    told_where = {"place": receipt.where, "approved_by": row.approved_by, "mailed": receipt.mailed}
    history.note_on(conn, row, "Told", told_where, who="", now=now, facts=facts)
    place, ticket = receipt.place, receipt.ticket
    telling.answer_here_from_now_on(conn, workspace.id, person, facts, place=place, ticket=ticket)
    say_to_everybody(conn, row, now=now)
    _note_elsewhere(conn, workspace, row, receipt, now)
    _plan(conn, workspace, row, now)


def early(conn: Connection, claimed: Claimed, *, until: datetime) -> bool:
    """It may not begin yet; its state and its reason stay what they are."""
    return _end(conn, claimed, {"due_at": until, "lease_until": None, "attempts": claimed.attempts - 1})


def settled(conn: Connection, claimed: Claimed) -> bool:
    """There was nothing to send: planning has ended this notice, or made it wait for a person."""
    return _end(conn, claimed, {"due_at": None, "lease_until": None})


def unknown(
    conn: Connection, claimed: Claimed, *, until: datetime, reason: str, counts: bool = False
) -> bool:
    """Nobody knows whether it was said. It rests, and is read back before anything is written again."""
    _end(conn, claimed, {"state": "unknown"})
    return SHELF.later(conn, claimed, at=until, reason=reason, counts=counts)


def wait(
    conn: Connection,
    workspace: Workspace,
    claimed: Claimed,
    *,
    until: datetime,
    reason: str,
    now: datetime,
    counts: bool = False,
) -> bool:
    """Nothing was written. If nothing ever was, it is planned as if it had never begun; else it stays."""
    row = _row(conn, claimed)
    if row is None or _settled_meanwhile(conn, row):
        return _cancel(conn, claimed, reason)
    doubtful = in_doubt(row)
    _end(conn, claimed, {"state": "unknown"} if doubtful else {"state": "queued", "sending": what_stays(row)})
    held = SHELF.later(conn, claimed, at=until, reason=reason, counts=counts)
    if held and not doubtful:
        _plan(conn, workspace, row, now)  # what happened while it was on its way was put off until now
    return held


def plan_again(
    conn: Connection, workspace: Workspace, claimed: Claimed, *, at: datetime, reason: str, now: datetime
) -> bool:
    """Nothing was written and nothing will be: the place changed, so it is planned anew, due at `at`.

    A note is for its place or for none.
    """
    row = _row(conn, claimed)
    if row is None or row.lane == "note" or row.settled_by:
        return _cancel(conn, claimed, reason)
    _end(conn, claimed, {"state": "queued", "sending": what_stays(row)})
    SHELF.later(conn, claimed, at=at, reason=reason)
    _plan(conn, workspace, row, now)
    return True


def block(conn: Connection, workspace: Workspace, claimed: Claimed, *, reason: str, now: datetime) -> bool:
    """It cannot be said there. It stays visible with the reason, for a person.

    What may have been said stays unknown, so that nothing says it anew before it was read back.
    """
    row = _row(conn, claimed)
    if row is None or _settled_meanwhile(conn, row):
        return _cancel(conn, claimed, reason)
    doubtful = in_doubt(row)
    _end(conn, claimed, {"state": "unknown" if doubtful else "blocked"})
    held = SHELF.park(conn, claimed, reason=reason, now=now)
    if held and not doubtful:
        _plan(conn, workspace, row, now)
    return held


def withdraw(conn: Connection, workspace: Workspace, claimed: Claimed, *, reason: str, now: datetime) -> bool:
    """It was given up for good: nothing is in flight any more."""
    row = _row(conn, claimed)
    if row is None or not _cancel(conn, claimed, reason):
        return False
    _plan(conn, workspace, row, now)
    return True


def _settled_meanwhile(conn: Connection, row: Row[Any]) -> bool:
    """Whether somebody cancelled it, or it is for somebody who was forgotten, and nothing was said."""
    if in_doubt(row):
        return False
    return bool(row.settled_by) or is_for_forgotten(conn, row)


def _cancel(conn: Connection, claimed: Claimed, reason: str) -> bool:
    values = {"due_at": None, "parked_at": None, "lease_until": None, "sending": None}
    row = _row(conn, claimed)
    ended = _end(conn, claimed, {"state": "cancelled", "reason": reason, **values})
    if row is not None and ended:
        count_unsaid("cancelled")
        _forget(conn, row)
    return ended


def _forget(conn: Connection, row: Row[Any]) -> None:
    """Its fate is known: for somebody who was to be forgotten meanwhile, no text has to be kept any more."""
    if is_for_forgotten(conn, row):
        conn.execute(update(notices).where(notices.c.id == row.id).values(WORDLESS))


def _plan(conn: Connection, workspace: Workspace, row: Row[Any], now: datetime) -> None:
    plan(conn, workspace, World(conn, workspace.id), [PersonId(row.person_id)], now=now)


def _found(row: Row[Any], words: Collection[str]) -> list[dict[str, Any]]:
    """The facts that were told: those whose word was found; all of them where all was said at once."""
    each = (row.sending or {}).get("words", ())
    if row.lane == "note" or not words or set(each) <= set(words):
        return list(row.facts)
    return [fact for fact, word in zip(row.facts, each, strict=True) if word in words]


def _warning(state: str, row: Row[Any]) -> str:
    """What an operator should know of a message that arrived."""
    unmailed = "posted, but no trigger of your Zendesk mailed the requester: check its notification triggers"
    worded = (row.sending or {}).get("wording", "")
    return "; ".join(filter(None, (unmailed if state == "posted_not_emailed" else "", worded)))


def _row(conn: Connection, claimed: Claimed) -> Row[Any] | None:
    return conn.execute(select(notices).where(SHELF.held(claimed))).first()


def _end(conn: Connection, claimed: Claimed, values: Mapping[str, Any]) -> bool:
    return conn.execute(update(notices).where(SHELF.held(claimed)).values(values)).rowcount == 1


def _note_elsewhere(
    conn: Connection, workspace: Workspace, row: Row[Any], receipt: Receipt, now: datetime
) -> None:
    """The person's other open tickets among those asks get an internal note: where they were told."""
    spoken_for = requests_of(conn, workspace.id, {AskId(fact["ask"]) for fact in row.facts})
    told_here = {receipt.where, f"zendesk:ticket:{receipt.ticket}"}
    others = {
        request.reply_to
        for request in spoken_for
        if request.reply_to.startswith("zendesk:ticket:")
        and request.reply_to not in told_here
        and request.reply_to_person_id == row.person_id
        and request.reply_state not in {"closed", "deleted"}
    }
    named = {fact["item"] for fact in row.facts}
    keys = select(items.c.key).where(items.c.workspace_id == workspace.id, items.c.id.in_(named))
    spoken = workspace.policy.notes_in
    text = note(told_where=receipt.where, titles=sorted(conn.scalars(keys)), language=spoken)
    for place in sorted(others):
        values = {
            "workspace_id": workspace.id, "person_id": row.person_id, "lane": "note", "kind": "note",
            "state": "queued", "facts": [{"mark": "|".join(row.mark), "notice": row.id, "item": ""}],
            "place": place, "language": spoken, "text": text, "html": "", "digest": "",
            "created_at": now, "tried_places": [], "due_at": now,
        }  # fmt: skip
        conn.execute(insert(notices).values(values))
