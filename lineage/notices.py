"""What people do with notices, and how one is begun: everything before a socket opens.

How a sending ends is in `lineage/outbox.py`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from lineage.drafting import drafts
from lineage.errors import LineageError, Unknown
from lineage.facts import key_of, keys_in
from lineage.outcomes import notices, told
from lineage.planning import plan
from lineage.tables import addresses
from lineage.terms import Kind, Lane, PersonId
from lineage.world import World
from store import installation
from store.workspaces import Workspace


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


def approve(
    conn: Connection, workspace: Workspace, notice: int, *, digest: str, by: str, now: datetime
) -> None:
    """Let a notice go out, with exactly the words and the recipient of `digest`.

    Raises LineageError where it does not wait for approval or says something else by now.
    """
    row = _one(conn, workspace.id, notice)
    if row.state not in {"awaiting_approval", "held"}:
        raise LineageError(f"Notice {notice} is {row.state}: there is nothing to approve.")
    if row.digest != digest:
        raise LineageError(
            f"Notice {notice} says something else by now: read it again and approve {notice}@{row.digest}."
        )
    values = {"state": "queued", "approved_digest": digest, "approved_by": by, "due_at": now}
    _set(conn, row, values | {"parked_at": None, "reason": "", "attempts": 0})


def cancel(conn: Connection, workspace: Workspace, notice: int, *, by: str, now: datetime) -> None:
    """Do not tell this. It stays untold until it becomes true anew. Raises LineageError if it has left."""
    row = _one(conn, workspace.id, notice)
    if row.state not in {"held", "awaiting_approval", "queued", "blocked"}:
        raise LineageError(f"Notice {notice} is {row.state}: it cannot be cancelled any more.")
    values = {"state": "cancelled", "settled_by": by, "reason": f"cancelled by {by}"}
    _set(conn, row, values | {"due_at": None, "parked_at": None, "lease_until": None})
    _keep_corrections_back(conn, row, now)


dismiss = cancel
"""A correction that is dismissed leaves what was told standing: the item is not told again."""


def retry(conn: Connection, workspace: Workspace, notice: int, *, now: datetime) -> None:
    """Try a blocked notice again at once. Raises LineageError where there is nothing to retry."""
    row = _one(conn, workspace.id, notice)
    if row.state != "blocked" and row.parked_at is None:
        raise LineageError(f"Notice {notice} is {row.state}: there is nothing to try again.")
    if row.lane == Lane.APPROVAL and row.state == "blocked" and row.approved_digest != row.digest:
        _set(conn, row, {"state": "awaiting_approval", "reason": "waits for a person's approval"})
        return
    state = row.state if row.state in {"unknown", "sending"} else "queued"
    _set(conn, row, {"state": state, "due_at": now, "parked_at": None, "reason": "", "attempts": 0})


def begin(conn: Connection, workspace: Workspace, notice: int, *, now: datetime) -> Sending | datetime | None:
    """Work out again what is owed, fix the words and the mark, and say `sending`; the caller commits.

    None if there is nothing to send any more; a time if it is too early and when to come back.
    """
    row = _one(conn, workspace.id, notice)
    if row.state in {"sending", "unknown"}:
        return _sending(conn, row, still_owed=_still_owed(conn, workspace, row))
    if workspace.policy.paused:
        return now + timedelta(minutes=1)
    plan(conn, workspace, World(conn, workspace.id), [PersonId(row.person_id)], now=now)
    row = _one(conn, workspace.id, notice)
    if row.state not in {"held", "queued"}:
        return None
    due: datetime | None = row.due_at
    if due is not None and due > now:
        return due
    if _in_flight(conn, row):
        return now + timedelta(seconds=5)
    places = [*row.tried_places, *([row.place] if row.place not in row.tried_places else [])]
    mark = _mark(conn, row)
    kept = {"external_id": f"kithspark:{row.workspace_id}:{'-'.join(mark)}"[:250], "outcome": _outcome(row)}
    values = {"state": "sending", "mark": mark, "tried_places": places, "sending": kept}
    _set(conn, row, values | {"reason": ""})
    return _sending(conn, _one(conn, workspace.id, notice), still_owed=True)


def keep(conn: Connection, sending: Sending, kept: Mapping[str, Any], *, state: str | None = None) -> None:
    """Remember what a further attempt must know, before anything is sent."""
    values: dict[str, Any] = {"sending": {**sending.kept, **kept}}
    if state:
        values["state"] = state
    conn.execute(
        update(notices)
        .where(notices.c.workspace_id == sending.workspace_id, notices.c.id == sending.notice)
        .values(values)
    )


def _in_flight(conn: Connection, row: Row[Any]) -> bool:
    """Whether another message to this person or this place is on its way: never two at once."""
    query = select(notices.c.id).where(
        notices.c.workspace_id == row.workspace_id,
        notices.c.id != row.id,
        notices.c.state.in_(("sending", "unknown")),
        or_(notices.c.person_id == row.person_id, notices.c.place == row.place),
    )
    return conn.execute(query.limit(1)).first() is not None


def _mark(conn: Connection, row: Row[Any]) -> list[str]:
    installed, who = installation.load(conn).id, _who(conn, row)
    if row.lane == "note":
        said = f"{installed}|{row.workspace_id}|{who}|note|{row.place}|{row.facts[0]['mark']}"
        return [hashlib.sha256(said.encode()).hexdigest()[:16]]
    words = set()
    for fact in row.facts:
        nth = _times_told(conn, row, fact) + 1
        what = Kind.CORRECTION if fact["kind"] == Kind.CORRECTION else fact["happened"]
        said = f"{installed}|{row.workspace_id}|{who}|{fact['item']}|{fact['own']}|{what}|{nth}"
        words.add(hashlib.sha256(said.encode()).hexdigest()[:16])
    return sorted(words)


def _outcome(row: Row[Any]) -> str:
    """What happened, whoever is told of it: a forum post gets one entry for it."""
    happened = sorted(f"{f.get('item')}|{f.get('own')}|{f.get('kind')}|{f.get('at')}" for f in row.facts)
    return hashlib.sha256("\n".join(happened).encode()).hexdigest()[:16]


def _who(conn: Connection, row: Row[Any]) -> str:
    """The person by what the outside knows them by, so that a mark outlives our database."""
    query = (
        select(addresses.c.kind, addresses.c.value)
        .where(addresses.c.workspace_id == row.workspace_id, addresses.c.person_id == row.person_id)
        .order_by(addresses.c.kind.desc(), addresses.c.value)
    )
    first = conn.execute(query.limit(1)).first()
    return f"{first.kind}:{first.value}" if first else f"person:{row.person_id}"


def _times_told(conn: Connection, row: Row[Any], fact: Mapping[str, Any]) -> int:
    query = select(func.max(told.c.nth)).where(
        told.c.workspace_id == row.workspace_id,
        told.c.person_id == row.person_id,
        told.c.item_id == fact["item"],
        told.c.happened == fact["happened"],
    )
    return conn.scalar(query) or 0


def _still_owed(conn: Connection, workspace: Workspace, row: Row[Any]) -> bool:
    if row.lane == "note":
        return True
    wanted = drafts(conn, workspace, World(conn, workspace.id), PersonId(row.person_id))
    owed = {key_of(fact) for draft in wanted if draft.state is None for fact in draft.facts}
    return set(keys_in(row.facts)) <= owed


def _sending(conn: Connection, row: Row[Any], *, still_owed: bool) -> Sending:
    zendesk = (
        select(addresses.c.value)
        .where(addresses.c.workspace_id == row.workspace_id, addresses.c.person_id == row.person_id)
        .where(addresses.c.kind == "zendesk")
    )
    keys = tuple(found.value for found in conn.execute(zendesk))
    return Sending(
        row.id, row.workspace_id, row.place, row.text, row.html, row.language, tuple(row.mark or ()), keys,
        tuple(row.tried_places), row.sending or {}, row.lane != "note", still_owed,
    )  # fmt: skip


def _keep_corrections_back(conn: Connection, row: Row[Any], now: datetime) -> None:
    taken_back = [fact["told"] for fact in row.facts if fact.get("kind") == Kind.CORRECTION]
    conn.execute(
        update(told)
        .where(told.c.workspace_id == row.workspace_id, told.c.id.in_(taken_back))
        .values(correction_dismissed_at=now)
    )


def _one(conn: Connection, workspace_id: int, notice: int) -> Row[Any]:
    row = conn.execute(
        select(notices).where(notices.c.workspace_id == workspace_id, notices.c.id == notice)
    ).first()
    if row is None:
        raise Unknown(f"There is no notice {notice}.")
    return row


def _set(conn: Connection, row: Row[Any], values: dict[str, Any]) -> None:
    conn.execute(
        update(notices)
        .where(notices.c.workspace_id == row.workspace_id, notices.c.id == row.id)
        .values(values)
    )
