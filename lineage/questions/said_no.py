"""What whoever asked may know to be declined: nothing gives it away before somebody approved saying so."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from lineage.batches import batched
from lineage.outcomes import told, told_asks
from lineage.terms import AskId, ItemId, Kind, State
from lineage.world import CHUNK, World
from store.workspaces import Workspace


def told_no(conn: Connection, workspace: Workspace, world: World, asks: Collection[AskId]) -> set[ItemId]:
    """The items of which these asks, which are loaded, were told that they will not be done.

    Where a no goes out by itself, all that are declined.
    """
    if Kind.DECLINED.value in workspace.policy.auto_kinds:
        return {item for item, state in world.states.items() if state is State.DECLINED}
    query = (
        select(told.c.item_id)
        .join(told_asks, told_asks.c.told_id == told.c.id)
        .where(told.c.workspace_id == workspace.id, told_asks.c.workspace_id == workspace.id)
        .where(told.c.happened == "declined", told.c.retracted_at.is_(None))
    )
    chunks = batched(asks, CHUNK)
    said = {ItemId(item) for ids in chunks for item in conn.scalars(query.where(told_asks.c.ask_id.in_(ids)))}
    world.load_links(said)
    return {item for one in said if one in world.items for item in world.merged_into(one)}
