"""What an item's words are made of, as a row keeps it. Pure.

Of each feature: how often the item's own words have it, how many earlier requests for it do, and how many
requests of which an agent said that they are about something else.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.likeness.features import Kind, features

ENTRY = np.dtype([("feature", "<u4"), ("kind", "u1"), ("own", "u1"), ("asked", "u1"), ("rejected", "u1")])
KINDS: Sequence[Kind] = (Kind.WORD, Kind.MEANING, Kind.PIECE)
"""The number of each kind is its place here."""

ASKED_FEATURES = 400
"""So many features of earlier requests are kept of an item: those that most of them have."""
MOST = 255
Entries = NDArray[Any]


def pack(own: str, asked: Iterable[str], rejected: Iterable[str] = ()) -> str:
    """One item as text. The same texts in any order give the same."""
    counts = [_own(own), _of_many(asked), _of_many(rejected)]
    keys = sorted(set().union(*counts))
    rows = [(feature, kind, *(min(count[kind, feature], MOST) for count in counts)) for kind, feature in keys]
    return base64.b64encode(np.array(rows, dtype=ENTRY).tobytes()).decode() if rows else ""


def unpack(kept: str) -> Entries:
    """The entries, of type `ENTRY`."""
    return np.frombuffer(base64.b64decode(kept), dtype=ENTRY)


def _own(text: str) -> Counter[tuple[int, int]]:
    found = features(text)
    return Counter({(n, one): count for n, kind in enumerate(KINDS) for one, count in found[kind].items()})


def _of_many(texts: Iterable[str]) -> Counter[tuple[int, int]]:
    """How many of the texts have each word and meaning; pieces of whole letters would say nothing."""
    counts: Counter[tuple[int, int]] = Counter()
    for text in texts:
        found = features(text)
        counts.update(
            (n, one) for n, kind in enumerate(KINDS) if kind is not Kind.PIECE for one in found[kind]
        )
    kept = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:ASKED_FEATURES]
    return Counter(dict(kept))
