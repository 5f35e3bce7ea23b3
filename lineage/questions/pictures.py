"""The links between items, as lists and as pictures."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from lineage.batches import batched
from lineage.carriers import Rest
from lineage.graph import Edge, link_order
from lineage.outcomes import demands
from lineage.questions.views import EdgeView, Picture, PictureNode
from lineage.terms import AskId, EdgeKind, ItemId
from lineage.world import CHUNK, World
from store.workspaces import Workspace

MERGED_BACK = "the part was merged back into what it was split from"


def edges_at(conn: Connection, workspace: Workspace, item_id: ItemId) -> list[EdgeView]:
    """The links at this item by age, those that are set aside included."""
    world = World(conn, workspace.id)
    world.load_island_links([item_id])
    return _views(world, world.edges_of(item_id))


def picture_of_item(conn: Connection, workspace: Workspace, item_id: ItemId) -> Picture:
    """The items from which asks come to this one and to which they go on; empty if it was never heard of."""
    world = World(conn, workspace.id)
    world.load_island_links([item_id])
    if item_id not in world.items:
        return Picture((), ())
    near = {end for edge in world.edges_of(item_id) for end in (edge.src, edge.dst)}
    shown = world.sources_of(item_id) | world.targets_of(item_id) | near
    return _picture(conn, workspace, world, shown)


def picture_of_ask(conn: Connection, workspace: Workspace, ask_id: AskId) -> Picture:
    """The items that this ask passed and rests on, with its shares; empty where it counts no more."""
    world = World(conn, workspace.id)
    world.load_asks([ask_id])
    if ask_id not in world.asks:
        return Picture((), ())
    rest = world.rest(ask_id)
    return _picture(conn, workspace, world, {node.item for node in rest.passed}, rest)


def _picture(
    conn: Connection, workspace: Workspace, world: World, shown: Collection[ItemId], rest: Rest | None = None
) -> Picture:
    edges = world.edges_among(shown)
    counts = _people_on(conn, workspace, shown)
    order = dict.fromkeys(end for edge in sorted(edges, key=link_order) for end in (edge.src, edge.dst))
    nodes = tuple(
        PictureNode(
            id=item,
            key=world.items[item].key,
            title=world.items[item].public_title or world.items[item].summary,
            state=world.states[item],
            count=counts.get(item, 0),
            share=_share(rest, item),
        )
        for item in dict.fromkeys((*order, *sorted(shown)))
    )
    return Picture(nodes, tuple(_views(world, edges)))


def _share(rest: Rest | None, item: ItemId) -> str | None:
    of = [share for node, share in rest.shares.items() if node.item == item] if rest else []
    return str(sum(of)) if of else None


def _views(world: World, edges: Iterable[Edge]) -> list[EdgeView]:
    against = {aside.edge.link_id: aside.why for aside in world.aside}
    against |= {
        edge.link_id: MERGED_BACK
        for edge in edges
        if edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) in world.flow.returned
    }
    return [
        EdgeView(
            edge.kind.value, world.items[edge.src].key, world.items[edge.dst].key, edge.link_id,
            edge.link_id not in against, against.get(edge.link_id, ""),
        )
        for edge in sorted(edges, key=link_order)
    ]  # fmt: skip


def _people_on(conn: Connection, workspace: Workspace, shown: Collection[ItemId]) -> dict[ItemId, int]:
    """How many persons have an ask that passes or rests on each of these items; staff do not count."""
    found: dict[ItemId, int] = {}
    for chunk in batched(shown, CHUNK):
        query = select(demands.c.item_id, demands.c.requesters).where(
            demands.c.workspace_id == workspace.id, demands.c.item_id.in_(chunk), demands.c.ranked
        )
        found |= {ItemId(row.item_id): row.requesters for row in conn.execute(query)}
    return found
