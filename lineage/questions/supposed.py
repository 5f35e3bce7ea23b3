"""What would follow if an engineer did something now: who counts where, and who would hear what.

By the rules that count and that later send. Nothing is written: where something else would hold is a world
of its own, in memory.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from lineage.counting import whole
from lineage.graph import Node
from lineage.outcomes import passes
from lineage.person_news import Asker, hear, load_askers
from lineage.questions.closing import newly_owed, owed_now
from lineage.questions.closing_views import Closing
from lineage.supposing import SupposedWorld
from lineage.terms import ItemId, Money, PersonId, State
from store.workspaces import Workspace

LOOKED_AT = 200
"""For so many persons it is worked out what they would hear, first those whom we have known longest."""
COUNTED = 2_000
"""With more requests than this, what would count where is not worked out: only who would hear what."""
WRITTEN_OUT = 20
"""So many messages are shown in their words."""


@dataclass(frozen=True, slots=True)
class NewPart:
    """An issue that becomes a part; one that is not there yet has an id that no issue has."""

    item: ItemId
    key: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is done to `item`. `keeps` and `own_title` stay as they are where they are None; `delivered`: it
    is done then, what it keeps for itself included. `wants`: as `changes.PartsChosen` has it, for many.
    """

    item: ItemId
    add: Sequence[NewPart] = ()
    drop: Sequence[ItemId] = ()
    keeps: bool | None = None
    own_title: str | None = None
    wants: Mapping[PersonId, tuple[ItemId, ...] | None] = field(default_factory=dict)
    delivered: bool = False
    back: bool = False
    """Whether it is taken back: None of `keeps` and `own_title` then means that nobody has said."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many persons want this, and so much money rests on it."""

    people: int
    customer: Money
    pipeline: Money


@dataclass(frozen=True, slots=True)
class Place:
    """An item, or the part that it keeps, with what counts there now and what would. None: nothing."""

    key: str
    title: str
    own: bool
    before: Count | None
    after: Count | None
    item: ItemId


@dataclass(frozen=True, slots=True)
class WhenDone:
    """What the persons hear once this part is out, after what was supposed."""

    key: str
    title: str
    own: bool
    hear: tuple[tuple[str, int], ...]
    named: Mapping[str, frozenset[ItemId]]
    """As in `Closing`."""
    item: ItemId


@dataclass(frozen=True, slots=True)
class Following:
    """`now`: what is said because of it, in these words; `later`: what each part would say once it is out.

    `unseen`: so many persons more ask for it, for whom that was not worked out.
    """

    places: tuple[Place, ...]
    now: Closing
    later: tuple[WhenDone, ...]
    unseen: int


def following(
    conn: Connection, workspace: Workspace, supposed: Supposed, *, now: datetime, look_at: int = LOOKED_AT
) -> Following:
    """What would follow from this. An item that was never heard of has no followers: raises KeyError."""
    world = SupposedWorld(conn, workspace.id)
    named = [supposed.item, *(part.item for part in supposed.add)]
    asks = conn.scalar(_ASKS, {"workspace": workspace.id, "items": named}) or 0
    if asks <= COUNTED:
        world.load_islands(named)
    world.load_links(named)
    everybody = [
        PersonId(one) for one in conn.scalars(_PERSONS, {"workspace": workspace.id, "item": supposed.item})
    ]
    looked_at = everybody[:look_at]
    heard = hear(conn, workspace.id, world, looked_at)
    askers = list(load_askers(conn, workspace.id, looked_at, heard))
    known = [owed_now(workspace, world, asker) for asker in askers]
    before = _counts(conn, workspace, world) if asks <= COUNTED else {}
    suppose(world, supposed, now)
    after = _counts(conn, workspace, world) if asks <= COUNTED else {}
    return Following(
        tuple(_places(world, supposed.item, before, after)),
        newly_owed(workspace, world, askers, known, most=WRITTEN_OUT),
        tuple(_later(workspace, world, supposed.item, askers, now)),
        len(everybody) - len(looked_at),
    )


