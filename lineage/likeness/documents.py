"""The texts that speak for an item: its own, and those of the requests for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, bindparam, select

from lineage.batches import batched
from lineage.likeness.tables import rejections
from lineage.tables import asks, items, placements, posts, requests
from lineage.terms import ItemId
from lineage.world import CHUNK

NEWEST = 200
"""So many of the requests for an item are taken into account, the newest; it costs the same for a hot one."""


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier request: where it was made, and its words."""

    origin: str
    text: str


def own_texts(conn: Connection, workspace_id: int, wanted: Iterable[ItemId]) -> dict[ItemId, str]:
    """What is written on these items, for engineers and for customers, and on forum posts about them."""
    found: dict[ItemId, str] = {}
    for chunk in batched(wanted, CHUNK):
        given = {"workspace": workspace_id, "items": chunk}
        for row in conn.execute(_ITEMS, given):
            found[ItemId(row.id)] = "\n".join(filter(None, (row.summary, row.public_title, row.own_title)))
        titles = sorted((row.item_id, row.title) for row in conn.execute(_POSTS, given))
        for item, title in titles:
            found[ItemId(item)] += f"\n{title}"
    return found


def asked(conn: Connection, workspace_id: int, item: ItemId, *, newest: int = NEWEST) -> list[Said]:
    """The newest requests that are linked to an item now; those taken back are none."""
    rows = conn.execute(_ASKED, {"workspace": workspace_id, "item": item, "newest": newest})
    return [Said(row.origin, f"{row.subject}\n{row.words}") for row in rows]


def rejected(conn: Connection, workspace_id: int, item: ItemId, *, newest: int = NEWEST) -> list[str]:
    """The newest requests that are not about an item, as agents said; none that is linked to it since."""
    rows = conn.execute(_REJECTED, {"workspace": workspace_id, "item": item, "newest": newest})
    return [f"{row.subject}\n{row.words}" for row in rows]


_ITEMS = select(items.c.id, items.c.summary, items.c.public_title, items.c.own_title).where(
    items.c.workspace_id == bindparam("workspace"), items.c.id.in_(bindparam("items", expanding=True))
)
_POSTS = (
    select(placements.c.item_id, posts.c.title)
    .join(posts, (posts.c.workspace_id == placements.c.workspace_id) & (posts.c.id == placements.c.post_id))
    .where(placements.c.workspace_id == bindparam("workspace"))
    .where(placements.c.item_id.in_(bindparam("items", expanding=True)))
)
_request = (requests.c.subject, requests.c.words, requests.c.origin)
_ASKED = (
    select(*_request)
    .join(asks, asks.c.request_id == requests.c.id)  # by one key, or Postgres begins elsewhere
    .where(asks.c.workspace_id == bindparam("workspace"), asks.c.item_id == bindparam("item"))
    .where(asks.c.withdrawn_at.is_(None), asks.c.detached_at.is_(None), requests.c.withdrawn_at.is_(None))
    .order_by(asks.c.linked_at.desc(), requests.c.origin.desc())
    .limit(bindparam("newest", type_=Integer))
)
_REJECTED = (
    select(*_request)
    .join(rejections, rejections.c.request_id == requests.c.id)
    .where(rejections.c.workspace_id == bindparam("workspace"), rejections.c.item_id == bindparam("item"))
    .where(
        ~select(asks.c.id)
        .where(asks.c.workspace_id == rejections.c.workspace_id, asks.c.request_id == requests.c.id)
        .where(asks.c.item_id == rejections.c.item_id)
        .where(asks.c.withdrawn_at.is_(None), asks.c.detached_at.is_(None))
        .exists()
    )
    .order_by(rejections.c.at.desc(), requests.c.origin.desc())
    .limit(bindparam("newest", type_=Integer))
)
