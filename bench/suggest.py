"""Suggestions: how often they are right (`suggest_gold.py`), and how long they take over many issues.

The goal in time is 150 ms at the 95th percentile over 100,000 issues, each with words of its own and of a few
requests. The anchor, in the same run: the words of one ticket looked up by SQLite's own full-text search.
"""

import random
import re
import sqlite3
import statistics
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bench import suggest_gold
from bench.measure import Line, clock
from lineage.likeness import vectors
from lineage.likeness.finder import best
from lineage.likeness.packed import pack, unpack
from lineage.likeness.ranks import Prepared
from lineage.likeness.segment import Segment
from lineage.likeness.vectors import Vectors

GOAL_S = 0.150
ISSUES, TICKETS = 100_000, 200
DIFFERENT = 5_000
"""So many issues are written; each is there so many times that there are enough."""


def run(*, held_out: bool, issues: int = ISSUES) -> Iterator[Line]:
    yield from suggest_gold.run(held_out=held_out)
    texts, tickets = _texts(min(issues, DIFFERENT))
    packed = [unpack(pack(own, asked)) for own, asked in texts]
    parts = [Prepared(Segment({str(n): packed[n % len(packed)] for n in range(issues)}))]
    ours = _p95(lambda text: best(text, parts, 5), tickets)
    plain = _p95(_plain([texts[n % len(texts)][0] for n in range(issues)]), tickets)
    what = f"p95 of a suggestion over {issues:,} issues / the goal of 150 ms"
    note = f"SQLite's full-text search of the issues' own words: {plain * 1000:.0f} ms"
    yield Line(what, ours, GOAL_S, [ours / GOAL_S], 1.0, note=note)
    modelled = _p95(_with_model(parts), tickets)
    what = f"the same with a model's vectors, of {vectors.KEPT} numbers each / the goal of 150 ms"
    yield Line(what, modelled, GOAL_S, [modelled / GOAL_S], 1.0)


def _with_model(parts: Sequence[Prepared]) -> Callable[[str], object]:
    """Vectors by lot, of which a hundredth are like the ticket's: how long it takes depends on how many stand
    out, and no further on what they say.
    """
    chance = np.random.default_rng(7)
    known, items = Vectors(1), parts[0].segment.items
    topic = chance.standard_normal(vectors.KEPT)
    for start in range(0, len(items), 2_000):
        some = items[start : start + 2_000]
        near = np.where(chance.random((len(some), 1)) < 0.01, 1.0, 0.1)
        rows = near * topic + chance.standard_normal((len(some), vectors.KEPT))
        known.put([(item, vectors.pack(row.tolist())) for item, row in zip(some, rows, strict=True)])
    asked = vectors.unpack(vectors.pack((topic + chance.standard_normal(vectors.KEPT)).tolist()))
    assert len(known.standing_out(asked)) > 100, "as many as are joined"
    return lambda text: best(text, parts, 5, known.standing_out(asked))


def _texts(issues: int) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Issues and requests of the gold's words, mixed anew, with ever rarer words of their own."""
    chance = random.Random(7)
    tickets = [pair["text"] for pair in suggest_gold.lines_of("pairs.jsonl")]
    titles = [f"{item['summary']} {item['public_title']}" for item in suggest_gold.lines_of("items.jsonl")]
    words = re.findall(r"\w+", " ".join([*titles, *tickets]))

    def some(many: int) -> str:
        own = [f"thing{int(chance.paretovariate(0.6)) % 50_000}" for _ in range(many // 3)]
        return " ".join([*chance.choices(words, k=many), *own])

    return [(some(12), [some(15)] if n % 3 == 0 else []) for n in range(issues)], tickets[:TICKETS]


def _p95(ask: Callable[[str], object], tickets: Sequence[str]) -> float:
    taken = []
    for text in tickets:
        begin = clock()
        ask(text)
        taken.append(clock() - begin)
    return statistics.quantiles(taken, n=20)[-1]


def _plain(texts: Sequence[str]) -> Callable[[str], object]:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE plain USING fts5(words, tokenize='porter unicode61')")
    db.executemany("INSERT INTO plain VALUES (?)", ((text,) for text in texts))
    query = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain) LIMIT 5"

    def ask(text: str) -> object:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", text)))
        return db.execute(query, (asked,)).fetchall()

    return ask
