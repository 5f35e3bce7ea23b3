"""Work items as the tracker shows them: what an observation of an issue changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, insert, select

from lineage.batches import batched
from lineage.changes import IssueDeleted, IssueSeen, IssueUnreadable, VersionSeen
from lineage.components import belongs_to, components_seen
from lineage.counting.pushing import push_again
from lineage.item_rows import placeholder, row_of, set_item
from lineage.links import links_seen
from lineage.standing import state_of
from lineage.tables import item_versions, items, versions
from lineage.terms import ItemId, State
from lineage.touched import UNCHANGED, Effect, Touched
from lineage.world import CHUNK
from store.database import upsert
from store.rows import find_row, find_rows
from store.workspaces import Workspace


def issue_seen(conn: Connection, workspace: Workspace, seen: IssueSeen, now: datetime) -> Touched:
    """Apply the difference between what is known of an issue and what was read just now.

    An answer older than what is known (by Jira's own `updated`) changes nothing, so late news cannot
    undo newer.
    """
    known = row_of(conn, workspace.id, seen.item)
    if known is not None and _is_late(known, seen):
        return UNCHANGED
    touched = Touched(changed=_note(conn, workspace.id, known, seen, now))
    touched.effects += _differences(known, seen)
    if known is not None and known.project != seen.project:
        push_again(conn, workspace.id, [seen.item], now=now)  # who may browse the project may be others
    kept = belongs_to(conn, workspace.id, seen.item)
    touched.changed |= _versions_of(conn, workspace.id, seen, kept.versions, now)
    touched.changed |= components_seen(conn, workspace.id, seen, kept.components)
    touched.changed |= links_seen(conn, workspace.id, seen, touched, now)
    moved = restate(conn, workspace, {seen.item})
    touched.restated = set(moved)
    touched.effects += (move for move in moved.values() if move.was != move.now or _was_read(known))
    touched.changed |= bool(moved)
    return touched if touched.changed else Touched(changed=False, wanted=touched.wanted)


def _was_read(known: Row[Any] | None) -> bool:
    """Whether its row tells of an earlier reading; else it is a placeholder, or none."""
    return known is not None and known.read_at is not None


def _differences(known: Row[Any] | None, seen: IssueSeen) -> list[Effect]:
    if known is None or not _was_read(known):
        return []
    fields = {"key": seen.key, "summary": seen.summary, "status": seen.status}
    return [
        Effect(seen.item, name, getattr(known, name), value)
        for name, value in fields.items()
        if getattr(known, name) != value
    ]


def _is_late(known: Row[Any], seen: IssueSeen) -> bool:
    if known.deleted_at is not None and seen.updated <= known.deleted_at:
        return True
    return known.read_at is not None and seen.updated < known.updated_at


def issue_deleted(conn: Connection, workspace: Workspace, gone: IssueDeleted, _now: datetime) -> Touched:
    """The asks wait on the item, flagged for a person; no credit moves (rule 12)."""
    known = row_of(conn, workspace.id, gone.item)
    if known is None or known.deleted_at is not None:
        return UNCHANGED
    set_item(conn, workspace.id, gone.item, {"deleted_at": gone.at})
    moved = restate(conn, workspace, {gone.item})
    return Touched(restated=set(moved), effects=list(moved.values()))


def issue_unreadable(
    conn: Connection, workspace: Workspace, seen: IssueUnreadable, _now: datetime
) -> Touched:
    """Noted and shown; a bare 404 is not a deletion (rule 12)."""
    known = row_of(conn, workspace.id, seen.item)
    if known is None or known.unreadable_at is not None:
        return UNCHANGED
    set_item(conn, workspace.id, seen.item, {"unreadable_at": seen.at})
    return Touched()


def version_seen(conn: Connection, workspace: Workspace, seen: VersionSeen, now: datetime) -> Touched:
    """A fix version was read: its items are delivered, or no longer, where delivered means released."""
    if not _version(conn, workspace.id, seen, now):
        return UNCHANGED
    fixed_in_it = find_rows(conn, item_versions, workspace_id=workspace.id, version_id=seen.version_id)
    moved = restate(conn, workspace, {ItemId(row.item_id) for row in fixed_in_it})
    return Touched(restated=set(moved), effects=list(moved.values()))


def restate(conn: Connection, workspace: Workspace, wanted: Iterable[ItemId]) -> dict[ItemId, Effect]:
    """Work out the state of these items again; what it was and is where it or its time changed."""
    changed: dict[ItemId, Effect] = {}
    for item, (was, state, at) in stale_states(conn, workspace, wanted).items():
        set_item(conn, workspace.id, item, {"state": state.value, "state_at": at})
        changed[item] = Effect(item, "state", was.value, state.value)
    return changed


def stale_states(
    conn: Connection, workspace: Workspace, wanted: Iterable[ItemId]
) -> dict[ItemId, tuple[State, State, datetime]]:
    """The items whose state, or its time, is not what follows from the facts: what it is, and should be."""
    found: dict[ItemId, tuple[State, State, datetime]] = {}
    for chunk in batched(wanted, CHUNK):
        rows = conn.execute(_ITEMS, {"workspace": workspace.id, "items": chunk}).all()
        released = _released(conn, workspace, rows)
        for row in rows:
            on_release = workspace.policy.on_release(row.project)
            state, at = _state(row, released.get(row.id, []), on_release=on_release)
            if (state.value, at) != (row.state, row.state_at):
                found[ItemId(row.id)] = (State(row.state), state, at)
    return found


def _state(
    row: Row[Any], released: list[tuple[bool, datetime]], *, on_release: bool
) -> tuple[State, datetime]:
    state = state_of(
        category=row.category,
        resolution_id=row.resolution_id,
        meaning=row.meaning,
        on_release=on_release,
        released=[out for out, _ in released],
        gone=row.deleted_at is not None,
    )
    if state is State.GONE:
        return state, row.deleted_at
    if state is State.DELIVERED and on_release:
        return state, max([row.status_at, *(at for _, at in released)])
    return state, row.status_at


def _released(
    conn: Connection, workspace: Workspace, rows: Iterable[Row[Any]]
) -> dict[str, list[tuple[bool, datetime]]]:
    """For those of these items to which it matters: whether each of their versions is out, and since when."""
    waiting = [row.id for row in rows if workspace.policy.on_release(row.project)]
    if not waiting:
        return {}
    found: dict[str, list[tuple[bool, datetime]]] = {}
    for row in conn.execute(_RELEASED, {"workspace": workspace.id, "items": waiting}):
        found.setdefault(row.item_id, []).append((row.released, row.changed_at))
    return found


def _note(
    conn: Connection, workspace_id: int, known: Row[Any] | None, seen: IssueSeen, now: datetime
) -> bool:
    values = {
        "key": seen.key, "summary": seen.summary, "project": seen.project, "issue_type": seen.issue_type,
        "status": seen.status, "category": seen.category, "resolution_id": seen.resolution_id,
        "resolution": seen.resolution, "meaning": seen.meaning, "url": seen.url, "created_at": seen.created,
        "status_at": seen.state_at, "children_done": sum(child.done for child in seen.children),
        "children_all": len(seen.children), "children": _children(seen), "parent_id": seen.parent,
        "unmapped_links": list(seen.unmapped_links), "deleted_at": None, "unreadable_at": None,
    }  # fmt: skip
    if known is None:
        placeholder(conn, workspace_id, seen.item, seen.key, now)
        known = row_of(conn, workspace_id, seen.item)
    differs = known is None or known.read_at is None or any(getattr(known, k) != v for k, v in values.items())
    set_item(conn, workspace_id, seen.item, {**values, "updated_at": seen.updated, "read_at": now})
    return differs


def _children(seen: IssueSeen) -> list[dict[str, Any]]:
    """As they are kept. People may rank them anew, which is nothing new here."""
    ordered = sorted(seen.children, key=lambda child: (len(child.item), child.item))
    return [{"id": child.item, "key": child.key, "done": child.done} for child in ordered]


def _versions_of(conn: Connection, workspace_id: int, seen: IssueSeen, kept: set[str], now: datetime) -> bool:
    changed = False
    for version in seen.versions:
        changed |= _version(conn, workspace_id, version, now)
    of_item = (item_versions.c.workspace_id == workspace_id, item_versions.c.item_id == seen.item)
    wanted = {version.version_id for version in seen.versions}
    for gone in kept - wanted:
        conn.execute(delete(item_versions).where(*of_item, item_versions.c.version_id == gone))
    for fresh in wanted - kept:
        row = {"workspace_id": workspace_id, "item_id": seen.item, "version_id": fresh}
        conn.execute(insert(item_versions).values(row))
    return changed or kept != wanted


def _version(conn: Connection, workspace_id: int, seen: VersionSeen, now: datetime) -> bool:
    known = find_row(conn, versions, workspace_id=workspace_id, id=seen.version_id)
    if known is not None and (known.name, known.released) == (seen.name, seen.released):
        return False
    changed_at = now if known is None or known.released != seen.released else known.changed_at
    key = {"workspace_id": workspace_id, "id": seen.version_id}
    values = {"name": seen.name, "released": seen.released, "changed_at": changed_at}
    upsert(conn, versions, list(key), key | values)
    return True


_items: BindParameter[Any] = bindparam("items", expanding=True)
_ITEMS = select(items).where(items.c.workspace_id == bindparam("workspace"), items.c.id.in_(_items))
_RELEASED = (
    select(item_versions.c.item_id, versions.c.released, versions.c.changed_at)
    .join(versions, versions.c.id == item_versions.c.version_id)
    .where(item_versions.c.workspace_id == bindparam("workspace"), item_versions.c.item_id.in_(_items))
    .where(versions.c.workspace_id == bindparam("workspace"))
)
