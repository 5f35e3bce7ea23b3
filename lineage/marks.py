"""The mark of a message: one word for each thing told, which the ticket keeps and our database may lose.

A word names the installation, the person, the item, what happened and which time it happened; never a row.
Found in a ticket's audits, it says that this was told there, whoever remembers it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from lineage.outcomes import told
from lineage.tables import addresses
from lineage.terms import Kind
from store import installation


def words_of(conn: Connection, row: Row[Any]) -> list[str]:
    """One word for each fact of a notice that is about to be sent, in the order of its facts."""
    if row.lane == "note":
        return [_word(conn, row, "note", row.place, fact["mark"]) for fact in row.facts]
    words = []
    for fact in row.facts:
        what = Kind.CORRECTION if fact["kind"] == Kind.CORRECTION else fact["happened"]
        nth = _times_told(conn, row, fact) + 1
        words.append(_word(conn, row, fact["item"], fact["own"], what, nth))
    return words


def outcome_of(row: Row[Any]) -> str:
    """What happened, whoever is told of it: a forum post gets one entry for it."""
    happened = sorted(f"{f.get('item')}|{f.get('own')}|{f.get('kind')}|{f.get('at')}" for f in row.facts)
    return hashlib.sha256("\n".join(happened).encode()).hexdigest()[:16]


def _word(conn: Connection, row: Row[Any], *told_of: object) -> str:
    named = (installation.load(conn).id, row.workspace_id, _who(conn, row), *told_of)
    return hashlib.sha256("|".join(map(str, named)).encode()).hexdigest()[:16]


def _who(conn: Connection, row: Row[Any]) -> str:
    """The person by what the outside knows them by, so that a mark outlives our database."""
    query = select(addresses.c.kind, addresses.c.value).where(
        addresses.c.workspace_id == row.workspace_id, addresses.c.person_id == row.person_id
    )
    known = {f"{kind}:{value}" for kind, value in conn.execute(query)}
    accounts = [one for one in known if one.startswith("zendesk:")]
    return min(accounts or known, default=f"person:{row.person_id}")  # in Python: databases sort otherwise


def _times_told(conn: Connection, row: Row[Any], fact: Mapping[str, Any]) -> int:
    query = select(func.max(told.c.nth)).where(
        told.c.workspace_id == row.workspace_id,
        told.c.person_id == row.person_id,
        told.c.item_id == fact["item"],
        told.c.happened == fact["happened"],
    )
    return conn.scalar(query) or 0
