"""Work items as screens show them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from lineage.batches import batched
from lineage.questions.views import ItemView
from lineage.tables import item_versions, items, versions
from lineage.terms import ItemId, State
from lineage.world import CHUNK, World
from store.workspaces import Workspace


def item(conn: Connection, workspace: Workspace, key_or_id: str) -> ItemView | None:
    """The item of this key (`KS-1`) or id; None if it was never heard of."""
    named = or_(items.c.id == key_or_id, items.c.key == key_or_id)
    query = select(items.c.id, items.c.read_at).where(items.c.workspace_id == workspace.id, named)
    found = conn.execute(query).all()
    if not found:
        return None
    best = max(found, key=lambda row: (row.id == key_or_id, row.read_at is not None, row.id))
    return views(conn, workspace, [ItemId(best.id)])[ItemId(best.id)]


def titles(conn: Connection, workspace: Workspace, item_ids: Collection[ItemId]) -> dict[ItemId, str | None]:
    """What customers may read of these items; None where nobody has set it."""
    found: dict[ItemId, str | None] = {}
    for chunk in batched(item_ids, CHUNK):
        query = select(items.c.id, items.c.public_title).where(
            items.c.workspace_id == workspace.id, items.c.id.in_(chunk)
        )
        found |= {ItemId(row.id): row.public_title for row in conn.execute(query)}
    return found


def views(conn: Connection, workspace: Workspace, wanted: Iterable[ItemId]) -> dict[ItemId, ItemView]:
    """These items, as far as they are known, in the order asked for."""
    world = World(conn, workspace.id)
    ordered = list(dict.fromkeys(wanted))
    world.load_links(ordered)
    return views_in(conn, workspace, world, ordered)


def views_in(
    conn: Connection, workspace: Workspace, world: World, wanted: Iterable[ItemId]
) -> dict[ItemId, ItemView]:
    """The same for items whose links are loaded."""
    known = [one for one in dict.fromkeys(wanted) if one in world.items]
    released = _versions(conn, workspace.id, known)
    return {one: view_of(world, world.items[one], released.get(one, ())) for one in known}


def view_of(world: World, row: Row[Any], released: Collection[tuple[str, bool]]) -> ItemView:
    """One loaded item, with its fix versions."""
    parts = world.flow.splits.get(ItemId(row.id), ())
    return ItemView(
        id=ItemId(row.id),
        key=row.key,
        summary=row.summary,
        public_title=row.public_title,
        own_title=row.own_title,
        state=State(row.state),
        status=row.status,
        url=row.url,
        keeps_part=row.keeps_part,
        split=bool(parts),
        parts=tuple(part.node.item for part in parts if not part.node.own),
        read_at=row.read_at,
        unreadable=row.unreadable_at is not None,
        deleted=row.deleted_at is not None,
        unmapped_links=tuple(row.unmapped_links),
        children_done=row.children_done,
        children_all=row.children_all,
        versions=tuple(released),
        children_are_parts=row.children_are_parts,
    )


def _versions(
    conn: Connection, workspace_id: int, wanted: Collection[ItemId]
) -> Mapping[ItemId, list[tuple[str, bool]]]:
    found: dict[ItemId, list[tuple[str, bool]]] = {}
    for chunk in batched(wanted, CHUNK):
        for row in conn.execute(_VERSIONS, {"workspace": workspace_id, "items": chunk}):
            found.setdefault(ItemId(row.item_id), []).append((row.name, row.released))
    return found


_of_version = (versions.c.workspace_id == item_versions.c.workspace_id) & (
    versions.c.id == item_versions.c.version_id
)
_VERSIONS = (
    select(item_versions.c.item_id, versions.c.name, versions.c.released)
    .join(versions, _of_version)
    .where(item_versions.c.workspace_id == bindparam("workspace"))
    .where(item_versions.c.item_id.in_(bindparam("items", expanding=True)))
    .order_by(item_versions.c.item_id, versions.c.name)
)