def suppose(world: SupposedWorld, supposed: Supposed, at: datetime) -> None:
    """From now on `world` answers as if this had been done."""
    item = supposed.item
    changed = {"keeps_part": supposed.keeps, "own_title": supposed.own_title}
    world.suppose_item(
        item, **{name: value for name, value in changed.items() if supposed.back or value is not None}
    )
    for part in supposed.add:
        world.suppose_part(item, part.item, key=part.key, title=part.title, at=at)
    for gone in supposed.drop:
        world.suppose_no_part(item, gone)
    world.suppose_wanted(item, supposed.wants, at)
    if supposed.delivered:
        world.suppose(item, State.DELIVERED, at)


def _later(
    workspace: Workspace, world: SupposedWorld, item: ItemId, askers: Sequence[Asker], now: datetime
) -> Iterator[WhenDone]:
    """Each part that is not out yet, done by itself."""
    known = [owed_now(workspace, world, asker) for asker in askers]
    for node in _nodes(world, item):
        state, at = world.states[node.item], world.state_times[node.item]
        if state is State.DELIVERED:
            continue
        world.suppose(node.item, State.DELIVERED, now)
        said = newly_owed(workspace, world, askers, known, most=0)
        world.suppose(node.item, state, at)
        key, title = _named(world, node, open_item=item)
        yield WhenDone(key, title, node.own, said.hear, said.named, node.item)


def _nodes(world: SupposedWorld, item: ItemId) -> list[Node]:
    """Where asks for this item go next: its parts; itself where it has none."""
    parts = world.flow.splits.get(item, ())
    return [part.node for part in parts] or [Node(item)]


def _places(
    world: SupposedWorld, item: ItemId, before: Mapping[Node, Count], after: Mapping[Node, Count]
) -> Iterator[Place]:
    nodes = dict.fromkeys([Node(item), Node(item, own=True), *_nodes(world, item)])
    nodes |= dict.fromkeys(node for node in before if node not in after)
    for node in nodes:
        was, will = before.get(node), after.get(node)
        if was or will or node in after:
            key, title = _named(world, node, open_item=item)
            yield Place(key, title, node.own, was, will, node.item)


def _named(world: SupposedWorld, node: Node, *, open_item: ItemId) -> tuple[str, str]:
    """Its key, and what customers read. Only the open item's summary is sure to be for whoever reads this."""
    row = world.items[node.item]
    summary = row.summary if node.item == open_item else ""
    title = row.own_title if node.own else row.public_title or summary
    return str(row.key), str(title or "")


def _counts(conn: Connection, workspace: Workspace, world: SupposedWorld) -> dict[Node, Count]:
    """Persons and money at each node on which anything rests."""
    people: dict[Node, set[PersonId]] = {}
    for ask, row in world.asks.items():
        for node in () if row.staff or not row.proven else world.rest(ask).shares:
            people.setdefault(node, set()).add(row.person)
    money = _money(conn, workspace, world, {node.item for node in people})
    nothing = Money(0, workspace.policy.currency)
    return {node: Count(len(who), *money.get(node.item, (nothing, nothing))) for node, who in people.items()}


def _money(
    conn: Connection, workspace: Workspace, world: SupposedWorld, wanted: Collection[ItemId]
) -> dict[ItemId, tuple[Money, Money]]:
    rows = whole.expected(conn, workspace, world, world.items.keys())["demands"].values()
    currency = workspace.policy.currency
    return {
        row["item_id"]: (Money(row["customer"], currency), Money(row["pipeline"], currency))
        for row in rows
        if row["item_id"] in wanted
    }


_ASKS = (
    select(func.count())
    .select_from(passes)
    .where(
        passes.c.workspace_id == bindparam("workspace"),
        passes.c.item_id.in_(bindparam("items", expanding=True)),
        passes.c.own.is_(False),
    )
)
_PERSONS = (
    select(passes.c.person_id)
    .distinct()
    .where(passes.c.workspace_id == bindparam("workspace"), passes.c.item_id == bindparam("item"))
    .order_by(passes.c.person_id)
)
