"""What a model is asked about: of each item and ticket its words, and the names that are not to be sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from lineage.likeness import documents
from lineage.tables import asks, companies, persons, requests
from lineage.terms import ItemId

FIRST = 5
"""So many requests speak for an item: the first, so that the text is soon the same for good, and an issue for
which many ask costs no more."""
TICKETS = "zendesk:ticket:"


@dataclass(frozen=True, slots=True)
class Words:
    """`said`: by its own requests, or the ticket's; `names`: of whoever said it."""

    own: str
    said: tuple[str, ...]
    names: tuple[str, ...]


def of_items(conn: Connection, workspace_id: int, wanted: Iterable[ItemId]) -> dict[ItemId, Words]:
    """Of items that are there."""
    found = {}
    for item, own in documents.own_texts(conn, workspace_id, wanted).items():
        rows = conn.execute(_OF_ITEM, {"workspace": workspace_id, "item": item}).all()
        found[item] = _words(own, rows)
    return found


def of_tickets(conn: Connection, workspace_id: int, wanted: Iterable[int]) -> dict[int, Words]:
    """Of requests that are tickets."""
    given = {"workspace": workspace_id, "requests": list(wanted)}
    rows = conn.execute(_OF_TICKETS, given).all()
    return {row.id: _words("", [row]) for row in rows if row.origin.startswith(TICKETS)}


def _words(own: str, rows: Iterable[object]) -> Words:
    said, names = [], []
    for row in rows:
        subject, words, person, company = (
            getattr(row, one) for one in ("subject", "words", "person", "company")
        )
        said.append(f"{subject}\n{words}".strip())
        names += [one for one in (person, company) if one]
    return Words(own, tuple(one for one in said if one), tuple(dict.fromkeys(names)))


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
    .limit(FIRST)
)
_OF_TICKETS = _request.where(requests.c.id.in_(bindparam("requests", expanding=True)))
