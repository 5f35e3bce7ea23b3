"""What a post of Zendesk's community says to everybody, where its voters are told in tickets of their own.

Once for each outcome: with the first ticket that tells it. It is written as an internal note is, by the same
protocol, in words that were planned, shown and approved with the message to that voter; as long as they are
true. What never came to stand there is not taken back there either.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Row, String, Table, insert, select

from lineage.drafting import Entry, drafts
from lineage.facts import as_facts
from lineage.marks import outcome
from lineage.outcomes import UNSAID, notices, told
from lineage.tables import workspace_column
from lineage.terms import Kind, PersonId
from lineage.world import World
from store.database import metadata, upsert
from store.rows import find_row, find_rows
from store.workspaces import Workspace

post_entries = Table(
    "post_entries",
    metadata,
    workspace_column(primary_key=True),
    Column("place", String(120), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("notice_id", BigInteger, nullable=False),
)
"""Which message says an outcome on a post."""


def as_entry(conn: Connection, workspace_id: int, entry: Entry | None) -> dict[str, str] | None:
    """As a notice keeps it."""
    if entry is None:
        return None
    words = entry.written
    return {
        "place": entry.place, "language": words.language, "text": words.text, "html": words.html,
        "outcome": outcome(conn, workspace_id, as_facts(entry.facts, ())),
    }  # fmt: skip


def say_to_everybody(conn: Connection, notice: Row[Any], *, now: datetime) -> None:
    """`notice`: that of a voter, which was said. Nothing where the post says it, or is about to."""
    if not notice.entry or not _needs_saying(conn, notice):
        return
    key = {
        "workspace_id": notice.workspace_id,
        "place": notice.entry["place"],
        "outcome": notice.entry["outcome"],
    }
    before = find_row(conn, post_entries, **key)
    if before is not None and not _is_over(conn, notice.workspace_id, before.notice_id):
        return
    fact = {"mark": key["outcome"], "outcome": key["outcome"], "item": "", "with": notice.id}
    values = {
        "workspace_id": notice.workspace_id, "person_id": notice.person_id, "lane": "note", "kind": "note",
        "state": "queued", "facts": [fact], "place": key["place"], "language": notice.entry["language"],
        "text": notice.entry["text"], "html": notice.entry["html"], "digest": "", "created_at": now,
        "tried_places": [], "due_at": now,
    }  # fmt: skip
    made = conn.scalar(insert(notices).values(values).returning(notices.c.id))
    upsert(conn, post_entries, list(key), {**key, "notice_id": made})


def _is_over(conn: Connection, workspace_id: int, notice: int) -> bool:
    state = select(notices.c.state).where(notices.c.workspace_id == workspace_id, notices.c.id == notice)
    return conn.scalar(state) in (None, *UNSAID)


def holds(conn: Connection, workspace: Workspace, note: Row[Any]) -> bool:
    """Whether what this note says is as true as when its voter was told; a note on a ticket always is."""
    told_with = next((fact["with"] for fact in note.facts if "with" in fact), None)
    if told_with is None:
        return True
    those = find_rows(
        conn, told, workspace_id=note.workspace_id, person_id=note.person_id, notice_id=told_with
    )
    if any(row.retracted_at is not None for row in those):
        return False
    wanted = drafts(conn, workspace, World(conn, workspace.id), PersonId(note.person_id))
    taken_back = {fact.told for draft in wanted for fact in draft.facts if fact.kind is Kind.CORRECTION}
    return taken_back.isdisjoint(row.id for row in those)


def _needs_saying(conn: Connection, notice: Row[Any]) -> bool:
    """Not where all that it does is to take back what never came to stand on the post."""
    taken_back = {fact["told"] for fact in notice.facts if fact["kind"] == Kind.CORRECTION}
    if len(taken_back) < len(notice.facts):
        return True
    here = (told.c.workspace_id == notice.workspace_id, told.c.id.in_(taken_back))
    same = (notices.c.workspace_id == told.c.workspace_id) & (notices.c.id == told.c.notice_id)
    query = select(notices.c.place, notices.c.entry).select_from(notices.join(told, same)).where(*here)
    return any(_stands(conn, notice, row.place, row.entry) for row in conn.execute(query))


def _stands(conn: Connection, notice: Row[Any], place: str, entry: dict[str, str] | None) -> bool:
    post = notice.entry["place"]
    if entry is None or entry["place"] != post:
        return bool(place == post)
    key = {"workspace_id": notice.workspace_id, "place": post, "outcome": entry["outcome"]}
    said = find_row(conn, post_entries, **key)
    return said is not None and not _is_over(conn, notice.workspace_id, said.notice_id)
