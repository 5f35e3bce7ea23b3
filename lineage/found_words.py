"""Words of marks that were read back after a restore and fit nothing yet: they fit when the same is owed.

A ticket that was linked after the backup is unknown until an agent links it once more; an issue, until it
is read. What is then about to be said may have been said.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from lineage import history
from lineage.marks import words_of
from lineage.outcomes import found_words, told, told_asks
from lineage.tables import asks, requests
from lineage.telling import tell
from lineage.terms import Kind, PersonId
from store.database import insert_or_ignore
from store.rows import find_rows
from store.workspaces import Workspace


def recall_owed(conn: Connection, workspace: Workspace, notice: Row[Any]) -> bool:
    """Whether a part of what is about to be said was read back after a restore; that part is told then."""
    if notice.lane == "note":
        return False
    there = _told_there(conn, workspace, notice)
    return _fits_now(conn, workspace, notice) or there


def _fits_now(conn: Connection, workspace: Workspace, notice: Row[Any]) -> bool:
    words = words_of(conn, notice)
    here = (found_words.c.workspace_id == workspace.id, found_words.c.word.in_(words))
    found = {row.word: row for row in conn.execute(select(found_words).where(*here))}
    if not found:
        return False
    facts = [fact for fact, one in zip(notice.facts, words, strict=True) if one in found]
    first = min(found.values(), key=lambda row: (row.at, row.word))
    person = PersonId(notice.person_id)
    tell(conn, workspace.id, person, facts, place=first.place, now=first.at)
    note_recalled(conn, workspace, person, facts, first.place, at=first.at)
    conn.execute(delete(found_words).where(*here))
    return True


def _told_there(conn: Connection, workspace: Workspace, notice: Row[Any]) -> bool:
    """What stands on the very ticket of a request that is linked once more speaks for that request, too."""
    recalled = {
        (row.item_id, row.own, row.happened, row.place): row.id
        for row in find_rows(conn, told, workspace_id=workspace.id, person_id=notice.person_id)
        if row.notice_id is None and row.retracted_at is None
    }
    if not recalled:
        return False
    wanted = {fact["ask"] for fact in notice.facts}
    query = select(asks.c.id, requests.c.origin, requests.c.reply_to)
    query = query.join(requests, requests.c.id == asks.c.request_id).where(
        asks.c.workspace_id == workspace.id, asks.c.id.in_(wanted)
    )
    places = {row.id: {row.origin, row.reply_to} for row in conn.execute(query)}
    spoke = [
        insert_or_ignore(conn, told_asks, {
            "workspace_id": workspace.id, "told_id": ident, "ask_id": fact["ask"], "promised": False,
        })
        for fact in notice.facts
        for place in sorted(places.get(fact["ask"], ()))
        if fact["kind"] != Kind.CORRECTION
        and (ident := recalled.get((fact["item"], fact["own"], fact["happened"], place)))
    ]  # fmt: skip
    return any(spoke)


def note_recalled(
    conn: Connection,
    workspace: Workspace,
    person: PersonId,
    facts: Sequence[Mapping[str, Any]],
    place: str,
    *,
    at: datetime,
) -> None:
    """The history says where it was told, and that the ticket is what we know it from."""
    about = {history.About("person", str(person))}
    about |= {history.About("asked", str(fact["item"])) for fact in facts}
    named = [{name: fact[name] for name in ("item", "happened", "kind")} for fact in facts]
    history.note(
        conn, workspace.id, "Recalled", {"person": person, "facts": named, "place": place},
        cause=f"recalled:{person}:{place}:{at.isoformat()}", who="", now=at, about=about,
    )  # fmt: skip
