"""The tickets of `bench/gold`: is the right item among the first five, beside plain full-text search."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from bench.measure import Line
from connectors.openai.client import OpenAI as Client
from connectors.openai.embedding import learn, sent
from connectors.openai.embedding import vectors as vectors_of
from lineage.likeness import vectors
from lineage.likeness.finder import best
from lineage.likeness.packed import pack, unpack
from lineage.likeness.ranks import Prepared
from lineage.likeness.segment import Segment
from lineage.likeness.vectors import Vectors
from sandbox.openai import OpenAI

GOLD = Path(__file__).parent / "gold"
TIMES_BETTER = 1.2
NOT_WORSE = 0.95
"""Of what is found without a model."""
Rank: TypeAlias = Callable[[str], Sequence[str]]


def lines_of(name: str) -> list[Any]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def is_held_out(pair: Mapping[str, Any]) -> bool:
    return int(hashlib.sha256(pair["id"].encode()).hexdigest(), 16) % 3 == 0


def run(*, held_out: bool) -> Iterator[Line]:
    """Recall among five and mean reciprocal rank, ours over plain search, on one part of the gold."""
    items = lines_of("items.jsonl")
    pairs = [pair for pair in lines_of("pairs.jsonl") if is_held_out(pair) == held_out]
    texts = {item["id"]: "\n".join((item["summary"], item["public_title"], item["post"])) for item in items}
    ours, plain = judged(_ours(texts), pairs), judged(_plain(texts), pairs)
    part = "held out" if held_out else "tune"
    for name, mine, theirs in zip(("recall@5", "MRR"), ours, plain, strict=True):
        what = f"{name} of {len(pairs)} tickets ({part}): ours / plain full-text search, thousandths"
        yield Line(
            what, mine * 1000, theirs * 1000, [mine / max(theirs, 1e-9)], TIMES_BETTER, lower=False, unit=""
        )
    with _with_model(texts) as rank:
        modelled = judged(rank, pairs)
    for name, mine, theirs in zip(("recall@5", "MRR"), modelled, ours, strict=True):
        what = f"{name}: with vectors of the sandbox, which knows words only / without, thousandths"
        yield Line(
            what, mine * 1000, theirs * 1000, [mine / max(theirs, 1e-9)], NOT_WORSE, lower=False, unit=""
        )


def judged(rank: Rank, pairs: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Recall@5 and the mean reciprocal rank of the first right one."""
    recall = reciprocal = 0.0
    for pair in pairs:
        found = list(rank(pair["text"]))
        right = [found.index(item) + 1 for item in pair["items"] if item in found]
        recall += sum(place <= 5 for place in right) / len(pair["items"])
        reciprocal += 1 / min(right) if right else 0.0
    return recall / len(pairs), reciprocal / len(pairs)


def _ours(texts: Mapping[str, str]) -> Rank:
    parts = [Prepared(Segment({item: unpack(pack(text, ())) for item, text in texts.items()}))]
    return lambda text: [one.item for one in best(text, parts, 50)]


@contextmanager
def _with_model(texts: Mapping[str, str]) -> Iterator[Rank]:
    """Ours and the vectors of the sandbox's server, asked over HTTP as the worker asks one. It is no true
    model: its vectors are hashed words. So this says whether a ranking more does harm, and not what it gains.
    """
    parts = [Prepared(Segment({item: unpack(pack(text, ())) for item, text in texts.items()}))]
    server = OpenAI().start()
    client = Client(url=server.url, api_key=server.api_key, model="text-embedding-3-small")
    form, known = learn(client), Vectors(1)

    def asked(some: Sequence[str]) -> list[str]:
        found = vectors_of(client, [sent([text], ()) for text in some], form)
        return [vectors.pack(one) for one in found if one is not None]

    known.put(list(zip(texts, asked(list(texts.values())), strict=True)))

    def rank(text: str) -> list[str]:
        by_model = known.standing_out(vectors.unpack(asked([text])[0]))
        return [one.item for one in best(text, parts, 50, by_model)]

    yield rank
    client.close()
    server.stop()


def _plain(texts: Mapping[str, str]) -> Rank:
    """SQLite's own search as it is: its stemmer, its bm25, any of the words."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE plain USING fts5(item UNINDEXED, words, tokenize='porter unicode61')")
    db.executemany("INSERT INTO plain VALUES (?, ?)", texts.items())

    def rank(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", text)))
        query = "SELECT item FROM plain WHERE plain MATCH ? ORDER BY bm25(plain) LIMIT 50"
        return [item for (item,) in db.execute(query, (asked,))]

    return rank
