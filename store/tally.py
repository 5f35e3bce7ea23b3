"""What this process counted, added up in the database every few seconds, for all processes together.

A worker of its own answers no monitor, and one web process knows nothing of what another did: so the counts
lie where everybody finds them. A process that is killed takes the counts of its last seconds with it, and
nothing else depends on them.
"""

import json
import threading
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Column, Connection, Engine, Float, String, Table, select

from store.database import insert_or_ignore, metadata, transaction

tallies = Table(
    "tallies",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("labels", String(120), primary_key=True),
    Column("number", Float, nullable=False),
)
"""`labels`: a JSON object with sorted keys, as text."""

_lock = threading.Lock()
_counted: Counter[tuple[str, str]] = Counter()


def count(name: str, number: float = 1, **labels: str) -> None:
    """Counts something that happened in this process. Never fails, costs no statement."""
    with _lock:
        _counted[name, _text(labels)] += number  # type: ignore[assignment] # a Counter adds floats as well


def write(engine: Engine) -> None:
    """Adds what was counted since the last time to the database. What cannot be written stays counted."""
    with _lock:
        mine = dict(_counted)
        _counted.clear()
    if not mine:
        return
    try:
        with transaction(engine) as conn:
            for (name, labels), number in sorted(mine.items()):  # in one order, or two wait for one another
                _add(conn, name, labels, number)
    except BaseException:
        with _lock:
            _counted.update(mine)
        raise


def read(conn: Connection, name: str) -> list[tuple[Mapping[str, str], float]]:
    """Everything that was counted under this name, by its labels."""
    query = select(tallies.c.labels, tallies.c.number).where(tallies.c.name == name)
    return [(json.loads(row.labels), row.number) for row in conn.execute(query.order_by(tallies.c.labels))]


def _add(conn: Connection, name: str, labels: str, number: float) -> None:
    if insert_or_ignore(conn, tallies, {"name": name, "labels": labels, "number": number}):
        return
    here = (tallies.c.name == name, tallies.c.labels == labels)
    conn.execute(tallies.update().where(*here).values(number=tallies.c.number + number))


def _text(labels: Mapping[str, str]) -> str:
    return json.dumps(labels, sort_keys=True)
