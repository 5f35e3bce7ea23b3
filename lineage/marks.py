"""The mark of a message: one word for each thing told, which the ticket keeps and our database may lose.

A word names the installation, the person, the item, what happened and which time it happened; never a row.
Found in a ticket's audits, it says that this was told there, whoever remembers it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from lineage.outcomes import told
from lineage.tables import addresses
from lineage.terms import Kind, PersonId
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


def outcome_of(conn: Connection, row: Row[Any]) -> str:
    """What happened, whoever is told of it: a forum post gets one entry for it."""
    return next((fact["outcome"] for fact in row.facts if "outcome" in fact), None) or outcome(
        conn, row.workspace_id, row.facts
    )


def outcome(conn: Connection, workspace_id: int, facts: Iterable[Mapping[str, Any]]) -> str:
    happened = sorted(
        f"{f.get('item')}|{f.get('own')}|{f.get('kind')}|{_when(conn, workspace_id, f)}" for f in facts
    )
    return hashlib.sha256("\n".join(happened).encode()).hexdigest()[:16]


def _when(conn: Connection, workspace_id: int, fact: Mapping[str, Any]) -> object:
    """By Jira's time. A correction takes back the last time that anybody was told of: one entry puts it right
    for all, and what is taken back again later is another.
    """
    if fact.get("kind") != Kind.CORRECTION:
        return fact.get("at")
    same = {"workspace_id": workspace_id, "item": fact["item"], "own": fact["own"], "what": fact["happened"]}
    return conn.scalar(_LAST_TOLD, same)


_LAST_TOLD = select(func.max(told.c.happened_at)).where(
    told.c.workspace_id == bindparam("workspace_id"),
    told.c.item_id == bindparam("item"),
    told.c.own == bindparam("own"),
    told.c.happened == bindparam("what"),
)


def names_of(conn: Connection, workspace_id: int, person: PersonId) -> list[str]:
    """What the outside knows the person by, the name in marks first: so a mark outlives our database.

    Of somebody who had fewer names once, an older mark may have been made with any of the others.
    """
    query = select(addresses.c.kind, addresses.c.value).where(
        addresses.c.workspace_id == workspace_id, addresses.c.person_id == person
    )
    known = {f"{kind}:{value}" for kind, value in conn.execute(query)}
    # in Python: databases sort otherwise
    return [*sorted(known, key=lambda one: (not one.startswith("zendesk:"), one)), f"person:{person}"]


def word(installation_id: str, workspace_id: int, who: str, *told_of: object) -> str:
    named = (installation_id, workspace_id, who, *told_of)
    return hashlib.sha256("|".join(map(str, named)).encode()).hexdigest()[:16]


def _word(conn: Connection, row: Row[Any], *told_of: object) -> str:
    who = names_of(conn, row.workspace_id, PersonId(row.person_id))[0]
    return word(installation.load(conn).id, row.workspace_id, who, *told_of)


def _times_told(conn: Connection, row: Row[Any], fact: Mapping[str, Any]) -> int:
    query = select(func.max(told.c.nth)).where(
        told.c.workspace_id == row.workspace_id,
        told.c.person_id == row.person_id,
        told.c.item_id == fact["item"],
        told.c.happened == fact["happened"],
    )
    return conn.scalar(query) or 0
