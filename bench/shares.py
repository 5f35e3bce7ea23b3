"""Where 10,000 asks rest, on a roadmap of 1,000 items that were split and merged again and again."""

import random
import time
from datetime import UTC, datetime

from lineage.carriers import rest
from lineage.graph import Edge, flow
from lineage.terms import EdgeKind, ItemId

ITEMS = 1_000
ASKS = 10_000
LINKED = datetime(2026, 1, 1, tzinfo=UTC)


def run() -> float:
    """Seconds for all of them, the flow included."""
    chance = random.Random(1)
    edges = [_edge(chance, number) for number in range(ITEMS)]
    begin = time.perf_counter()
    where = flow(edges)
    for _ in range(ASKS):
        rest(ItemId(str(chance.randrange(ITEMS))), LINKED, where)
    return time.perf_counter() - begin


def _edge(chance: random.Random, number: int) -> Edge:
    src = chance.randrange(ITEMS - 1)
    dst = chance.randrange(src + 1, min(src + 50, ITEMS))
    kind = EdgeKind.MERGED if chance.random() < 0.3 else EdgeKind.SPLIT
    return Edge(str(10_000 + number), kind, ItemId(str(src)), ItemId(str(dst)), LINKED)
