"""What people do with notices, and how one is begun: everything before a socket opens.

How a sending ends is in `lineage/outbox.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, false, or_, select, text, update

from lineage import history, post_entries, restored
from lineage.drafting import drafts
from lineage.endings import count_unsaid
from lineage.errors import LineageError, Unknown
from lineage.facts import key_of, keys_in
from lineage.found_words import recall_owed
from lineage.marks import outcome_of, words_of
from lineage.outcomes import NOT_OVER, UNDER_WAY, notices, told
from lineage.planning import OUR_WORDING, plan
from lineage.tables import addresses, requests
from lineage.terms import Kind, Lane, PersonId
from lineage.votes import OWN_TICKET, vote_told_in
from lineage.world import World
from store import workspaces
from store.rows import find_row, update_rows
from store.workspaces import Workspace

IN_FLIGHT_S, PARKED_S, PAUSED_S = 5, 60, 60
"""How soon it is looked again whether another message has ended, a person has acted, a pause is over."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Exactly what goes out, fixed before the first attempt and the same at every further one."""

    notice: int
    workspace_id: int
    place: str
    text: str
    html: str
    language: str
    mark: tuple[str, ...]
    """One word per thing told: it names the installation, the person, the item, what happened and which
    time it happened; never a row. Found in a ticket's audits, it says that this was told there."""
    person_keys: tuple[str, ...]
    """The Zendesk user ids of the person who is owed this."""
    tried_places: tuple[str, ...]
    kept: Mapping[str, Any]
    """What earlier attempts left: frozen bytes, keys, stamps, when an outcome became unknown."""
    public: bool
    still_owed: bool
    """Whether everything that the frozen words say is still owed; if not, it is taken back."""
    may_write: bool = True
    """False while the workspace is paused: then it is only looked whether an earlier attempt arrived."""
    subject: str = ""
    """Of a ticket that is opened for a voter: the title of the post that they voted for."""


NOT_TRUE = "not said: it is not true any more"
FARTHEST = timedelta(days=366)


