"""The lineage around one item, for colleagues: who asked where, and what that became."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row

from lineage.graph import Edge, Flow, Node, SplitFacts, flow, link_order
from lineage.questions import neighbours
from lineage.questions.edges import set_aside
from lineage.questions.near import MOST, Group, Near
from lineage.questions.neighbours import Hidden
from lineage.questions.picture_rows import askers_of, items_of, people_on
from lineage.questions.picture_views import Picture, PictureEdge, PictureNode
from lineage.standing import SETTLED, carrier_state
from lineage.terms import EdgeKind, ItemId, State
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything that the picture needs, loaded. `edges` are those between shown items; `unseen`: how many
    parts of each item are not shown.
    """

    here: ItemId
    near: Near[ItemId]
    rows: Mapping[ItemId, Row[Any]]
    edges: list[Edge]
    flow: Flow
    unseen: Mapping[ItemId, int]
    people: Mapping[ItemId, int]
    asking: Mapping[ItemId, Row[Any]]
    hidden: Mapping[Group[ItemId], Hidden]


def picture_of_item(conn: Connection, workspace: Workspace, item_id: ItemId) -> Picture:
    """The items from which asks come to this one and to which they go on; empty if it was never heard of.

    What stands is judged by what is shown: a link that closes a circle far away may be drawn as if it stood,
    and an own part that nobody has spoken about reads as closed while other parts are not shown.
    """
    near = neighbours.around(conn, workspace, item_id)
    rows = items_of(conn, workspace, near.shown)
    if item_id not in rows:
        return Picture()
    edges = neighbours.links_among(conn, workspace, near.shown)
    facts = {
        item: SplitFacts(row.keeps_part, {ItemId(k): v for k, v in row.sizes.items()})
        for item, row in rows.items()
    }
    seen = Counter(edge.src for edge in edges if edge.kind is EdgeKind.SPLIT)
    parts = neighbours.parts_of(conn, workspace, near.shown)
    scene = _Scene(
        here=item_id,
        near=near,
        rows=rows,
        edges=sorted((edge for edge in edges if edge.dst in near.shown), key=link_order),
        flow=flow(edges, facts),
        unseen={item: number - seen[item] for item, number in parts.items()},
        people=people_on(conn, workspace, near.shown),
        asking=askers_of(conn, workspace, near.shown),
        hidden=neighbours.hidden(conn, workspace, near),
    )
    nodes = [*_items(scene), *_folds(scene)]
    askers = list(_askers(scene))[: MOST - len(nodes)]
    asked = [PictureEdge("asked", one.name, f"item:{one.name.partition(':')[2]}") for one in askers]
    return Picture((*askers, *nodes), (*asked, *_links(scene), *_fold_links(scene)))


def _items(scene: _Scene) -> Iterator[PictureNode]:
    for item in scene.near.shown:
        row = scene.rows[item]
        yield PictureNode(
            f"item:{item}", "item", row.key, row.public_title or row.summary, row.url, State(row.state),
            people=scene.people.get(item, 0), here=item == scene.here,
            beyond=scene.near.beyond.get(item, 0),
        )  # fmt: skip
        if _keeps(scene, item):
            state = _own_state(scene, item)
            yield PictureNode(f"part:{item}", "part", row.key, row.own_title or "", row.url, state)


def _own_state(scene: _Scene, item: ItemId) -> State:
    keeps = scene.rows[item].keeps_part
    states = defaultdict(lambda: State.OPEN, {one: State(row.state) for one, row in scene.rows.items()})
    if keeps is None and states[item] in SETTLED and scene.unseen[item]:
        return State.CLOSED
    return carrier_state(Node(item, own=True), states, scene.flow, keeps=keeps)


def _keeps(scene: _Scene, item: ItemId) -> bool:
    return any(part.node.own for part in scene.flow.splits.get(item, ()))


def _folds(scene: _Scene) -> Iterator[PictureNode]:
    for group, held in scene.hidden.items():
        yield PictureNode(
            _fold_name(group), "folded", number=group.hidden, delivered=held.delivered, people=held.people
        )


def _fold_links(scene: _Scene) -> Iterator[PictureEdge]:
    for group in scene.hidden:
        fold, item = _fold_name(group), f"item:{group.at}"
        yield PictureEdge(group.kind.value, *((fold, item) if group.up else (item, fold)))


def _fold_name(group: Group[ItemId]) -> str:
    return f"folded:{'to' if group.up else 'from'}:{group.kind}:{group.at}"


def _askers(scene: _Scene) -> Iterator[PictureNode]:
    for item in scene.near.shown:
        if row := scene.asking.get(item):
            yield PictureNode(f"askers:{item}", "askers", people=row.people, companies=row.companies)


def _links(scene: _Scene) -> Iterator[PictureEdge]:
    against = set_aside(scene.edges, scene.flow)
    shares: dict[str, str] = {}
    for item, parts in scene.flow.splits.items():
        total = _size(scene, item)
        for part in parts:
            share = str(Fraction(part.size, total))
            if part.edge:
                shares[part.edge.link_id] = share
            else:
                yield PictureEdge("split", f"item:{item}", f"part:{item}", share=share)
    for edge in scene.edges:
        passes_own = edge.kind is EdgeKind.MERGED and _keeps(scene, edge.src)
        yield PictureEdge(
            edge.kind.value, f"{'part' if passes_own else 'item'}:{edge.src}", f"item:{edge.dst}",
            edge.link_id not in against, against.get(edge.link_id, ""), shares.get(edge.link_id),
        )  # fmt: skip


def _size(scene: _Scene, item: ItemId) -> int:
    """Of all parts, those in a fold or beyond the picture too; a part without a size counts as 1."""
    parts = scene.flow.splits[item]
    shown = {part.node.item for part in parts}
    unseen = scene.unseen.get(item, 0)
    sizes: Mapping[str, int] = scene.rows[item].sizes
    sized = sum(size - 1 for part, size in sizes.items() if part not in (*shown, item)) if unseen else 0
    return sum(part.size for part in parts) + unseen + sized
