"""What sounds like a text, found in memory: each process keeps the arrays of the workspaces it serves."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection, Integer, bindparam, select

from lineage.likeness import ranks
from lineage.likeness.embedding_tables import embeddings
from lineage.likeness.packed import Entries, unpack
from lineage.likeness.ranks import Prepared
from lineage.likeness.segment import Segment
from lineage.likeness.tables import likenesses
from lineage.likeness.vectors import Embedded, Vectors
from lineage.terms import ItemId
from store.workspaces import Workspace

WORKSPACES = 16
"""So many are held; that which was asked about longest ago is read anew when it is asked about again."""
NEWER = 500
"""So many changed items lie beside the others before all are put together anew."""
PAGE = 2_000
"""So many vectors are read at once: all of 100,000 would be 300 MB on their way."""
PAGES = 2
"""And so many times for one question, for somebody waits. A process that has just begun knows the rest at the
next ones; until then words alone speak for what it lacks."""
LEAST = 0.12
"""What shares less than this with the text, by the cosine, is no suggestion. Set by eye."""


@dataclass(frozen=True, slots=True)
class Alike:
    """`score` orders; it means nothing by itself. `modelled`: the connected model says so, too."""

    item: ItemId
    score: float
    modelled: bool = False


@dataclass(slots=True)
class _Held:
    entries: dict[str, Entries] = field(default_factory=dict)
    newer: dict[str, Entries] = field(default_factory=dict)
    serial: int = 0
    parts: list[Prepared] = field(default_factory=list)
    vectors: Vectors | None = None
    vectors_serial: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Finder:
    """For one database. Every question first reads what changed since the last one: one statement, and one
    more for a model's vectors.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._lock = threading.Lock()

    def alike(
        self,
        conn: Connection,
        workspace: Workspace,
        text: str,
        *,
        most: int,
        as_model: Embedded | None = None,
    ) -> list[Alike]:
        """The items that sound most like the text, best first; none rather than any. `as_model`: what the
        connected model makes of it, where that is known.
        """
        held = self._of(workspace.id)
        with held.lock:
            _catch_up(conn, workspace.id, held)
            parts = list(held.parts)
            by_model = _by_model(conn, workspace.id, held, as_model) if as_model else []
        return best(text, parts, most, by_model) if parts else []

    def _of(self, workspace_id: int) -> _Held:
        with self._lock:
            held = self._held.setdefault(workspace_id, _Held())
            self._held.move_to_end(workspace_id)
            while len(self._held) > WORKSPACES:
                self._held.popitem(last=False)
            return held


def best(
    text: str, parts: Sequence[Prepared], most: int, by_model: Iterable[tuple[str, float]] = ()
) -> list[Alike]:
    """The best of these, in memory already. `by_model`: the items that stand out to a model, best first."""
    scored = ranks.scores(text, parts)
    rankings = [np.concatenate([one[n] for one in scored]) for n in range(3)]
    items = [item for one in parts for item in one.segment.items]
    own_norm = max(float(ranks.length_of(text, parts)), 1e-9)
    sure = (rankings[1] / own_norm >= LEAST) | (rankings[2] > 0)
    modelled = [place for item, _ in by_model if (place := _place(item, parts)) is not None]
    sure[modelled] = True
    worth = np.concatenate(ranks.against(text, parts, [one[2] for one in scored]))
    joined = ranks.joined(rankings, modelled)
    found = [(score * worth[at], items[at], at) for at, score in joined.items() if sure[at]]
    found.sort(key=lambda one: (-one[0], one[1]))
    told = set(modelled)
    return [Alike(ItemId(item), float(score), at in told) for score, item, at in found[:most]]


def _place(item: str, parts: Sequence[Prepared]) -> int | None:
    """Where it is in the arrays of all parts, one after the other; None where no words are known of it."""
    start = 0
    for one in parts:
        at = one.segment.place.get(item)
        if at is not None and one.segment.alive[at]:
            return start + at
        start += len(one.segment)
    return None


def _by_model(conn: Connection, workspace_id: int, held: _Held, asked: Embedded) -> list[tuple[str, float]]:
    """The items that stand out to the model that made this of the text. What is new is read first."""
    if held.vectors is None or held.vectors.run != asked.run:
        held.vectors, held.vectors_serial = Vectors(asked.run), 0
    for _ in range(PAGES):
        known = {"workspace": workspace_id, "serial": held.vectors_serial, "most": PAGE}
        if not (rows := conn.execute(_VECTORS, known).all()):
            break
        held.vectors.put([(row.item_id, row.vector if row.run == asked.run else "") for row in rows])
        held.vectors_serial = rows[-1].serial
    return held.vectors.standing_out(asked.vector)


def _catch_up(conn: Connection, workspace_id: int, held: _Held) -> None:
    """Raises nothing: what cannot be read is an error of the database, and its own."""
    news = conn.execute(_NEWS, {"workspace": workspace_id, "serial": held.serial}).all()
    if not news:
        return
    held.serial = max(row.serial for row in news)
    held.newer |= {row.item_id: unpack(row.features) for row in news}
    if not held.parts or len(held.newer) > NEWER:
        held.entries |= held.newer
        held.newer = {}
        held.parts = [Prepared(Segment(held.entries))]
        return
    whole = held.parts[0].segment
    for item in held.newer:
        if item in whole.place:
            whole.alive[whole.place[item]] = False
    held.parts = [held.parts[0], Prepared(Segment(held.newer))]


_NEWS = (
    select(likenesses.c.item_id, likenesses.c.features, likenesses.c.serial)
    .where(likenesses.c.workspace_id == bindparam("workspace"), likenesses.c.serial > bindparam("serial"))
    .order_by(likenesses.c.serial)
)
_VECTORS = (
    select(embeddings.c.item_id, embeddings.c.run, embeddings.c.vector, embeddings.c.serial)
    .where(embeddings.c.workspace_id == bindparam("workspace"), embeddings.c.serial > bindparam("serial"))
    .order_by(embeddings.c.serial)
    .limit(bindparam("most", type_=Integer))
)
