"""Persons' asks as they stand now and what they were told: what `lineage/news.py` asks for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from lineage import follow_links
from lineage.batches import batched
from lineage.carriers import Rest
from lineage.derive import progress_of
from lineage.follow_links import FollowLinks
from lineage.graph import Node
from lineage.news import AskNow, Carrier, Happened, Told
from lineage.outcomes import told, told_asks
from lineage.recipients import PUBLIC
from lineage.tables import asks, persons, requests
from lineage.terms import AskId, ItemId, PersonId, RequestId
from lineage.world import CHUNK, World


@dataclass(frozen=True, slots=True)
class Asker:
    """One person, what they were told (oldest first), and their requests by number."""

    person: Row[Any]
    heard: list[Told]
    requests: Mapping[RequestId, Row[Any]]
    languages: Mapping[str, str | None]
    """The language of each public place where this person is answered. Everybody reads the same entry
    there, so it is that of whoever asked there first, and not the person's own."""
    links: FollowLinks
    """To the page of each of these requests."""


def load_askers(
    conn: Connection, workspace_id: int, world: World, wanted: Iterable[PersonId]
) -> Iterator[Asker]:
    """These persons in order, in few statements however many; `world` gets the islands of what they asked."""
    languages: dict[str, str | None] = {}
    links = follow_links.load(conn)
    for chunk in batched(sorted(set(wanted)), CHUNK):
        _load_islands(conn, workspace_id, world, chunk)
        heard = _told_to(conn, workspace_id, chunk)
        asked: dict[int, dict[RequestId, Row[Any]]] = defaultdict(dict)
        of_them = (requests.c.workspace_id == workspace_id, requests.c.person_id.in_(chunk))
        for row in conn.execute(select(requests).where(*of_them).order_by(requests.c.id)):
            asked[row.person_id][RequestId(row.id)] = row
        places = {row.reply_to for theirs in asked.values() for row in theirs.values()}
        _load_languages(conn, workspace_id, places, languages)
        known = (persons.c.workspace_id == workspace_id, persons.c.id.in_(chunk))
        for person in conn.execute(select(persons).where(*known).order_by(persons.c.id)).all():
            yield Asker(person, heard.get(person.id, []), asked[person.id], languages, links)


def _load_languages(
    conn: Connection, workspace_id: int, places: Iterable[str], languages: dict[str, str | None]
) -> None:
    """Adds those of the public places that are missing. A vote that was taken back still counts here."""
    turn = func.row_number().over(
        partition_by=requests.c.reply_to, order_by=(requests.c.asked_at, requests.c.id)
    )
    missing = {place for place in places if place.startswith(PUBLIC)} - languages.keys()
    for chunk in batched(sorted(missing), CHUNK):
        there = (requests.c.workspace_id == workspace_id, requests.c.reply_to.in_(chunk))
        asked = select(requests.c.reply_to, requests.c.language, turn.label("turn")).where(*there).subquery()
        for row in conn.execute(select(asked).where(asked.c.turn == 1)):
            languages[row.reply_to] = row.language


def _load_islands(conn: Connection, workspace_id: int, world: World, chunk: Collection[PersonId]) -> None:
    asked = (
        select(asks.c.item_id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace_id, requests.c.person_id.in_(chunk))
    )
    heard = select(told.c.item_id).where(told.c.workspace_id == workspace_id, told.c.person_id.in_(chunk))
    world.load(ItemId(row.item_id) for row in conn.execute(asked.union(heard)).all())


def asks_now(world: World, person: PersonId) -> list[AskNow]:
    """This person's asks that count, oldest first."""
    return [ask_now(world, ask) for ask in world.asks_of(person)]


def ask_now(world: World, ask: AskId) -> AskNow:
    """One ask as the rules of news look at it."""
    row, rest = world.asks[ask], world.rest(ask)
    carriers = tuple(
        Carrier(node.item, node.own, world.state(node), world.state_times[node.item], rest.since[node])
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


def _told_to(conn: Connection, workspace_id: int, chunk: Collection[PersonId]) -> dict[PersonId, list[Told]]:
    rows = conn.execute(
        select(told)
        .where(told.c.workspace_id == workspace_id, told.c.person_id.in_(chunk))
        .order_by(told.c.at, told.c.id)
    ).all()
    spoke = _spoke_for(conn, workspace_id, chunk)
    found: dict[PersonId, list[Told]] = defaultdict(list)
    for row in rows:
        speaks = spoke.get(row.id, ())
        found[row.person_id].append(
            Told(
                row.id, ItemId(row.item_id), Happened(row.happened),
                frozenset(ask for ask, _ in speaks), frozenset(ask for ask, promised in speaks if promised),
                row.at, row.own, row.retracted_at is not None, row.correction_dismissed_at is not None,
            )
        )  # fmt: skip
    return found


def _spoke_for(
    conn: Connection, workspace_id: int, chunk: Collection[PersonId]
) -> dict[int, list[tuple[AskId, bool]]]:
    query = (
        select(told_asks)
        .join(told, told.c.id == told_asks.c.told_id)
        .where(told.c.workspace_id == workspace_id, told.c.person_id.in_(chunk))
    )
    found: dict[int, list[tuple[AskId, bool]]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.told_id].append((AskId(row.ask_id), row.promised))
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
