"""What a model is asked about: of each item and ticket its words, and the names that are not to be sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from lineage.likeness import documents
from lineage.tables import asks, companies, persons, requests
from lineage.terms import ItemId

FIRST = 5
"""So many requests speak for an item: the first, so that the text is soon the same for good, and an issue for
which many ask costs no more."""
ASKERS = 50
"""The names of so many of them are taken out of what is written on it."""
TICKETS = "zendesk:ticket:"


@dataclass(frozen=True, slots=True)
class Words:
    """`said`: by its first requests, or the ticket's; `names`: of whoever asked, and of their companies."""

    own: str
    said: tuple[str, ...]
    names: tuple[str, ...]


def of_items(conn: Connection, workspace_id: int, wanted: Iterable[ItemId]) -> dict[ItemId, Words]:
    """Of items that are there."""
    found = {}
    for item, own in documents.own_texts(conn, workspace_id, wanted).items():
        rows = conn.execute(_OF_ITEM, {"workspace": workspace_id, "item": item}).all()
        found[item] = _words(own, rows[:FIRST], rows)
    return found


def of_tickets(conn: Connection, workspace_id: int, wanted: Iterable[int]) -> dict[int, Words]:
    """Of requests that are tickets, and still stand where they were made."""
    given = {"workspace": workspace_id, "requests": list(wanted)}
    rows = conn.execute(_OF_TICKETS, given).all()
    return {row.id: _words("", [row], [row]) for row in rows if row.origin.startswith(TICKETS)}


def _words(own: str, speak: Sequence[Any], ask: Sequence[Any]) -> Words:
    said = [f"{row.subject}\n{row.words}".strip() for row in speak]
    names = dict.fromkeys(name for row in ask for name in (row.person, row.company) if name)
    return Words(own, tuple(filter(None, said)), tuple(names))


_request = (
    select(
        requests.c.id, requests.c.origin, requests.c.subject, requests.c.words,
        persons.c.name.label("person"), companies.c.name.label("company"),
    )
    .join(persons, persons.c.id == requests.c.person_id)
    .outerjoin(companies, companies.c.id == requests.c.company_id)
    .where(requests.c.workspace_id == bindparam("workspace"))
)  # fmt: skip
_OF_ITEM = (
    _request.join(asks, asks.c.request_id == requests.c.id)
    .where(asks.c.workspace_id == bindparam("workspace"), asks.c.item_id == bindparam("item"))
    .where(asks.c.withdrawn_at.is_(None), asks.c.detached_at.is_(None), requests.c.withdrawn_at.is_(None))
    .order_by(asks.c.linked_at, requests.c.origin)
    .limit(ASKERS)
)
_OF_TICKETS = _request.where(
    requests.c.id.in_(bindparam("requests", expanding=True)),
    requests.c.withdrawn_at.is_(None),
    or_(requests.c.reply_state != "deleted", requests.c.reply_to != requests.c.origin),
)
