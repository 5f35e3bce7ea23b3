"""The send plan, kept: notices are brought in line with what is owed, in the transaction that changed it.

At most one live notice per person and lane, and in public per post. Nothing owed any more: cancelled. Other
words than those approved: approval is asked for again. Becoming true again starts the quiet period anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from lineage import editing
from lineage.batches import batched
from lineage.drafting import Draft, drafts_for, owed_to
from lineage.endings import count_unsaid
from lineage.facts import as_facts, key_of, keys_in, over
from lineage.news import Owed
from lineage.outcomes import LIVE, UNDER_WAY, UNSAID, notices
from lineage.person_news import hear, load_askers
from lineage.post_entries import as_entry
from lineage.terms import Lane, NoticeState, PersonId
from lineage.world import CHUNK, World
from store.rows import update_rows
from store.workspaces import Workspace

WAITS = "waits for a person's approval"
OUR_WORDING = "our own wording was used: "


def plan(
    conn: Connection, workspace: Workspace, world: World, persons: Iterable[PersonId], *, now: datetime
) -> None:
    """Bring the notices of these persons in line with what they are owed."""
    everybody = set(persons)
    kept_of = _notices_of(conn, workspace.id, everybody)
    heard = hear(conn, workspace.id, world, everybody)
    concerned = {
        person
        for person in everybody
        if person in kept_of or owed_to(workspace, world, person, heard.get(person, []))
    }
    for asker in load_askers(conn, workspace.id, concerned, heard):
        kept = kept_of.get(asker.person.id, [])
        spoken, owed = dealt_with(kept), set[tuple[Any, ...]]()

        def set_aside(
            fact: Owed, spoken: set[tuple[Any, ...]] = spoken, owed: set[tuple[Any, ...]] = owed
        ) -> bool:
            owed.add(key_of(fact))
            return key_of(fact) in spoken

        wanted = drafts_for(workspace, world, asker, set_aside)
        for row in kept:
            if _decided(row) and (facts := over(row.facts, owed=owed)) != row.facts:
                _set(conn, row, {"facts": facts})
        for lane in Lane:
            live = [row for row in kept if row.lane == lane and row.state in LIVE]
            for before, draft in _paired(live, [draft for draft in wanted if draft.lane is lane]):
                _bring_in_line(conn, workspace, before, draft, now)


def _notices_of(
    conn: Connection, workspace_id: int, everybody: Collection[PersonId]
) -> dict[PersonId, list[Row[Any]]]:
    found: dict[PersonId, list[Row[Any]]] = defaultdict(list)
    for chunk in batched(everybody, CHUNK):
        rows = conn.execute(_NOTICES, {"workspace": workspace_id, "persons": chunk}).all()
        for row in sorted(rows, key=lambda row: row.id):  # asked to sort, SQLite would read all there are
            found[row.person_id].append(row)
    return found


_NOTICES = (
    select(notices)
    .where(notices.c.workspace_id == bindparam("workspace"), notices.c.lane != "note")
    .where(notices.c.person_id.in_(bindparam("persons", expanding=True)))
    .where(notices.c.state.in_((*LIVE, *UNDER_WAY, *UNSAID)))
)


_INSERT = insert(notices)


def dealt_with(kept: Iterable[Row[Any]]) -> set[tuple[Any, ...]]:
    """What is being said this moment, or what a person or a rule decided not to say."""
    return {key for row in kept if row.state in UNDER_WAY or _decided(row) for key in keys_in(row.facts)}


def _decided(row: Row[Any]) -> bool:
    """Whether it was decided not to say this, for as long as it stays true without a break."""
    return bool(row.state == "skipped" or (row.state == "cancelled" and row.settled_by))


def _paired(
    live: Sequence[Row[Any]], wanted: Sequence[Draft]
) -> Iterator[tuple[Row[Any] | None, Draft | str]]:
    """Each message that waits with what it is to say, or why it says nothing; the same places first."""
    left = list(live)
    moved = []
    for draft in wanted:
        here = next((row for row in left if row.place == draft.place), None)
        if here is None:
            moved.append(draft)
            continue
        left.remove(here)
        yield here, draft
    for draft in moved:
        yield (left.pop(0) if left else None), draft
    for row in left:  # of somebody who turned out to be the same person, or of another post
        yield row, "told in another message" if wanted else "nothing is owed any more"


def _bring_in_line(
    conn: Connection, workspace: Workspace, live: Row[Any] | None, draft: Draft | str, now: datetime
) -> None:
    if isinstance(draft, str):
        assert live is not None
        _set(conn, live, {"state": "cancelled", "reason": draft, **_FINAL})
        return
    values = _words(draft) | {"entry": as_entry(conn, workspace.id, draft.entry)}
    if live is not None and (reason := reason_of(draft, live.reason)) != live.reason:
        values["reason"] = reason
    if live is not None and live.edited_by is not None:
        values |= _edited(workspace, live, draft, now)
    elif live is None or _starts_anew(live, draft, draft.digest):
        values |= _start(workspace, draft, now, live)
    elif live.state == NoticeState.HELD and _says_more(live, draft):
        values["due_at"] = _quiet_until(workspace, live, now)
    if live is None:
        person = {"workspace_id": workspace.id, "person_id": draft.person.id, "lane": draft.lane.value}
        count_unsaid(values.get("state"))
        conn.execute(_INSERT, person | {"created_at": now, "tried_places": []} | values)
    elif any(getattr(live, name) != value for name, value in values.items() if name not in _DATES):
        _set(conn, live, values)


def _edited(workspace: Workspace, live: Row[Any], draft: Draft, now: datetime) -> dict[str, Any]:
    """What becomes of a message that says a person's words. Where it cannot be said now they are kept, and a
    person is asked again once it can.
    """
    if draft.state is NoticeState.SKIPPED:
        return _start(workspace, draft, now, live)
    words = {"text": live.text, "html": live.html}
    if draft.state is not None:
        return words | _start(workspace, draft, now, live)
    if not editing.kept(live, draft.digest):
        return editing.fallen(live, now)
    digest = editing.digest_of(live, live.text, place=draft.place)
    anew = editing.waits(now) if _starts_anew(live, draft, digest) else {}
    return words | {"digest": digest} | anew


def _starts_anew(live: Row[Any], draft: Draft, digest: str) -> bool:
    """Whether a notice that waits already begins to wait again: it may go now, or not as it was approved.
    `digest`: of the words that it has from now on.
    """
    if draft.state is not None:
        return True
    if live.state == NoticeState.BLOCKED:
        return bool(live.digest != digest)
    if live.state == NoticeState.QUEUED and live.approved_digest is None:
        return _says_more(live, draft)  # it was due, but could not leave yet
    return bool(live.state == NoticeState.QUEUED and live.digest != digest)


def _says_more(live: Row[Any], draft: Draft) -> bool:
    """Whether something joined what waits: nothing leaves before it was true for a whole quiet period."""
    known = {(fact["ask"], fact["item"], fact["happened"], fact["at"]) for fact in live.facts}
    fresh = as_facts(draft.facts, draft.promised)
    return any((fact["ask"], fact["item"], fact["happened"], fact["at"]) not in known for fact in fresh)


_FINAL = {"due_at": None, "parked_at": None, "lease_until": None}
_DATES = _FINAL.keys()


def _words(draft: Draft) -> dict[str, Any]:
    written = draft.written
    return {
        "kind": draft.kind.value,
        "facts": as_facts(draft.facts, draft.promised),
        "place": draft.place,
        "language": draft.language,
        "text": written.text if written else "",
        "html": written.html if written else "",
        "digest": draft.digest,
    }


def reason_of(draft: Draft, reason: str) -> str:
    """The reason that a notice has, with why the operator's own wording was not used, if it was not."""
    others = [one for one in reason.split("; ") if one and not one.startswith(OUR_WORDING)]
    trouble = draft.written.trouble if draft.written else ""
    return "; ".join([*others, *([OUR_WORDING + trouble.replace("; ", ", ")] if trouble else [])])


