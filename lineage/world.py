"""The facts around some items, loaded once and ready for the rules.

Links tie items into islands; no rule ever looks beyond an island. So a `World` loads whole islands,
however few items were named, and answers from memory.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from lineage.batches import batched
from lineage.carriers import Rest, rest
from lineage.graph import Aside, Edge, Flow, Node, SplitFacts, flow
from lineage.standing import carrier_state
from lineage.tables import asks, choices, edges, items, persons, requests
from lineage.terms import AskId, CompanyId, EdgeKind, ItemId, PersonId, RequestId, State

CHUNK = 500
"""Ids asked for in one statement: below the bound on parameters of every database that we run on."""


@dataclass(frozen=True, slots=True)
class AskRow:
    """One ask that counts, with what the rules need of its request and person."""

    ask: AskId
    request: RequestId
    person: PersonId
    company: CompanyId | None
    item: ItemId
    origin: str
    linked_at: datetime
    asked_at: datetime
    staff: bool

    @property
    def vote(self) -> bool:
        return self.origin.startswith(("forum:vote:", "zendesk:community:"))


class World:
    """The islands of items loaded so far in one workspace."""

    def __init__(self, conn: Connection, workspace_id: int) -> None:
        self._conn, self._workspace = conn, workspace_id
        self.items: dict[ItemId, Row[Any]] = {}
        self.states: dict[ItemId, State] = {}
        self.state_times: dict[ItemId, datetime] = {}
        self.asks: dict[AskId, AskRow] = {}
        self._asks_of: dict[PersonId, set[AskId]] = defaultdict(set)
        self._whole: set[ItemId] = set()
        self._edges: dict[str, Edge] = {}
        self._choices: dict[PersonId, dict[ItemId, frozenset[ItemId]]] = defaultdict(dict)
        self._flow: Flow | None = None
        self._rests: dict[AskId, Rest] = {}

    def load(self, wanted: Iterable[ItemId]) -> None:
        """Load the islands of these items with everything that was asked for on them."""
        missing = self._island(set(wanted) - self._whole) - self._whole
        self._whole |= missing
        self._add_asks(asks.c.item_id, missing)
        self._add_choices(choices.c.item_id, missing)

    def load_links(self, wanted: Iterable[ItemId]) -> None:
        """Load the islands of these items without the asks: where something would rest, not what does."""
        self._island(set(wanted) - self.items.keys())

    def load_asks(self, wanted: Collection[AskId]) -> None:
        """Load these asks alone, where they count, with their islands and the choices of their persons."""
        self._add_asks(asks.c.id, wanted)
        found = [self.asks[ask] for ask in wanted if ask in self.asks]
        self.load_links(row.item for row in found)
        self._add_choices(choices.c.person_id, {row.person for row in found})

    def _island(self, wanted: Collection[ItemId]) -> set[ItemId]:
        """The items of the islands of `wanted`; their rows and links are loaded where they are not yet."""
        frontier, found = set(wanted), set[ItemId]()
        while frontier:
            found |= frontier
            frontier = self._neighbours(frontier) - found
        fresh = found - self.items.keys()
        if fresh:
            self._flow = None
            self._rests.clear()
        for row in self._rows(select(items), items.c.id, fresh, items.c.workspace_id):
            item = ItemId(row.id)
            self.items[item], self.states[item], self.state_times[item] = row, State(row.state), row.state_at
        return found & self.items.keys()

    def _neighbours(self, frontier: Collection[ItemId]) -> set[ItemId]:
        touched: set[ItemId] = set()
        for chunk in batched(frontier, CHUNK):
            standing = select(edges).where(
                edges.c.workspace_id == self._workspace,
                edges.c.removed_at.is_(None),
                or_(edges.c.src.in_(chunk), edges.c.dst.in_(chunk)),
            )
            for row in self._conn.execute(standing):
                self._edges[row.link_id] = Edge(
                    row.link_id, EdgeKind(row.kind), ItemId(row.src), ItemId(row.dst), row.at
                )
                touched |= {ItemId(row.src), ItemId(row.dst)}
        return touched

    def _add_asks(self, column: ColumnElement[Any], wanted: Collection[Any]) -> None:
        query = (
            select(asks.c.id, asks.c.request_id, asks.c.item_id, asks.c.linked_at, requests.c.person_id)
            .add_columns(requests.c.company_id, requests.c.origin, requests.c.asked_at, persons.c.staff)
            .join(requests, requests.c.id == asks.c.request_id)
            .join(persons, persons.c.id == requests.c.person_id)
            .where(asks.c.withdrawn_at.is_(None), requests.c.withdrawn_at.is_(None))
        )
        for row in self._rows(query, column, wanted, asks.c.workspace_id):
            self.asks[AskId(row.id)] = AskRow(
                row.id, row.request_id, row.person_id, row.company_id, row.item_id, row.origin,
                row.linked_at, row.asked_at, row.staff,
            )  # fmt: skip
            self._asks_of[row.person_id].add(row.id)

    def _add_choices(self, column: ColumnElement[Any], wanted: Collection[Any]) -> None:
        for row in self._rows(select(choices), column, wanted, choices.c.workspace_id):
            self._choices[row.person_id][ItemId(row.item_id)] = frozenset(row.parts)

    def _rows(
        self,
        query: Any,
        column: ColumnElement[Any],
        wanted: Collection[Any],
        workspace: ColumnElement[int],
    ) -> Iterator[Row[Any]]:
        for chunk in batched(wanted, CHUNK):
            yield from self._conn.execute(query.where(workspace == self._workspace, column.in_(chunk)))

    @property
    def flow(self) -> Flow:
        if self._flow is None:
            facts = {
                item: SplitFacts(row.keeps_part, {ItemId(k): v for k, v in row.sizes.items()})
                for item, row in self.items.items()
            }
            self._flow = flow(self._edges.values(), facts)
        return self._flow

    @property
    def aside(self) -> tuple[Aside, ...]:
        return self.flow.aside

    def edges_among(self, shown: Collection[ItemId]) -> list[Edge]:
        """The links that stand between these items, those set aside included."""
        return [edge for edge in self._edges.values() if edge.src in shown and edge.dst in shown]

    def edges_of(self, item: ItemId) -> list[Edge]:
        """The links that stand at this item, those set aside included."""
        return [edge for edge in self._edges.values() if item in (edge.src, edge.dst)]

    def suppose(self, item: ItemId, state: State, at: datetime) -> None:
        """From now on answer as if this item had come into this state then. Nothing is written."""
        self.states[item], self.state_times[item] = state, at

    def asks_of(self, person: PersonId) -> list[AskId]:
        """The loaded asks of this person that count, oldest first."""
        return sorted(self._asks_of.get(person, ()))

    def chosen_by(self, person: PersonId) -> dict[ItemId, frozenset[ItemId]]:
        return self._choices.get(person, {})

    def rest(self, ask: AskId) -> Rest:
        """Where this ask rests now. Raises KeyError for an ask that is not loaded or does not count."""
        if ask not in self._rests:
            row = self.asks[ask]
            self._rests[ask] = rest(row.item, row.linked_at, self.flow, self.chosen_by(row.person))
        return self._rests[ask]

    def state(self, node: Node) -> State:
        """The state in which a carrier counts."""
        return carrier_state(node, self.states, self.flow, keeps=self.items[node.item].keeps_part)

    def sources_of(self, item: ItemId) -> set[ItemId]:
        """The item itself, and every item from which asks can come to it as the links stand now."""
        givers: dict[ItemId, set[ItemId]] = defaultdict(set)
        for giver, heir in self._ways():
            givers[heir].add(giver)
        return _reached(item, givers)

    def targets_of(self, item: ItemId) -> set[ItemId]:
        """The item itself, and every item to which asks can go on from it."""
        heirs: dict[ItemId, set[ItemId]] = defaultdict(set)
        for giver, heir in self._ways():
            heirs[giver].add(heir)
        return _reached(item, heirs)

    def _ways(self) -> Iterator[tuple[ItemId, ItemId]]:
        yield from ((merge.src, merge.dst) for merge in self.flow.merges.values())
        yield from ((whole, part.node.item) for whole, of in self.flow.splits.items() for part in of)

    def merged_into(self, item: ItemId) -> set[ItemId]:
        """The item itself, and every item that it was merged into since."""
        reached, node = {item}, Node(item, own=item in self.flow.splits)
        while merge := self.flow.merges.get(node):
            reached.add(merge.dst)
            node = Node(merge.dst, own=merge.dst in self.flow.splits)
        return reached


def _reached(start: ItemId, onward: Mapping[ItemId, set[ItemId]]) -> set[ItemId]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = onward.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found
