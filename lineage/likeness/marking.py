"""Which items sound otherwise: read from the history afterwards, so that no change costs more for it.

The worker reads on where it stopped, a few hundred rows at a time. A workspace is held for it, as for a
change: so no row with a lower number can come after those that were read.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, Row, bindparam, func, select

from lineage.likeness.tables import likeness_heard, likenesses
from lineage.tables import asks, history, placements, requests
from lineage.terms import ItemId, Origin
from store import workspaces
from store.database import insert_or_ignore, upsert, upsert_many
from store.waiting import Claimed, Shelf

AT_ONCE = 500
"""So many rows of the history are read in one transaction."""

NAMED = frozenset({"IssueSeen", "Titled", "PutBack", "Linked", "Unlinked", "NotThis", "MaybeThis"})
OF_A_POST = frozenset({"Voted", "VoteWithdrawn", "PostSeen"})
OF_A_REQUEST = frozenset({"RequestWithdrawn", "RequestResumed"})
"""The kinds of changes after which items sound otherwise, by what they name: an item, a post, a request."""


class Marked(Shelf):
    """A shelf on which rows are put by reading the history: before each claim, where there is news."""

    def turns(self, conn: Connection, *, now: datetime, but: Collection[int] = ()) -> list[int]:
        """Those with rows to claim, then those with news to read."""
        ready = super().turns(conn, now=now, but=but)
        return ready + [one for one in behind(conn) if one not in (*ready, *but)]

    def claim(
        self, conn: Connection, *, now: datetime, lease_s: float, limit: int, but: Collection[int] = ()
    ) -> list[Claimed]:
        """As any shelf, after the next rows of one workspace's history were read."""
        news = [one for one in behind(conn) if one not in but]
        for workspace_id in news[:1]:  # one at a time: no two workspaces are ever held together
            catch_up(conn, workspace_id, now=now)
        return super().claim(conn, now=now, lease_s=lease_s, limit=limit, but=but)


def behind(conn: Connection) -> list[int]:
    """The workspaces of whose history something was not read yet."""
    return list(conn.scalars(_BEHIND))


def catch_up(conn: Connection, workspace_id: int, *, now: datetime) -> None:
    """Reads the next rows of the history, and marks what sounds otherwise for the worker."""
    workspaces.hold(conn, workspace_id)
    rows = _news(conn, workspace_id, most=AT_ONCE)
    if not rows:
        return
    mark(conn, workspace_id, _stale(conn, workspace_id, rows), now=now)
    for item in sorted(_read_again(rows)):
        insert_or_ignore(conn, likenesses, {"workspace_id": workspace_id, "item_id": item, "due_at": now})
    heard = {"workspace_id": workspace_id, "history_id": rows[-1].id}
    upsert(conn, likeness_heard, ("workspace_id",), heard)


def mark(conn: Connection, workspace_id: int, stale: Iterable[ItemId], *, now: datetime) -> None:
    """These items have other words now: the worker sees to it."""
    waits = {"due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    rows = [{"workspace_id": workspace_id, "item_id": item, **waits} for item in sorted(stale)]
    upsert_many(conn, likenesses, ("workspace_id", "item_id"), rows)


def unheard(conn: Connection, workspace_id: int) -> set[ItemId]:
    """The items of which the history says something that was not read yet."""
    rows = _news(conn, workspace_id, most=None)
    return _stale(conn, workspace_id, rows) | _read_again(rows)


def _news(conn: Connection, workspace_id: int, *, most: int | None) -> Sequence[Any]:
    query = _NEWS if most is None else _NEWS_AT_ONCE
    return list(conn.execute(query, {"workspace": workspace_id, "most": most}))


def _stale(conn: Connection, workspace_id: int, rows: Sequence[Row[Any]]) -> set[ItemId]:
    """The items that have other words after these changes. Each post and request is looked up once."""
    found = {ItemId(row.change["item"]) for row in rows if row.kind in NAMED and not _is_no_new_name(row)}
    posts = {row.change["post"] for row in rows if row.kind in OF_A_POST}
    origins = {str(Origin(**row.change["origin"])) for row in rows if row.kind in OF_A_REQUEST}
    for query, names in ((_OF_POST, posts), (_OF_REQUEST, origins)):
        for name in sorted(names):
            found |= {ItemId(item) for item in conn.scalars(query, {"workspace": workspace_id, "of": name})}
    return found


def _read_again(rows: Iterable[Row[Any]]) -> set[ItemId]:
    """The items that were read without a new name: of each something is kept already, or it is a new one."""
    return {ItemId(row.change["item"]) for row in rows if _is_no_new_name(row)}


def _is_no_new_name(row: Row[Any]) -> bool:
    return row.kind == "IssueSeen" and not any(what == "summary" for _, what, *_ in row.effects or ())


_HEARD = func.coalesce(
    select(likeness_heard.c.history_id)
    .where(likeness_heard.c.workspace_id == bindparam("workspace"))
    .scalar_subquery(),
    0,
    type_=BigInteger,
)
_NEWS = (
    select(history.c.id, history.c.kind, history.c.change, history.c.effects)
    .where(history.c.workspace_id == bindparam("workspace"), history.c.id > _HEARD)
    .order_by(history.c.id)
)
_NEWS_AT_ONCE = _NEWS.limit(bindparam("most", type_=Integer))
_table = workspaces.workspaces
_BEHIND = (
    select(_table.c.id)
    .outerjoin(likeness_heard, likeness_heard.c.workspace_id == _table.c.id)
    .where(
        select(history.c.id)
        .where(history.c.workspace_id == _table.c.id)
        .where(history.c.id > func.coalesce(likeness_heard.c.history_id, 0))
        .correlate(_table, likeness_heard)
        .exists()
    )
    .order_by(_table.c.id)
)
_OF_POST = select(placements.c.item_id).where(
    placements.c.workspace_id == bindparam("workspace"), placements.c.post_id == bindparam("of")
)
_OF_REQUEST = (
    select(asks.c.item_id)
    .join(requests, (requests.c.workspace_id == asks.c.workspace_id) & (requests.c.id == asks.c.request_id))
    .where(requests.c.workspace_id == bindparam("workspace"), requests.c.origin == bindparam("of"))
)