def approve(
    conn: Connection,
    workspace: Workspace,
    notice: int,
    *,
    digest: str,
    by: str,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Let a notice go out, with exactly the words and the recipient of `digest`; not before `at`, if given.
    What was approved for a later moment may be approved for another, or for now.

    Raises LineageError where it does not wait for approval or says something else by now.
    """
    row = _one(conn, workspace.id, notice)
    if at is not None and at > now + FARTHEST:
        raise LineageError("That is more than a year away: choose a moment before.")
    if row.state not in {"awaiting_approval", "held"} and not _scheduled(row, now):
        raise LineageError(f"Notice {notice} is {row.state}: there is nothing to approve.")
    if row.digest != digest:
        raise LineageError(
            f"Notice {notice} says something else by now: read it again and approve {notice}@{row.digest}."
        )
    later = at if at is not None and at > now else None
    values = {"state": "queued", "approved_digest": digest, "approved_by": by, "due_at": later or now}
    values |= {"not_before": later, "words_before": row.text}
    _set(conn, row, values | {"parked_at": None, "reason": "", "attempts": 0})
    when = {"not_before": later.isoformat()} if later else {}
    history.note_on(conn, row, "Approved", when, who=by, now=now)


def _scheduled(row: Row[Any], now: datetime) -> bool:
    return row.state == "queued" and row.not_before is not None and row.not_before > now


def cancel(conn: Connection, workspace: Workspace, notice: int, *, by: str, now: datetime) -> bool:
    """Do not tell this. It stays untold until it becomes true anew.

    False where it may have left: then it is taken back, unless it is found to have arrived. Raises
    LineageError if it was said.
    """
    row = _one(conn, workspace.id, notice)
    if row.state not in {"held", "awaiting_approval", "queued", "blocked", *UNDER_WAY}:
        raise LineageError(f"Notice {notice} is {row.state}: it cannot be cancelled any more.")
    doubt = row.state in UNDER_WAY and in_doubt(row)
    values: dict[str, Any] = {"settled_by": by, "reason": f"cancelled by {by}", "parked_at": None}
    if doubt:
        values |= {"due_at": now, "attempts": 0}
        if row.parked_at is not None:  # its reason asked to look whether it arrived
            values |= {"sending": {**row.sending, "looked": by}}
    else:
        values |= {"state": "cancelled", "due_at": None, "lease_until": None}
    _set(conn, row, values)
    _keep_corrections_back(conn, row, now)
    history.note_on(conn, row, "Cancelled", {"in_doubt": doubt}, who=by, now=now)
    return not doubt


dismiss = cancel
"""A correction that is dismissed leaves what was told standing: the item is not told again."""


def retry(conn: Connection, workspace: Workspace, notice: int, *, now: datetime, by: str = "") -> None:
    """Try a parked notice again at once. Raises LineageError where there is nothing to retry."""
    row = _one(conn, workspace.id, notice)
    if row.parked_at is None or row.state == "awaiting_approval":
        raise LineageError(f"Notice {notice} is {row.state}: there is nothing to try again.")
    history.note_on(conn, row, "Retried", {}, who=by, now=now)
    if row.state == "blocked" and not _approved(row):
        _set(conn, row, _WAITS_FOR_APPROVAL)
        return
    state = row.state if row.state in UNDER_WAY else "queued"
    _set(conn, row, {"state": state, "due_at": now, "parked_at": None, "reason": "", "attempts": 0})


def begin(conn: Connection, workspace: Workspace, notice: int, *, now: datetime) -> Sending | datetime | None:
    """Work out again what is owed, fix the words and the mark, and say `sending`; the caller commits.

    What may have been said already keeps its words: it is read back before anything else. None if there
    is nothing to send any more; a time if it is too early and when to come back. After a restore it is too
    early until what was said since the backup was read back.
    """
    row = _one(conn, workspace.id, notice)
    restore = restored.of(conn, workspace.id)
    if restore is not None and restore.finished_at is None:
        return now + timedelta(seconds=restored.HOLDS_S)
    if row.state in UNDER_WAY and in_doubt(row):
        return _sending(conn, workspace, row, still_owed=_still_owed(conn, workspace, row))
    if row.settled_by:  # cancelled in doubt; whoever found that nothing is in flight died over it
        _set(conn, row, {"state": "cancelled", "sending": None, "reason": f"cancelled by {row.settled_by}"})
        plan(conn, workspace, World(conn, workspace.id), [PersonId(row.person_id)], now=now)
        return None
    if workspace.policy.paused:
        return now + timedelta(seconds=PAUSED_S)
    if row.state in UNDER_WAY:  # whoever began it did not come so far as to write
        _set(conn, row, {"state": "queued"})
    row = _planned(conn, workspace, row, now)
    if restore is not None and row.state in {"held", "queued"} and recall_owed(conn, workspace, row):
        row = _planned(conn, workspace, row, now)
    return _leave(conn, workspace, row, now)


def _leave(conn: Connection, workspace: Workspace, row: Row[Any], now: datetime) -> Sending | datetime | None:
    """What is planned anew goes out, unless something stands against it."""
    if row.state not in {"held", "queued"}:
        return None
    if row.lane == "note" and not post_entries.holds(conn, workspace, row):
        _set(conn, row, {"state": "cancelled", "reason": NOT_TRUE})
        return None
    if not _approved(row):
        _set(conn, row, _WAITS_FOR_APPROVAL | {"parked_at": now})
        return None
    later: list[datetime] = [due for due in (row.not_before, row.due_at) if due is not None and due > now]
    if later:
        return max(later)
    if other := _in_flight(conn, row):
        _set(conn, row, {"reason": f"waits for notice {other.id}, of which nobody knows yet if it arrived"})
        return now + timedelta(seconds=IN_FLIGHT_S if other.parked_at is None else PARKED_S)
    return _fix(conn, workspace, row)


def _planned(conn: Connection, workspace: Workspace, row: Row[Any], now: datetime) -> Row[Any]:
    plan(conn, workspace, World(conn, workspace.id), [PersonId(row.person_id)], now=now)
    return _one(conn, workspace.id, row.id)


def _fix(conn: Connection, workspace: Workspace, row: Row[Any]) -> Sending:
    words = words_of(conn, row)
    mark = sorted(set(words))
    external_id = f"kithspark:{row.workspace_id}:{'-'.join(mark)}"[:250]
    kept = {"external_id": external_id, "outcome": outcome_of(conn, row), "words": words}
    kept |= what_stays(row) or {}
    places = [*row.tried_places, *([row.place] if row.place not in row.tried_places else [])]
    kept["wording"] = next((one for one in row.reason.split("; ") if one.startswith(OUR_WORDING)), "")
    values = {"state": "sending", "mark": mark, "tried_places": places, "sending": kept, "reason": ""}
    _set(conn, row, values)
    return _sending(conn, workspace, _one(conn, row.workspace_id, row.id), still_owed=True)


def in_doubt(row: Row[Any]) -> bool:
    """Whether something may have reached the place of which nobody knows: `keep` said so before a write."""
    kept = row.sending or {}
    return bool(kept.get("sent_at") or kept.get("created_at"))


def what_stays(row: Row[Any]) -> dict[str, Any] | None:
    """What is kept of an attempt that is over, whatever is said next, and where: that a person was warned."""
    return {name: value for name, value in (row.sending or {}).items() if name == "warned"} or None


def _approved(row: Row[Any]) -> bool:
    """Whether nothing stands against its leaving: an approval holds for exactly one digest."""
    unasked = row.lane != Lane.APPROVAL and row.edited_by is None
    return bool(unasked or row.approved_digest == row.digest)


_WAITS_FOR_APPROVAL = {
    "state": "awaiting_approval", "reason": "waits for a person's approval", "due_at": None,
}  # fmt: skip


def keep(conn: Connection, sending: Sending, kept: Mapping[str, Any]) -> None:
    """Remember what a further attempt must know, before anything is sent."""
    values = {"sending": {**sending.kept, **kept}}
    update_rows(conn, notices, values, workspace_id=sending.workspace_id, id=sending.notice)


def _in_flight(conn: Connection, row: Row[Any]) -> Row[int, datetime | None] | None:
    """Another message to this person or on this ticket that is on its way: never two at once."""
    same_ticket = notices.c.place == row.place
    if not row.place.startswith("zendesk:"):  # many are told by one entry on a forum post
        same_ticket = false()
    query = select(notices.c.id, notices.c.parked_at).where(
        notices.c.workspace_id == row.workspace_id,
        notices.c.id != row.id,
        text(NOT_OVER),
        notices.c.state.in_(UNDER_WAY),
        or_(notices.c.person_id == row.person_id, same_ticket),
    )
    return min(conn.execute(query).all(), key=lambda row: row.id, default=None)


def _still_owed(conn: Connection, workspace: Workspace, row: Row[Any]) -> bool:
    if row.settled_by:  # somebody cancelled it meanwhile
        return False
    if row.lane == "note":
        return post_entries.holds(conn, workspace, row)
    wanted = drafts(conn, workspace, World(conn, workspace.id), PersonId(row.person_id))
    owed = {key_of(fact) for draft in wanted if draft.state is None for fact in draft.facts}
    return set(keys_in(row.facts)) <= owed


def _sending(conn: Connection, workspace: Workspace, row: Row[Any], *, still_owed: bool) -> Sending:
    zendesk = (
        select(addresses.c.value)
        .where(addresses.c.workspace_id == row.workspace_id, addresses.c.person_id == row.person_id)
        .where(addresses.c.kind == "zendesk")
    )
    keys = tuple(found.value for found in conn.execute(zendesk))
    return Sending(
        row.id, row.workspace_id, row.place, row.text, row.html, row.language, tuple(row.mark or ()), keys,
        tuple(row.tried_places), row.sending or {}, row.lane != "note", still_owed,
        not workspace.policy.paused, _subject(conn, row),
    )  # fmt: skip


def _subject(conn: Connection, row: Row[Any]) -> str:
    if not row.place.startswith(f"{OWN_TICKET}:"):
        return ""
    vote = find_row(conn, requests, workspace_id=row.workspace_id, origin=vote_told_in(row.place))
    return vote.subject if vote else ""


def _keep_corrections_back(conn: Connection, row: Row[Any], now: datetime) -> None:
    taken_back = [fact["told"] for fact in row.facts if fact.get("kind") == Kind.CORRECTION]
    conn.execute(
        update(told)
        .where(told.c.workspace_id == row.workspace_id, told.c.id.in_(taken_back))
        .values(correction_dismissed_at=now)
    )


def _one(conn: Connection, workspace_id: int, notice: int) -> Row[Any]:
    workspaces.hold(conn, workspace_id)
    row = find_row(conn, notices, workspace_id=workspace_id, id=notice)
    if row is None:
        raise Unknown(f"There is no notice {notice}.")
    return row


def _set(conn: Connection, row: Row[Any], values: dict[str, Any]) -> None:
    count_unsaid(values.get("state"))
    update_rows(conn, notices, values, workspace_id=row.workspace_id, id=row.id)
