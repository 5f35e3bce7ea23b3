"""The links between items, and which of them count."""

from collections.abc import Iterable

from sqlalchemy import Connection

from lineage.graph import Edge, Flow, link_order
from lineage.questions.views import EdgeView
from lineage.terms import EdgeKind, ItemId
from lineage.world import World
from store.workspaces import Workspace

MERGED_BACK = "the part was merged back into what it was split from"


def edges_at(conn: Connection, workspace: Workspace, item_id: ItemId) -> list[EdgeView]:
    """The links at this item by age, those that are set aside included."""
    world = World(conn, workspace.id)
    world.load_links_at(item_id)
    return edges_in(world, item_id)


def edges_in(world: World, item: ItemId) -> list[EdgeView]:
    """The links at this item by age, as far as this world knows them."""
    edges = world.edges_of(item)
    against = set_aside(edges, world.flow)
    return [
        EdgeView(
            edge.kind.value, world.items[edge.src].key, world.items[edge.dst].key, edge.link_id,
            edge.link_id not in against, against.get(edge.link_id, ""), edge.src, edge.dst,
        )
        for edge in sorted(edges, key=link_order)
    ]  # fmt: skip


def set_aside(edges: Iterable[Edge], flow: Flow) -> dict[str, str]:
    """What stands against each of these links that does not count, by link id."""
    against = {aside.edge.link_id: aside.why for aside in flow.aside}
    return against | {
        edge.link_id: MERGED_BACK
        for edge in edges
        if edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) in flow.returned
    }
