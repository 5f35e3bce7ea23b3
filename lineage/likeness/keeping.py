"""What is kept of each item's words, in line with the facts: marked by `marking`, worked out by the worker.

Each row is worked out whole from the facts, so it is the same in whatever order they came, and a rebuild
finds nothing to mend. Only one thing is done at once: the words of somebody who is forgotten go.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Connection, bindparam, select, union

from lineage.batches import batched
from lineage.likeness import documents, marking
from lineage.likeness.marking import Marked
from lineage.likeness.packed import pack
from lineage.likeness.tables import likenesses, rejections
from lineage.tables import asks, requests
from lineage.terms import ItemId, PersonId
from lineage.world import CHUNK
from store.database import insert_or_ignore
from store.rows import update_rows
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace

SHELF = Marked("likenesses", likenesses)


def work(conn: Connection, workspace: Workspace, claimed: Claimed) -> None:
    """Bring one item in line, in one transaction with the mark. Raises Superseded."""
    if not SHELF.done(conn, claimed):
        raise Superseded
    keep(conn, workspace, [ItemId(claimed.row["item_id"])])


def keep(conn: Connection, workspace: Workspace, wanted: Iterable[ItemId]) -> list[ItemId]:
    """Bring these items in line, where something is kept of them already; which of them were not.

    The caller holds the workspace, so that serials come in the order of the commits.
    """
    stale = stale_rows(conn, workspace, wanted)
    serial = last_serial(conn, workspace.id) if stale else 0
    for number, (item, features) in enumerate(sorted(stale.items()), 1):
        kept = {"features": features, "serial": serial + number}
        update_rows(conn, likenesses, kept, workspace_id=workspace.id, item_id=item)
    return sorted(stale)


def last_serial(conn: Connection, workspace_id: int) -> int:
    """The number of what changed last, 0 where nothing is kept."""
    return conn.scalar(_LAST, {"workspace": workspace_id}) or 0


def number_anew(conn: Connection, workspace_id: int, items: AbstractSet[ItemId]) -> None:
    """Whoever reads on from a serial meets these once more. The caller holds the workspace."""
    last = last_serial(conn, workspace_id)
    for number, item in enumerate(sorted(items), 1):
        update_rows(conn, likenesses, {"serial": last + number}, workspace_id=workspace_id, item_id=item)


def stale_rows(conn: Connection, workspace: Workspace, wanted: Iterable[ItemId]) -> dict[ItemId, str]:
    """The items of which something else is kept than follows from the facts, with what should be."""
    found: dict[ItemId, str] = {}
    for chunk in batched(wanted, CHUNK):
        own = documents.own_texts(conn, workspace.id, chunk)
        for row in conn.execute(_KEPT, {"workspace": workspace.id, "items": chunk}).all():
            item = ItemId(row.item_id)
            expected = pack(
                own.get(item, ""),
                (said.text for said in documents.asked(conn, workspace.id, item)),
                documents.rejected(conn, workspace.id, item),
            )
            if expected != row.features:
                found[item] = expected
    return found


def look(conn: Connection, workspace: Workspace, wanted: AbstractSet[ItemId], *, mend: bool) -> list[str]:
    """The differences in words; what waits for the worker is none, though it is mended with the others."""
    query = {"workspace": workspace.id}
    kept: dict[str, Any] = {}
    for chunk in batched(wanted, CHUNK):
        kept |= {row.item_id: row.due_at for row in conn.execute(_KEPT, query | {"items": chunk})}
    waiting = marking.unheard(conn, workspace.id)
    missing = [item for item in sorted(wanted) if item not in kept and item not in waiting]
    settled = [item for item in wanted if item in kept and kept[item] is None and item not in waiting]
    stale = stale_rows(conn, workspace, settled)
    if mend:
        for item in sorted(wanted - kept.keys()):
            insert_or_ignore(conn, likenesses, {"workspace_id": workspace.id, "item_id": item})
        keep(conn, workspace, wanted)
    others = [f"likenesses {item}: has other words" for item in sorted(stale)]
    return [f"likenesses {item}: missing" for item in missing] + others


def items_of_person(conn: Connection, workspace_id: int, person: PersonId) -> set[ItemId]:
    """The items for which, or against which, this person's words speak."""
    theirs = {"workspace": workspace_id, "person": person}
    return {ItemId(item) for item in conn.scalars(_OF_PERSON, theirs)}


_here = likenesses.c.workspace_id == bindparam("workspace")
_LAST = select(likenesses.c.serial).where(_here).order_by(likenesses.c.serial.desc()).limit(1)
_KEPT = select(likenesses.c.item_id, likenesses.c.features, likenesses.c.due_at).where(
    _here, likenesses.c.item_id.in_(bindparam("items", expanding=True))
)
_OF_PERSON = union(
    *(
        select(one.c.item_id)
        .join(requests, (requests.c.workspace_id == one.c.workspace_id) & (requests.c.id == one.c.request_id))
        .where(requests.c.workspace_id == bindparam("workspace"), requests.c.person_id == bindparam("person"))
        for one in (asks, rejections)
    )
)
