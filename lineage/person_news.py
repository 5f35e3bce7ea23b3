"""One person's asks as they stand now and what they were told: what `lineage/news.py` asks for."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from lineage.carriers import Rest
from lineage.derive import progress_of
from lineage.graph import Node
from lineage.news import AskNow, Carrier, Happened, Told
from lineage.outcomes import told, told_asks
from lineage.tables import asks, requests
from lineage.terms import AskId, ItemId, PersonId
from lineage.world import World


def load_person(conn: Connection, workspace_id: int, world: World, person: PersonId) -> None:
    """Load the islands of everything that this person asked for or was told of."""
    asked = (
        select(asks.c.item_id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace_id, requests.c.person_id == person)
    )
    heard = select(told.c.item_id).where(told.c.workspace_id == workspace_id, told.c.person_id == person)
    world.load(ItemId(row.item_id) for row in conn.execute(asked.union(heard)).all())


def asks_now(world: World, person: PersonId) -> list[AskNow]:
    """This person's asks that count, oldest first."""
    return [ask_now(world, ask) for ask, row in sorted(world.asks.items()) if row.person == person]


def ask_now(world: World, ask: AskId) -> AskNow:
    """One ask as the rules of news look at it."""
    row, rest = world.asks[ask], world.rest(ask)
    carriers = tuple(
        Carrier(node.item, node.own, world.state(node), world.items[node.item].state_at, rest.since[node])
        for node in rest.shares
    )
    return AskNow(
        ask, row.item, row.vote, carriers, progress_of(world, ask),
        lambda item, own: tuple(world.state(node) for node in _below(rest, item, own=own)),
    )  # fmt: skip


def _below(rest: Rest, item: ItemId, *, own: bool) -> set[Node]:
    start = Node(item, own) if Node(item, own) in rest.passed else Node(item)
    if start not in rest.passed:
        return set()
    reached, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        heirs = {heir for giver, heir in rest.given if giver == node} - reached
        reached |= heirs
        waiting.extend(heirs)
    return {node for node in reached if node in rest.shares}


def told_to(conn: Connection, workspace_id: int, person: PersonId) -> list[Told]:
    """Everything that this person was told, oldest first."""
    rows = conn.execute(
        select(told)
        .where(told.c.workspace_id == workspace_id, told.c.person_id == person)
        .order_by(told.c.at, told.c.id)
    ).all()
    spoke = _spoke_for(conn, workspace_id, [row.id for row in rows])
    return [
        Told(
            row.id, ItemId(row.item_id), Happened(row.happened),
            frozenset(ask for ask, _ in spoke.get(row.id, ())),
            frozenset(ask for ask, promised in spoke.get(row.id, ()) if promised),
            row.at, row.own, row.retracted_at is not None, row.correction_dismissed_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def _spoke_for(
    conn: Connection, workspace_id: int, rows: Collection[int]
) -> dict[int, list[tuple[AskId, bool]]]:
    query = select(told_asks).where(told_asks.c.workspace_id == workspace_id, told_asks.c.told_id.in_(rows))
    found: dict[int, list[tuple[AskId, bool]]] = {}
    for row in conn.execute(query):
        found.setdefault(row.told_id, []).append((AskId(row.ask_id), row.promised))
    return found


def requests_of(conn: Connection, workspace_id: int, spoken_for: Iterable[AskId]) -> list[Row[Any]]:
    """The requests behind these asks, once each."""
    query = (
        select(requests)
        .distinct()
        .join(asks, asks.c.request_id == requests.c.id)
        .where(asks.c.workspace_id == workspace_id, asks.c.id.in_(list(spoken_for)))
        .order_by(requests.c.id)
    )
    return list(conn.execute(query).all())
