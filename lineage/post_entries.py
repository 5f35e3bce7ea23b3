"""What a post of Zendesk's community says to everybody, where its voters are told in tickets of their own.

Once for each outcome: with the first ticket that tells it. It is written as an internal note is, by the same
protocol, in words that were planned, shown and approved with the message to that voter.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Row, String, Table, insert, select

from lineage.drafting import Entry
from lineage.facts import as_facts
from lineage.marks import outcome
from lineage.outcomes import notices
from lineage.tables import workspace_column
from store.database import metadata, upsert
from store.rows import find_row

post_entries = Table(
    "post_entries",
    metadata,
    workspace_column(primary_key=True),
    Column("place", String(120), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("notice_id", BigInteger, nullable=False),
)
"""Which message says an outcome on a post."""
OVER = ("cancelled", "skipped")


def as_entry(entry: Entry | None) -> dict[str, str] | None:
    """As a notice keeps it."""
    if entry is None:
        return None
    words = entry.written
    return {
        "place": entry.place, "language": words.language, "text": words.text, "html": words.html,
        "outcome": outcome(as_facts(entry.facts, ())),
    }  # fmt: skip


def say_to_everybody(conn: Connection, told: Row[Any], *, now: datetime) -> None:
    """`told`: the notice of a voter, which was said. Nothing where the post says it, or is about to."""
    if not told.entry:
        return
    key = {"workspace_id": told.workspace_id, "place": told.entry["place"], "outcome": told.entry["outcome"]}
    before = find_row(conn, post_entries, **key)
    if before is not None and not _is_over(conn, told.workspace_id, before.notice_id):
        return
    values = {
        "workspace_id": told.workspace_id, "person_id": told.person_id, "lane": "note", "kind": "note",
        "state": "queued", "facts": [{"mark": key["outcome"], "outcome": key["outcome"], "item": ""}],
        "place": key["place"], "language": told.entry["language"], "text": told.entry["text"],
        "html": told.entry["html"], "digest": "", "created_at": now, "tried_places": [], "due_at": now,
    }  # fmt: skip
    made = conn.scalar(insert(notices).values(values).returning(notices.c.id))
    upsert(conn, post_entries, list(key), {**key, "notice_id": made})


def _is_over(conn: Connection, workspace_id: int, notice: int) -> bool:
    state = select(notices.c.state).where(notices.c.workspace_id == workspace_id, notices.c.id == notice)
    return conn.scalar(state) in (None, *OVER)
