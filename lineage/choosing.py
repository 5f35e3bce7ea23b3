"""The parts of split items that persons want, as rows: what an agent chose, and since when (rule 5).

Whoever wants all parts and never wanted fewer has no row. A row without parts is of somebody who wants all of
them again; `joined` then says which parts were wanted before.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from lineage.tables import choices
from lineage.terms import ItemId, PersonId
from lineage.wishes import EVERYTHING, Wish
from store.database import upsert


def wish_of(row: Row[Any]) -> Wish:
    """What a row of `choices` says."""
    since = {ItemId(part): datetime.fromisoformat(at) if at else None for part, at in row.joined.items()}
    if not row.parts:
        return Wish(None, frozenset(since.items()), row.chosen_at)
    parts = [ItemId(part) for part in row.parts]
    return Wish(frozenset(parts), frozenset((part, since.get(part)) for part in parts))


def known(conn: Connection, workspace_id: int, person: PersonId, item: ItemId) -> Wish:
    """What this person wants of this item."""
    here = (choices.c.person_id == person, choices.c.item_id == item)
    row = conn.execute(select(choices).where(choices.c.workspace_id == workspace_id, *here)).first()
    return wish_of(row) if row else EVERYTHING


def keep(
    conn: Connection,
    workspace_id: int,
    person: PersonId,
    item: ItemId,
    wish: Wish,
    *,
    by: str,
    at: datetime,
) -> None:
    """From now on this person wants this."""
    key = {"workspace_id": workspace_id, "person_id": person, "item_id": item}
    joined = {part: since.isoformat() if since else None for part, since in sorted(wish.joined)}
    said = {"parts": sorted(wish.parts or ()), "joined": joined, "chosen_by": by}
    upsert(conn, choices, list(key), key | said | {"chosen_at": wish.others_joined or at})