def _start(workspace: Workspace, draft: Draft, now: datetime, live: Row[Any] | None) -> dict[str, Any]:
    """The state in which a draft begins to wait, and until when."""
    if draft.state is NoticeState.SKIPPED:
        return {"state": "skipped", "reason": draft.reason, **_FINAL}
    if draft.state is not None:
        return {"state": draft.state.value, "reason": draft.reason, **_FINAL, "parked_at": now}
    if draft.lane is Lane.APPROVAL:
        waits = {"state": "awaiting_approval", **_FINAL}
        waits["reason"] = reason_of(draft, WAITS)
        return waits | {"parked_at": now, "approved_digest": None, "approved_by": None, "not_before": None}
    due = _quiet_until(workspace, live, now)
    return {"state": "held", "reason": reason_of(draft, ""), "due_at": due, "parked_at": None, "attempts": 0}


def _quiet_until(workspace: Workspace, live: Row[Any] | None, now: datetime) -> datetime:
    """What goes out by itself does so after the quiet period, and not before the moment that was set."""
    quiet = now + timedelta(seconds=workspace.policy.hold_s)
    return quiet if live is None or live.not_before is None else max(quiet, live.not_before)


def _set(conn: Connection, row: Row[Any], values: dict[str, Any]) -> None:
    count_unsaid(values.get("state"))
    update_rows(conn, notices, values, workspace_id=row.workspace_id, id=row.id)
