"""The facts around some items, loaded once and ready for the rules.

Where an ask goes on to depends on nothing but the links from there on: no rule looks back. So a `World`
follows the links downward, however much hangs above, and answers from memory.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from lineage.ask_rows import AskRow
from lineage.batches import batched
from lineage.carriers import Rest, rest
from lineage.choosing import wish_of
from lineage.circles import on_circles
from lineage.graph import Aside, Edge, Flow, Node, SplitFacts, flow
from lineage.past import Past, Stood
from lineage.standing import Progress, carrier_state, progress
from lineage.tables import asks, choices, edges, items, persons, requests
from lineage.terms import AskId, EdgeKind, ItemId, PersonId, State
from lineage.wishes import Wish

CHUNK = 500
"""Ids asked for in one statement: below the bound on parameters of every database that we run on."""

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


Class: TypeAlias = tuple[ItemId, frozenset[tuple[ItemId, frozenset[ItemId]]], frozenset[tuple[ItemId, Wish]]]
"""Asks that start on the same item go the same ways if they were narrowed, and widened, alike."""


class World:
    """What was loaded so far of one workspace: items, the links from them on, and asks."""

    def __init__(self, conn: Connection, workspace_id: int) -> None:
        self._conn, self._workspace = conn, workspace_id
        self.items: dict[ItemId, Row[Any]] = {}
        self.states: dict[ItemId, State] = {}
        self.state_times: dict[ItemId, datetime] = {}
        self.asks: dict[AskId, AskRow] = {}
        self._asks_of: dict[PersonId, set[AskId]] = defaultdict(set)
        self._followed: set[ItemId] = set()
        self._edges: dict[str, Edge] = {}
        self._gone: dict[str, Stood] = {}
        self._looked_back: set[ItemId] = set()
        self._choices: dict[PersonId, dict[ItemId, frozenset[ItemId]]] = {}
        self._wishes: dict[PersonId, dict[ItemId, Wish]] = defaultdict(dict)
        self._flow: Flow | None = None
        self._past: Past | None = None
        self._ways: dict[Class, Rest] = {}
        self._rests: dict[AskId, Rest] = {}

    # --- loading

    def load_links(self, wanted: Iterable[ItemId]) -> None:
        """Load these items and whatever their asks can go on to: where something would rest."""
        frontier = set(wanted) - self._followed
        if not frontier:
            return
        onward = {ItemId(row.dst) for row in self._rows(_LINKS_FROM, frontier)}
        if beyond := onward - frontier - self._followed:
            onward |= {ItemId(row.dst) for row in self._rows(_LINKS_BELOW, beyond)}
        fresh = frontier | onward
        self._followed |= fresh
        self._flow = self._past = None
        self._ways.clear()
        self._rests.clear()
        for row in self._execute(_ITEMS, fresh - self.items.keys()):
            item = ItemId(row.id)
            self.items[item], self.states[item], self.state_times[item] = row, State(row.state), row.state_at

    def load_asks(self, wanted: Collection[AskId]) -> None:
        """Load these asks, where they count, with the choices of their persons and their ways on."""
        self._add(_ASKS, wanted)

    def load_persons(self, wanted: Collection[PersonId]) -> None:
        """Load everything that these persons ask for."""
        self._add(_ASKS_OF, wanted)

    def load_starting(self, wanted: Collection[ItemId]) -> None:
        """Load every ask that was linked to one of these items."""
        self._add(_ASKS_FROM, wanted)

    def load_islands(self, wanted: Iterable[ItemId]) -> set[ItemId]:
        """Load whole islands, all that links tie together, with every ask; the items of them."""
        frontier, found = set(wanted), set[ItemId]()
        while frontier:
            found |= frontier
            near = {ItemId(end) for row in self._execute(_LINKS_AT, frontier) for end in (row.src, row.dst)}
            frontier = near - found
        self.load_links(found)
        self.load_starting(found)
        return found & self.items.keys()

    def load_past(self) -> None:
        """Load the links that led away from what is loaded and were removed, with all that follows them."""
        while fresh := self._followed - self._looked_back:
            self._looked_back |= fresh
            gone = [Stood(_edge(row), row.removed_at) for row in self._execute(_LINKS_GONE, fresh)]
            self._gone |= {link.edge.link_id: link for link in gone}
            self._past = None
            self.load_links({link.edge.dst for link in gone})

    def load_links_at(self, item: ItemId) -> None:
        """Load this item with the links that lead to it and from it, and what follows from there on."""
        self.load_links(
            {ItemId(end) for row in self._execute(_LINKS_AT, [item]) for end in (row.src, row.dst)}
        )
        self.load_links([item])

    def _add(self, query: Any, wanted: Collection[Any]) -> None:
        fresh = [
            AskRow(
                row.id, row.request_id, row.person_id, row.company_id, row.item_id, row.origin,
                row.linked_at, row.asked_at, row.staff, row.proven, row.imported_at,
            )
            for row in self._execute(query, wanted)
        ]  # fmt: skip
        for row in fresh:
            self.asks[row.ask] = row
            self._asks_of[row.person].add(row.ask)
        strangers = {row.person for row in fresh} - self._choices.keys()
        self._choices |= {person: {} for person in strangers}
        for chosen in self._execute(_CHOICES, strangers):
            item, wish = ItemId(chosen.item_id), wish_of(chosen)
            if wish.parts is not None:
                self._choices[chosen.person_id][item] = wish.parts
            if wish.late:
                self._wishes[chosen.person_id][item] = wish
        self.load_links({row.item for row in fresh})

    def _rows(self, query: Any, wanted: Collection[ItemId]) -> list[Row[Any]]:
        found = list(self._execute(query, wanted))
        for row in found:
            self._edges[row.link_id] = _edge(row)
        return found

    def _execute(self, query: Any, wanted: Collection[Any]) -> Iterator[Row[Any]]:
        for chunk in batched(wanted, CHUNK):
            yield from self._conn.execute(query, {"workspace": self._workspace, "wanted": chunk})

    # --- answering

    @property
    def flow(self) -> Flow:
        if self._flow is None:
            self._flow = flow(self._edges.values(), self._facts())
        return self._flow

    @property
    def past(self) -> Past:
        """The links that stand and, once they are loaded, those that were removed."""
        if self._past is None:
            links = [*(Stood(edge) for edge in self._edges.values()), *self._gone.values()]
            self._past = Past(links, self._facts())
        return self._past

    def _facts(self) -> dict[ItemId, SplitFacts]:
        return {
            item: SplitFacts(row.keeps_part, {ItemId(k): v for k, v in row.sizes.items()})
            for item, row in self.items.items()
        }

    @property
    def aside(self) -> tuple[Aside, ...]:
        return self.flow.aside

    def edges_among(self, shown: Collection[ItemId]) -> list[Edge]:
        """The loaded links between these items, those set aside included."""
        return [edge for edge in self._edges.values() if edge.src in shown and edge.dst in shown]

    def edges_of(self, item: ItemId) -> list[Edge]:
        """The loaded links at this item, those set aside included."""
        return [edge for edge in self._edges.values() if item in (edge.src, edge.dst)]

    def links_from(self, item: ItemId) -> set[tuple[ItemId, ItemId]]:
        """The ends of the loaded links that lead on from this item."""
        return {(edge.src, edge.dst) for edge in self._edges.values() if edge.src == item}

    def on_circles_with(self, links: Collection[tuple[ItemId, ItemId]]) -> set[ItemId]:
        """Every loaded item on a circle with one of these links, whether they stand now or stood."""
        return on_circles({(edge.src, edge.dst) for edge in self._edges.values()}, links)

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
            self._rests[ask] = self.way_of(row).linked_at(row.linked_at)
        return self._rests[ask]

    def way_of(self, row: AskRow) -> Rest:
        """Where an ask like this goes, but for the times: many go the same way."""
        chosen, wishes = self._choices.get(row.person) or {}, self._wishes.get(row.person) or {}
        alike: Class = (row.item, frozenset(chosen.items()), frozenset(wishes.items()))
        if alike not in self._ways:
            self._ways[alike] = rest(row.item, LONG_AGO, self.flow, chosen, wishes)
        return self._ways[alike]

    def progress(self, ask: AskId) -> Progress:
        """How far this ask is, from the states of its carriers."""
        return progress([self.state(node) for node in self.rest(ask).shares])

    def state(self, node: Node) -> State:
        """The state in which a carrier counts."""
        return carrier_state(node, self.states, self.flow, keeps=self.items[node.item].keeps_part)

    def resting_places(self, item: ItemId) -> list[Node]:
        """The nodes of this item at which asks rest: itself, or the part that it kept, or none."""
        here, kept = Node(item), Node(item, own=True)
        if item not in self.flow.splits:
            return [] if here in self.flow.merges else [here]
        keeps = any(part.node == kept for part in self.flow.splits[item])
        return [kept] if keeps and kept not in self.flow.merges else []

    def merged_into(self, item: ItemId) -> set[ItemId]:
        """The item itself, and every item that it was merged into since."""
        reached, node = {item}, Node(item, own=item in self.flow.splits)
        while merge := self.flow.merges.get(node):
            reached.add(merge.dst)
            node = Node(merge.dst, own=merge.dst in self.flow.splits)
        return reached


def _edge(row: Row[Any]) -> Edge:
    return Edge(row.link_id, EdgeKind(row.kind), ItemId(row.src), ItemId(row.dst), row.at)


# --- statements, made once: making one costs more than running it

_here: BindParameter[int] = bindparam("workspace")
_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
_links = select(edges.c.link_id, edges.c.kind, edges.c.src, edges.c.dst, edges.c.at).where(
    edges.c.workspace_id == _here, edges.c.removed_at.is_(None)
)
_LINKS_FROM = _links.where(edges.c.src.in_(_wanted))
# Not "one of these, or reached": for an "or" with a query in it, Postgres goes through the whole table.
_from = select(edges.c.src.label("item")).where(
    edges.c.workspace_id == _here, edges.c.removed_at.is_(None), edges.c.src.in_(_wanted)
)
_reached = _from.cte("reached", recursive=True)
_reached = _reached.union(
    select(edges.c.dst)
    .join(_reached, edges.c.src == _reached.c.item)
    .where(edges.c.workspace_id == _here, edges.c.removed_at.is_(None))
)
_LINKS_BELOW = _links.where(edges.c.src.in_(select(_reached.c.item)))
_LINKS_AT = _links.where(edges.c.src.in_(_wanted)).union(_links.where(edges.c.dst.in_(_wanted)))
_LINKS_GONE = select(edges).where(
    edges.c.workspace_id == _here, edges.c.removed_at.is_not(None), edges.c.src.in_(_wanted)
)
_ITEMS = select(items).where(items.c.workspace_id == _here, items.c.id.in_(_wanted))
_CHOICES = select(choices).where(choices.c.workspace_id == _here, choices.c.person_id.in_(_wanted))
_counting = (
    select(asks.c.id, asks.c.request_id, asks.c.item_id, asks.c.linked_at, requests.c.person_id)
    .add_columns(requests.c.company_id, requests.c.origin, requests.c.asked_at)
    .add_columns(persons.c.staff, persons.c.proven, asks.c.imported_at)
    .join(requests, requests.c.id == asks.c.request_id)
    .join(persons, persons.c.id == requests.c.person_id)
    .where(asks.c.workspace_id == _here, requests.c.workspace_id == _here)
    .where(asks.c.withdrawn_at.is_(None), requests.c.withdrawn_at.is_(None))
)
_ASKS = _counting.where(asks.c.id.in_(_wanted))
_ASKS_OF = _counting.where(requests.c.person_id.in_(_wanted))
_ASKS_FROM = _counting.where(asks.c.item_id.in_(_wanted))
