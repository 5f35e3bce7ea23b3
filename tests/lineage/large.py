"""Many items at once, as rows: told one by one to the ledger they would take minutes."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, insert, select

from lineage.tables import asks, edges, items, persons, requests
from lineage.terms import EdgeKind, ItemId, State
from tests.lineage.story import Story


def duplicates(story: Story, of: ItemId, number: int, *, delivered: int = 0) -> list[ItemId]:
    """So many duplicates of this item, the first `delivered` of them done; their ids."""
    made = _items(story, number, delivered)
    _edges(story, EdgeKind.MERGED, ((item, of) for item in made))
    return made


def parts(story: Story, of: ItemId, number: int, *, delivered: int = 0) -> list[ItemId]:
    """So many parts into which this item is split."""
    made = _items(story, number, delivered)
    _edges(story, EdgeKind.SPLIT, ((of, item) for item in made))
    return made


def alone(story: Story, number: int) -> list[ItemId]:
    """So many items without links."""
    return _items(story, number, 0)


def crowd(story: Story, wanted: Sequence[ItemId], *, company: int | None = None) -> None:
    """For each of these items one more person, who asks for it in a ticket; for this company, if any."""
    first = 1_000_000 + (story.conn.scalar(select(func.count()).select_from(persons)) or 0)
    here = {"workspace_id": story.workspace.id}
    numbered = list(enumerate(wanted, first))
    story.conn.execute(insert(persons), [here | {"id": n, "name": f"P{n}"} for n, _ in numbered])
    asked = {"company_id": company, "asked_at": story.now, "reply_to_person_id": None}
    places = {n: f"zendesk:ticket:{n}" for n, _ in numbered}
    rows = [
        here | asked | {"id": n, "person_id": n, "origin": place, "reply_to": place}
        for n, place in places.items()
    ]
    story.conn.execute(insert(requests), rows)
    linked = {"linked_at": story.now, "linked_by": "agent"}
    links = [here | linked | {"id": n, "request_id": n, "item_id": item} for n, item in numbered]
    story.conn.execute(insert(asks), links)


def asked_for(story: Story, ticket: str, made: Iterable[ItemId]) -> None:
    """The ticket asks for all of these too."""
    origin = f"zendesk:ticket:{ticket}"
    request = story.conn.scalar(select(requests.c.id).where(requests.c.origin == origin))
    row = {"workspace_id": story.workspace.id, "request_id": request, "linked_at": story.now, "linked_by": ""}
    story.conn.execute(insert(asks), [{**row, "item_id": item} for item in made])


def _items(story: Story, number: int, delivered: int) -> list[ItemId]:
    first = 500_000 + (story.conn.scalar(select(func.count()).select_from(items)) or 0)
    made = [ItemId(str(first + place)) for place in range(number)]
    row = {
        "workspace_id": story.workspace.id, "created_at": story.now, "updated_at": story.now,
        "status_at": story.now, "state_at": story.now, "unmapped_links": [], "sizes": {},
    }  # fmt: skip
    rows = [
        row | {"id": item, "key": f"BIG-{item}", "summary": f"Large {item}",
               "state": (State.DELIVERED if place < delivered else State.OPEN).value}
        for place, item in enumerate(made)
    ]  # fmt: skip
    story.conn.execute(insert(items), rows)
    return made


def _edges(story: Story, kind: EdgeKind, pairs: Iterable[tuple[ItemId, ItemId]]) -> None:
    row = {"workspace_id": story.workspace.id, "kind": kind.value, "at": story.now}
    rows = [row | {"link_id": f"{src}{dst}", "src": src, "dst": dst} for src, dst in pairs]
    story.conn.execute(insert(edges), rows)
