"""Persons' asks as they stand now and what they were told: what `lineage/news.py` asks for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, exists, select

from lineage import before, follow_links
from lineage.batches import batched
from lineage.carriers import Rest
from lineage.follow_links import FollowLinks
from lineage.graph import Node
from lineage.news import AskNow, Carrier, Happened, Told
from lineage.outcomes import told, told_asks
from lineage.tables import addresses, asks, persons, requests
from lineage.terms import AskId, ItemId, PersonId, RequestId
from lineage.votes import IN_COMMUNITY
from lineage.wordings import KeptWordings, Wordings
from lineage.world import CHUNK, World

Heard: TypeAlias = Mapping[PersonId, list[Told]]
"""What persons were told, oldest first."""


class Languages:
    """The language of a public place. Everybody reads the same entry there, so it is that of whoever asked
    there first (a vote that was taken back counts too), and not that of each reader.
    """

    def __init__(self, conn: Connection, workspace_id: int) -> None:
        self._conn, self._workspace = conn, workspace_id
        self._known: dict[str, str | None] = {}

    def of(self, place: str) -> str | None:
        if place not in self._known:
            there = [requests.c.reply_to]
            if place.startswith(f"{IN_COMMUNITY}:"):  # votes that are answered in tickets now
                there.append(requests.c.moved_from)
            first = [row for column in there if (row := self._first(column == place))]
            self._known[place] = (
                min(first, key=lambda row: (row.asked_at, row.id)).language if first else None
            )
        return self._known[place]

    def _first(self, answered_there: ColumnElement[bool]) -> Row[Any, Any, Any] | None:
        query = select(requests.c.id, requests.c.asked_at, requests.c.language)
        query = query.where(requests.c.workspace_id == self._workspace, answered_there)
        return self._conn.execute(query.order_by(requests.c.asked_at, requests.c.id).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Asker:
    """One person, what they were told (oldest first), and their requests by number."""

    person: Row[Any]
    """`reachable`: whether an address of theirs is known."""
    heard: list[Told]
    requests: Mapping[RequestId, Row[Any]]
    languages: Languages
    links: FollowLinks
    """To the page of each of these requests."""
    wordings: Wordings


def hear(conn: Connection, workspace_id: int, world: World, wanted: Collection[PersonId]) -> Heard:
    """What these persons were told, by every name; `world` gets what they ask for, and what was told of."""
    found: dict[PersonId, list[Told]] = {}
    for chunk in batched(wanted, CHUNK):
        world.load_persons(chunk)
        found |= _told_to(conn, workspace_id, chunk)
    world.load_links({told.item for of in found.values() for told in of})
    before.load(world, [ask for one in wanted for ask in world.asks_of(one)], told=bool(found))
    return {one: [*told, *before.by_other_names(world, told)] for one, told in found.items()}


def load_askers(
    conn: Connection, workspace_id: int, wanted: Collection[PersonId], heard: Heard
) -> Iterator[Asker]:
    """These persons in order, in few statements however many. `heard`: as `hear` gives it."""
    languages, own = Languages(conn, workspace_id), KeptWordings(conn, workspace_id)
    for chunk in batched(sorted(set(wanted)), CHUNK):
        links = follow_links.load(conn)
        asked: dict[int, dict[RequestId, Row[Any]]] = defaultdict(dict)
        of_them = {"workspace": workspace_id, "persons": chunk}
        for row in conn.execute(_REQUESTS, of_them):
            asked[row.person_id][RequestId(row.id)] = row
        for person in conn.execute(_PERSONS, of_them).all():
            yield Asker(person, heard.get(person.id, []), asked[person.id], languages, links, own)


def asks_now(world: World, person: PersonId) -> list[AskNow]:
    """This person's asks that count, oldest first."""
    return [ask_now(world, ask) for ask in world.asks_of(person)]


def ask_now(world: World, ask: AskId) -> AskNow:
    """One ask as the rules of news look at it."""
    row, rest = world.asks[ask], world.rest(ask)
    carriers = tuple(
        Carrier(
            node.item,
            node.own,
            world.state(node),
            world.state_times[node.item],
            before.since(world, ask, node),
        )
        for node in rest.shares
    )
    return AskNow(
        ask, row.item, row.vote, carriers, world.progress(ask),
        lambda item, own: tuple(world.state(node) for node in _below(rest, item, own=own)),
        row.asked_at, row.imported_at,
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
    values = {"workspace": workspace_id, "persons": chunk}
    rows = conn.execute(_TOLD, values).all()
    spoke: dict[int, list[tuple[AskId, bool]]] = defaultdict(list)
    for row in conn.execute(_SPOKE_FOR, values) if rows else ():
        spoke[row.told_id].append((AskId(row.ask_id), row.promised))
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


_persons: BindParameter[Any] = bindparam("persons", expanding=True)
_here: BindParameter[int] = bindparam("workspace")
_REQUESTS = (
    select(requests)
    .where(requests.c.workspace_id == _here, requests.c.person_id.in_(_persons))
    .order_by(requests.c.id)
)
_HAS_ADDRESS = exists().where(
    addresses.c.workspace_id == persons.c.workspace_id,
    addresses.c.person_id == persons.c.id,
    addresses.c.kind == "email",
)
_PERSONS = (
    select(persons, _HAS_ADDRESS.label("reachable"))
    .where(persons.c.workspace_id == _here, persons.c.id.in_(_persons))
    .order_by(persons.c.id)
)
_to_them = (told.c.workspace_id == bindparam("workspace"), told.c.person_id.in_(_persons))
_TOLD = select(told).where(*_to_them).order_by(told.c.at, told.c.id)
_same = (told.c.workspace_id == told_asks.c.workspace_id) & (told.c.id == told_asks.c.told_id)
_SPOKE_FOR = select(told_asks).join(told, _same).where(*_to_them)
