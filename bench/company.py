"""A company of so many requests: its facts written in bulk, its derived rows by the full recompute.

Demand is skewed, a fifth of the issues were merged and split several deep, one company asks much more than
others, and one issue is hot. Beside all that lie ordinary issues, the same at every size: three asks by three
persons of three companies each, and parts for them. The small events happen to these.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert

from lineage.batches import batched
from lineage.counting import rebuild
from lineage.tables import asks, companies, edges, items, persons, placements, posts, requests
from store import migrate, workspaces
from store.database import checkpoint, open_database, transaction
from store.workspaces import Workspace

DAY = datetime(2026, 1, 1, tzinfo=UTC)
ORDINARY = 2_400
"""Ordinary issues at every size, numbered from 1; their parts and posts carry the same number."""
FIRST = 10_000_000
"""Numbers of ordinary issues, persons, requests and companies begin here, apart from the crowd's."""


@dataclass(frozen=True, slots=True)
class Company:
    """A database of `size` requests besides the ordinary ones. `hot`: how many ask for issue `HOT`."""

    size: int
    engine: Engine
    workspace: Workspace
    hot: int


HOT, COLD = "1", "2"
"""The hot issue, and one that nobody asks for."""


def build(folder: Path, size: int) -> Company:
    """The database, in a file of its own."""
    engine = open_database(f"sqlite:///{folder / f'{size}.db'}")
    migrate.upgrade(engine)
    chance = random.Random(size)
    hot = min(10_000, size // 5)
    with transaction(engine) as conn:
        workspace = workspaces.add(conn, slug="acme", name="Acme", now=DAY)
        _write(conn, items, _items(workspace.id, size // 9))
        _write(conn, companies, _companies(workspace.id, size // 20))
        _write(conn, persons, ({"id": n, "workspace_id": workspace.id, "name": ""} for n in range(1, size)))
        everything = list(_requests(workspace.id, size, hot, chance))
        _write(conn, requests, (request for request, _ in everything))
        _write(conn, asks, (ask for _, ask in everything))
        _write(conn, edges, _edges(workspace.id, size // 9, chance))
        _add_ordinary(conn, workspace.id)
    count(engine, workspace)
    return Company(size, engine, workspace, hot)


def count(engine: Engine, workspace: Workspace) -> None:
    """Fill the derived tables, as `kithspark rebuild` does."""
    with transaction(engine) as conn:
        left = rebuild.every_item(conn, workspace)
    while left:
        with transaction(engine) as conn:
            wanted = left[: rebuild.BATCH]
            seen = rebuild.look(conn, workspace, wanted, mend=True, now=DAY).items
        left = [item for item in left[rebuild.BATCH :] if item not in seen]
        checkpoint(engine)


def _write(conn: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    for some in batched(rows, 20_000):
        conn.execute(insert(table), list(some))


def _items(workspace: int, many: int) -> Iterator[dict[str, Any]]:
    for number in (*range(1, many + 1), *range(FIRST, FIRST + 2 * ORDINARY)):
        yield item_row(workspace, number)


def item_row(workspace: int, number: int) -> dict[str, Any]:
    """An open issue, read."""
    return {
        "workspace_id": workspace, "id": str(number), "key": f"KS-{number}", "summary": "", "sizes": {},
        "created_at": DAY, "updated_at": DAY, "status_at": DAY, "state_at": DAY, "read_at": DAY,
        "unmapped_links": [], "public_title": f"Thing {number}", "project": "KS", "issue_type": "Story",
        "status": "Open",
    }  # fmt: skip


def _companies(workspace: int, many: int) -> Iterator[dict[str, Any]]:
    for number in (*range(1, many + 1), *range(FIRST, FIRST + 3 * ORDINARY)):
        yield {
            "id": number, "workspace_id": workspace, "name": f"Company {number}", "domains": [], "why": [],
            "hubspot_id": str(number), "customer_minor": 1_000_003 + 17 * (number % 9_973),
            "pipeline_minor": 50_021 + 13 * (number % 8_887),
        }  # fmt: skip


def _requests(
    workspace: int, size: int, hot: int, chance: random.Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each request with its one ask."""
    many, firms = size // 9, size // 20
    for number in range(1, size):
        item = 1 if number <= hot else 3 + int((many - 3) * chance.random() ** 2)
        company = 1 if chance.random() < 0.005 else 1 + int((firms - 1) * chance.random())
        person = number if chance.random() < 0.8 else 1 + int((size - 2) * chance.random())
        yield _request(workspace, number, person, company), _ask(workspace, number, item)


def _request(workspace: int, number: int, person: int, company: int) -> dict[str, Any]:
    place = f"zendesk:ticket:{number}"
    return {
        "id": number, "workspace_id": workspace, "origin": place, "person_id": person,
        "company_id": company, "asked_at": DAY + timedelta(seconds=number % 9_000_000), "reply_to": place,
        "reply_to_person_id": person, "words": "", "subject": "",
    }  # fmt: skip


def _ask(workspace: int, number: int, item: int) -> dict[str, Any]:
    return {
        "id": number, "workspace_id": workspace, "request_id": number, "item_id": str(item),
        "linked_at": DAY, "linked_by": "bench",
    }  # fmt: skip


def _edges(workspace: int, many: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """A fifth of the issues in families of eight: split, split again, parts merged, duplicates of all."""
    number = 1
    for first in range(10, many - 8, 40):
        members = [first + step for step in range(8)]
        for src, dst in ((0, 1), (0, 2), (1, 3), (1, 4)):
            yield _edge(workspace, number, "split", members[src], members[dst])
            number += 1
        for src, dst in ((5, 0), (6, 2), (7, 5 if chance.random() < 0.5 else 3)):
            yield _edge(workspace, number, "merged", members[src], members[dst])
            number += 1


def _edge(workspace: int, number: int, kind: str, src: int, dst: int) -> dict[str, Any]:
    return {
        "workspace_id": workspace, "link_id": str(number), "kind": kind, "src": str(src), "dst": str(dst),
        "at": DAY, "src_lists": True, "dst_lists": True,
    }  # fmt: skip


def _add_ordinary(conn: Connection, workspace: int) -> None:
    numbers = range(FIRST, FIRST + 3 * ORDINARY)
    spare = range(FIRST + 3 * ORDINARY, FIRST + 4 * ORDINARY)  # tickets that are not linked yet
    _write(conn, persons, ({"id": n, "workspace_id": workspace, "name": ""} for n in (*numbers, *spare)))
    _write(conn, requests, (_request(workspace, n, n, n) for n in numbers))
    _write(conn, requests, (_request(workspace, n, n, n - 3 * ORDINARY) for n in spare))
    _write(conn, asks, (_ask(workspace, n, FIRST + (n - FIRST) // 3) for n in numbers))
    there = {"workspace_id": workspace, "created_at": DAY, "title": "Post"}
    _write(conn, posts, (there | {"id": str(FIRST + n)} for n in range(ORDINARY)))
    placed = {"workspace_id": workspace, "linked_at": DAY, "linked_by": "bench"}
    _write(
        conn, placements,
        (placed | {"post_id": str(FIRST + n), "item_id": str(FIRST + n)} for n in range(ORDINARY)),
    )  # fmt: skip


def ordinary(number: int) -> str:
    """The id of an ordinary issue."""
    return str(FIRST + number % ORDINARY)


def part(number: int) -> str:
    """The id of an issue that is nobody's yet."""
    return str(FIRST + ORDINARY + number % ORDINARY)
