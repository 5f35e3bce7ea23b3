"""The vectors of items and tickets, kept in line: which are next, and what comes of them.

Each workspace that named a model has one row on the shelf. A round takes the next few texts; what changed
since has a higher number and comes again.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, delete, or_, select, update

from lineage.likeness.embedding_tables import embedding_rounds, embeddings, request_embeddings
from lineage.likeness.tables import likenesses
from lineage.tables import requests
from lineage.terms import ItemId, PersonId
from store.database import upsert, upsert_many
from store.waiting import Claimed, Shelf
from store.workspaces import workspaces

AT_ONCE = 64
"""Texts in one call, of which half are tickets if there are as many: an agent waits for those."""
TICKETS_KEPT = 5_000
"""So many of the newest requests have a vector if they are tickets; from there on it begins."""


@dataclass(frozen=True, slots=True)
class Next:
    """What a round is about, and how far everything was read after it."""

    items: tuple[ItemId, ...]
    requests: tuple[int, ...]
    serial: int
    request_id: int


class Rounds(Shelf):
    """A shelf on which a workspace is due again when something has a number beyond what was read."""

    def turns(self, conn: Connection, *, now: datetime) -> list[int]:
        """Those with a row to claim, then those with news."""
        ready = super().turns(conn, now=now)
        return ready + [one for one in conn.scalars(_BEHIND) if one not in ready]

    def claim(self, conn: Connection, *, now: datetime, lease_s: float, limit: int) -> list[Claimed]:
        """As any shelf, after those with news were put on it."""
        for workspace_id in conn.scalars(_BEHIND).all():
            again = {"due_at": now, "attempts": 0}
            here = (_rounds.workspace_id == workspace_id, _rounds.due_at.is_(None))
            conn.execute(update(embedding_rounds).where(*here).values(again))
        return super().claim(conn, now=now, lease_s=lease_s, limit=limit)


_rounds = embedding_rounds.c
SHELF = Rounds("embeddings", embedding_rounds)


def wanted(conn: Connection, workspace_id: int, *, now: datetime) -> None:
    """A model was named, or another, or none any more: the next round finds out."""
    waits = {"due_at": now, "attempts": 0, "parked_at": None, "reason": ""}
    upsert(conn, embedding_rounds, ("workspace_id",), {"workspace_id": workspace_id, **waits})


def upcoming(conn: Connection, claimed: Claimed, model: str) -> Next:
    """The next to be asked about; from the beginning, if another model was asked so far."""
    row, workspace_id = claimed.row, claimed.workspace_id
    same = row["model"] == model
    after = row["request_id"] if same else _oldest(conn, workspace_id)
    serial = row["serial"] if same else 0
    given = {"workspace": workspace_id, "request": after, "serial": serial}
    tickets = list(conn.scalars(_REQUESTS, given | {"most": AT_ONCE // 2}))
    items = conn.execute(_ITEMS, given | {"most": AT_ONCE - len(tickets)}).all()
    return Next(
        tuple(ItemId(one.item_id) for one in items), tuple(tickets),
        max([serial, *(one.serial for one in items)]), max([after, *tickets]),
    )  # fmt: skip


def known(conn: Connection, workspace_id: int, model: str, items: Iterable[ItemId]) -> Mapping[ItemId, str]:
    """The fingerprints of the texts of which there is a vector of this model."""
    rows = conn.execute(_KNOWN, {"workspace": workspace_id, "model": model, "items": list(items)})
    return {ItemId(row.item_id): row.fingerprint for row in rows}


def keep(
    conn: Connection, claimed: Claimed, model: str, read: Next,
    items: Mapping[ItemId, tuple[str, str]], tickets: Mapping[int, str],
) -> None:  # fmt: skip
    """Fingerprints and vectors of items, and vectors of tickets. The caller holds the workspace."""
    workspace_id = claimed.workspace_id
    if claimed.row["model"] != model:
        forget_all(conn, workspace_id)
    first = _last_serial(conn, workspace_id) + 1
    own = {"workspace_id": workspace_id, "model": model}
    rows: Sequence[dict[str, Any]] = [
        {**own, "item_id": item, "fingerprint": mark, "vector": vector, "serial": first + n}
        for n, (item, (mark, vector)) in enumerate(sorted(items.items()))
    ]
    upsert_many(conn, embeddings, ("workspace_id", "item_id"), rows)
    more = [{**own, "request_id": one, "vector": vector} for one, vector in sorted(tickets.items())]
    upsert_many(conn, request_embeddings, ("workspace_id", "request_id"), more)
    if more:
        old = request_embeddings.c.request_id <= _oldest(conn, workspace_id)
        conn.execute(delete(request_embeddings).where(request_embeddings.c.workspace_id == workspace_id, old))
    far = {"model": model, "serial": read.serial, "request_id": read.request_id}
    conn.execute(update(embedding_rounds).where(_rounds.workspace_id == workspace_id).values(far))


def forget_all(conn: Connection, workspace_id: int) -> None:
    """No vector is left, as with a model that is asked no more. The serials go on from where they are."""
    here = embeddings.c.workspace_id == workspace_id
    conn.execute(update(embeddings).where(here).values(vector="", fingerprint=""))
    conn.execute(delete(request_embeddings).where(request_embeddings.c.workspace_id == workspace_id))


def forget(conn: Connection, workspace_id: int, person: PersonId, items: AbstractSet[ItemId]) -> None:
    """What was made of a person's words goes, and the items are asked about anew without them.

    The caller holds the workspace.
    """
    theirs = select(requests.c.id).where(
        requests.c.workspace_id == workspace_id, requests.c.person_id == person
    )
    conn.execute(
        delete(request_embeddings).where(
            request_embeddings.c.workspace_id == workspace_id, request_embeddings.c.request_id.in_(theirs)
        )
    )
    if conn.scalar(select(_rounds.id).where(_rounds.workspace_id == workspace_id)) is None:
        return
    for table, empty in ((embeddings, {"vector": "", "fingerprint": ""}), (likenesses, {})):
        first = 1 + (conn.scalar(_last(table), {"workspace": workspace_id}) or 0)
        for n, item in enumerate(sorted(items)):
            here = (table.c.workspace_id == workspace_id, table.c.item_id == item)
            conn.execute(update(table).where(*here).values({**empty, "serial": first + n}))


def _oldest(conn: Connection, workspace_id: int) -> int:
    """The request before the newest that have a vector."""
    return conn.scalar(_OLDEST, {"workspace": workspace_id}) or 0


def _last_serial(conn: Connection, workspace_id: int) -> int:
    return conn.scalar(_last(embeddings), {"workspace": workspace_id}) or 0


def _last(table: Any) -> Any:
    here = table.c.workspace_id == bindparam("workspace")
    return select(table.c.serial).where(here).order_by(table.c.serial.desc()).limit(1)


_BEHIND = (
    select(workspaces.c.id)
    .join(embedding_rounds, _rounds.workspace_id == workspaces.c.id)
    .where(_rounds.due_at.is_(None), _rounds.parked_at.is_(None), _rounds.model != "")
    .where(
        or_(
            select(likenesses.c.id)
            .where(likenesses.c.workspace_id == workspaces.c.id, likenesses.c.serial > _rounds.serial)
            .correlate(workspaces, embedding_rounds)
            .exists(),
            select(requests.c.id)
            .where(requests.c.workspace_id == workspaces.c.id, requests.c.id > _rounds.request_id)
            .correlate(workspaces, embedding_rounds)
            .exists(),
        )
    )
    .order_by(workspaces.c.id)
)
_REQUESTS = (
    select(requests.c.id)
    .where(requests.c.workspace_id == bindparam("workspace"), requests.c.id > bindparam("request"))
    .order_by(requests.c.id)
    .limit(bindparam("most", type_=Integer))
)
_OLDEST = (
    select(requests.c.id)
    .where(requests.c.workspace_id == bindparam("workspace"))
    .order_by(requests.c.id.desc())
    .offset(TICKETS_KEPT)
    .limit(1)
)
_ITEMS = (
    select(likenesses.c.item_id, likenesses.c.serial)
    .where(likenesses.c.workspace_id == bindparam("workspace"), likenesses.c.serial > bindparam("serial"))
    .order_by(likenesses.c.serial)
    .limit(bindparam("most", type_=Integer))
)
_KNOWN = select(embeddings.c.item_id, embeddings.c.fingerprint).where(
    embeddings.c.workspace_id == bindparam("workspace"),
    embeddings.c.model == bindparam("model"),
    embeddings.c.item_id.in_(bindparam("items", expanding=True)),
)
