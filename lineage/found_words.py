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
from lineage.outcomes import found_words
from lineage.telling import tell
from lineage.terms import PersonId
from store.workspaces import Workspace


def recall_owed(conn: Connection, workspace: Workspace, notice: Row[Any]) -> bool:
    """Whether a part of what is about to be said was read back after a restore; that part is told then."""
    if notice.lane == "note":
        return False
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
