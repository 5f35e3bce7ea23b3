"""The vectors of items and tickets, kept in line: which are next, and what comes of them.

Each workspace that named a model has one row on the shelf. A round takes the next few texts; what changed
since has a higher number and comes again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, delete, or_, select, update

from lineage.likeness import keeping
from lineage.likeness.embedding_tables import embedding_rounds, embeddings, request_embeddings
from lineage.likeness.tables import likenesses
from lineage.tables import requests
from lineage.terms import ItemId, PersonId, RequestId
from store.database import insert_or_ignore, upsert_many
from store.rows import update_rows
from store.waiting import Claimed, Shelf
from store.workspaces import workspaces

AT_ONCE = 64
"""Texts in one call, of which half are tickets if there are as many: an agent waits for those."""
TICKETS_KEPT = 5_000
"""So many of the newest requests have a vector if they are tickets; from there on it begins."""
DROPPED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Next:
    """What a round is about, and how far everything was read after it."""

    items: tuple[ItemId, ...]
    requests: tuple[int, ...]
    serial: int
    request_id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`read` of `all` changes of issues' words; `tickets`: how many requests are not read yet. `reason`: what
    went wrong last, and whether the round is given up because of it.
    """

    read: int
    all: int
    tickets: int
    reason: str
    parked: bool


class Rounds(Shelf):
    """A shelf on which a workspace is due again when something has a number beyond what was read."""

    def turns(self, conn: Connection, *, now: datetime, but: Collection[int] = ()) -> list[int]:
        """Those with a row to claim, then those with news."""
        ready = super().turns(conn, now=now, but=but)
        return ready + [one for one in conn.scalars(_BEHIND) if one not in (*ready, *but)]

    def claim(
        self, conn: Connection, *, now: datetime, lease_s: float, limit: int, but: Collection[int] = ()
    ) -> list[Claimed]:
        """As any shelf, after those with news were put on it."""
        for workspace_id in conn.scalars(_BEHIND).all():
            again = {"due_at": now, "attempts": 0}
            here = (_rounds.workspace_id == workspace_id, _rounds.due_at.is_(None))
            conn.execute(update(embedding_rounds).where(*here).values(again))
        return super().claim(conn, now=now, lease_s=lease_s, limit=limit, but=but)


_rounds = embedding_rounds.c
SHELF = Rounds("embeddings", embedding_rounds)


def wanted(conn: Connection, workspace_id: int, *, now: datetime) -> None:
    """A model was named, another, or none any more: the next round finds out, and one under way is void."""
    insert_or_ignore(conn, embedding_rounds, {"workspace_id": workspace_id})
    waits = {"due_at": now, "lease_until": None, "attempts": 0, "parked_at": None, "reason": ""}
    here = _rounds.workspace_id == workspace_id
    conn.execute(update(embedding_rounds).where(here).values(**waits, fence=_rounds.fence + 1))


def begin(conn: Connection, workspace_id: int, model: str) -> bool:
    """From now on for this model. False: what another made is still there, and a part of it was dropped.

    The caller holds the workspace.
    """
    if _drop_some(conn, workspace_id):
        return False
    fresh = {"model": model, "run": _rounds.run + 1, "serial": 0, "request_id": _oldest(conn, workspace_id)}
    conn.execute(update(embedding_rounds).where(_rounds.workspace_id == workspace_id).values(fresh))
    return True


def _drop_some(conn: Connection, workspace_id: int) -> bool:
    """A few at a time: there may be 100,000, and nobody else writes meanwhile. Whether there were any."""
    some = False
    for table, key in (
        (embeddings, embeddings.c.item_id),
        (request_embeddings, request_embeddings.c.request_id),
    ):
        here = table.c.workspace_id == workspace_id
        found = conn.scalars(select(key).where(here).order_by(key).limit(DROPPED_AT_ONCE)).all()
        conn.execute(delete(table).where(here, key.in_(found)))
        some = some or bool(found)
    return some


def upcoming(conn: Connection, claimed: Claimed) -> Next:
    """The next to be asked about."""
    after, serial = claimed.row["request_id"], claimed.row["serial"]
    given = {"workspace": claimed.workspace_id, "request": after, "serial": serial}
    tickets = list(conn.scalars(_REQUESTS, given | {"most": AT_ONCE // 2}))
    items = conn.execute(_ITEMS, given | {"most": AT_ONCE - len(tickets)}).all()
    return Next(
        tuple(ItemId(one.item_id) for one in items), tuple(tickets),
        max([serial, *(one.serial for one in items)]), max([after, *tickets]),
    )  # fmt: skip


def known(conn: Connection, workspace_id: int, items: Iterable[ItemId]) -> Mapping[ItemId, str]:
    """The fingerprints of the texts of which there is a vector."""
    rows = conn.execute(_KNOWN, {"workspace": workspace_id, "items": list(items)})
    return {ItemId(row.item_id): row.fingerprint for row in rows}


def keep(
    conn: Connection, claimed: Claimed, read: Next | None,
    items: Mapping[ItemId, tuple[str, str]], tickets: Mapping[int, str],
) -> None:  # fmt: skip
    """Fingerprints and vectors of items, and vectors of tickets; `read`: of everything up to here, if it is.

    The caller holds the workspace.
    """
    workspace_id = claimed.workspace_id
    own = {"workspace_id": workspace_id, "run": claimed.row["run"]}
    first = _numbers(conn, workspace_id, len(items))
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
    if read is not None:
        far = {"serial": read.serial, "request_id": read.request_id}
        conn.execute(update(embedding_rounds).where(_rounds.workspace_id == workspace_id).values(far))


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
    first = _numbers(conn, workspace_id, len(items))
    for number, item in enumerate(sorted(items), first):
        empty = {"vector": "", "fingerprint": "", "serial": number}
        update_rows(conn, embeddings, empty, workspace_id=workspace_id, item_id=item)
    keeping.number_anew(conn, workspace_id, items)


def forget_ticket(conn: Connection, workspace_id: int, request: RequestId) -> None:
    """It is deleted where it was made: nobody will open it."""
    here = (request_embeddings.c.workspace_id == workspace_id, request_embeddings.c.request_id == request)
    conn.execute(delete(request_embeddings).where(*here))


def progress(conn: Connection, workspace_id: int) -> Progress:
    """How far a workspace's texts are read that named a model."""
    given = {"workspace": workspace_id}
    last = keeping.last_serial(conn, workspace_id)
    row = conn.execute(select(embedding_rounds).where(_rounds.workspace_id == workspace_id)).first()
    if row is None:
        return Progress(0, last, 0, "", parked=False)
    after = max(row.request_id, _oldest(conn, workspace_id))
    waiting = len(conn.scalars(_REQUESTS, given | {"request": after, "most": TICKETS_KEPT}).all())
    return Progress(min(row.serial, last), last, waiting, row.reason, parked=row.parked_at is not None)


def _numbers(conn: Connection, workspace_id: int, many: int) -> int:
    """The first of so many serials that nobody else has."""
    here = _rounds.workspace_id == workspace_id
    taken = update(embedding_rounds).where(here).values(made=_rounds.made + many).returning(_rounds.made)
    return int(conn.scalars(taken).one()) - many + 1


def _oldest(conn: Connection, workspace_id: int) -> int:
    """The request before the newest that have a vector."""
    return conn.scalar(_OLDEST, {"workspace": workspace_id}) or 0


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
    embeddings.c.item_id.in_(bindparam("items", expanding=True)),
)
