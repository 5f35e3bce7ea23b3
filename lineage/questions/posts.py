"""How far what a forum post asks for is, in what everybody may know."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from lineage.batches import batched
from lineage.carriers import rest
from lineage.graph import Node
from lineage.outcomes import told
from lineage.questions.views import PostStatus
from lineage.standing import progress
from lineage.tables import placements
from lineage.terms import ItemId, Kind, State
from lineage.world import CHUNK, World
from store.workspaces import Workspace

UNPLACED = PostStatus(None, 0, 0)


def post_status(conn: Connection, workspace: Workspace, post_id: str) -> PostStatus:
    """How far one post is."""
    return post_statuses(conn, workspace, [post_id])[post_id]


def post_statuses(conn: Connection, workspace: Workspace, post_ids: Collection[str]) -> dict[str, PostStatus]:
    """How far these posts are, in as few statements as for one.

    A post stands as a vote for it would that wants everything. What was declined is shown as not begun
    until somebody was told so: it waits for a person's approval as the letters do.
    """
    placed = _placed(conn, workspace, post_ids)
    world = World(conn, workspace.id)
    world.load_links(item for items in placed.values() for item in items)
    found = {
        post: {node for item in items for node in rest(item, world.state_times[item], world.flow).shares}
        for post, items in placed.items()
    }
    known = known_to_be_declined(conn, workspace, world, {node for of in found.values() for node in of})
    return {post: _status(world, found[post], known) if post in found else UNPLACED for post in post_ids}


def _status(world: World, nodes: Collection[Node], known: Collection[ItemId]) -> PostStatus:
    states = [world.state(node) for node in nodes]
    shown = [
        State.OPEN if state is State.DECLINED and node.item not in known else state
        for node, state in zip(nodes, states, strict=True)
    ]
    so_far = progress(shown)
    return PostStatus(so_far.standing, so_far.delivered, so_far.parts)


def _placed(conn: Connection, workspace: Workspace, post_ids: Collection[str]) -> dict[str, list[ItemId]]:
    found: dict[str, list[ItemId]] = defaultdict(list)
    for chunk in batched(post_ids, CHUNK):
        query = select(placements).where(
            placements.c.workspace_id == workspace.id, placements.c.post_id.in_(chunk)
        )
        for row in conn.execute(query.order_by(placements.c.linked_at, placements.c.item_id)):
            found[row.post_id].append(ItemId(row.item_id))
    return dict(found)


def known_to_be_declined(
    conn: Connection, workspace: Workspace, world: World, nodes: Collection[Node]
) -> set[ItemId]:
    """The items of these nodes that will not be done, where somebody was told so or may be at any time."""
    declined = {node.item for node in nodes if world.state(node) is State.DECLINED}
    if Kind.DECLINED.value in workspace.policy.auto_kinds:
        return declined
    query = select(told.c.item_id).where(
        told.c.workspace_id == workspace.id, told.c.happened == "declined", told.c.retracted_at.is_(None)
    )
    return {
        ItemId(item)
        for chunk in batched(declined, CHUNK)
        for item in conn.scalars(query.where(told.c.item_id.in_(chunk)))
    }
