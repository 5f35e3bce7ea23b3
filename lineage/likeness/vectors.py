"""What a model makes of texts: vectors, and which items' stand out beside a text's. Pure.

They are compared twice. One product with a short form of every vector says which few may stand out, and only
those are compared in full: so it takes a hundredth of a second over 100,000 items, and loses nothing.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEPT = 1024
"""So many numbers are kept of a vector, in 16 bits each. A longer one is folded to it, by which the cosine of
two is off by 0.03 on the average."""
SHORT = 256
"""So many has the short form: 100 MB for 100,000 items."""
FEW = 500
"""So many are compared in full."""
LEAST = 0.3
"""An item stands out if its cosine is this part of the way from what is usual here to the same. What is usual
differs from model to model: 0.1 for some, 0.7 for others. Set by eye."""
SEED = 37

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text, as a model has it: `vector` is of length 1. Only vectors of the same `run` compare."""

    run: int
    vector: Vector


def pack(vector: Sequence[float] | Vector) -> str:
    """A model's vector as a row keeps it: of length 1, little-endian 16-bit floats in base64.

    Nothing is left of one that is all zeros.
    """
    kept = _folded(np.asarray([vector], dtype=np.float64), KEPT)[0]
    length = float(np.linalg.norm(kept))
    return base64.b64encode((kept / length).astype("<f2").tobytes()).decode() if length else ""


def unpack(kept: str) -> Vector:
    return _read(kept).astype(np.float32)


def _read(kept: str) -> NDArray[np.float16]:
    return np.frombuffer(base64.b64decode(kept), dtype="<f2")


def _folded(rows: NDArray[np.floating], most: int) -> NDArray[np.floating]:
    """Of each row, numbers that lie `most` apart are added up, each with a sign by lot, always the same."""
    many, width = rows.shape
    if width <= most:
        return rows
    signs = np.random.PCG64(SEED).random_raw(width) & np.uint64(1)
    padded = np.zeros((many, -(-width // most) * most), dtype=rows.dtype)
    padded[:, :width] = np.where(signs == 1, rows, -rows)
    return np.asarray(padded.reshape(many, -1, most).sum(axis=1))


def _products(rows: NDArray[np.float32], asked: Vector) -> NDArray[np.float32]:
    """In one thread: those of BLAS wait for each other wherever another process has a core."""
    return np.asarray(np.einsum("ij,j->i", rows, asked))


class Vectors:
    """Those of one run, by item. The caller lets one thread in at a time."""

    def __init__(self, run: int) -> None:
        self.run = run
        self._items: list[str] = []
        self._place: dict[str, int] = {}
        self._known = np.zeros(0, dtype=bool)
        self._many = 0
        self._whole = np.zeros((0, 0), dtype=np.float16)
        self._short = np.zeros((0, 0), dtype=np.float32)

    def put(self, kept: Sequence[tuple[str, str]]) -> None:
        """Items with what `pack` gave, no item twice. Empty, or of another length: nothing is known of it."""
        read = {item: _read(one) for item, one in kept if one}
        if self._whole.shape[1] == 0 and read:
            self._begin(len(next(iter(read.values()))))
        width = self._whole.shape[1]
        for item, _ in kept:
            if item not in self._place:
                self._place[item] = len(self._items)
                self._items.append(item)
        self._grow()
        at = np.array([self._place[item] for item, _ in kept], dtype=np.intp)
        rows = np.zeros((len(kept), width), dtype=np.float16)
        known = np.zeros(len(kept), dtype=bool)
        for n, (item, _) in enumerate(kept):
            if item in read and len(read[item]) == width:
                rows[n], known[n] = read[item], True
        self._many += int(known.sum()) - int(self._known[at].sum())
        self._known[at], self._whole[at] = known, rows
        self._short[at] = _folded(rows.astype(np.float32), SHORT)

    def standing_out(self, asked: Vector) -> list[tuple[str, float]]:
        """The items that stand out, the most first, each by how much: `LEAST` to 1."""
        size = len(self._items)
        if len(asked) != self._whole.shape[1] or not self._many:
            return []
        alike = _products(self._short[:size], _folded(asked[np.newaxis], SHORT)[0])
        usual = float(alike.sum()) / self._many
        few = np.argpartition(alike, size - FEW)[size - FEW :] if size > FEW else np.arange(size)
        few = few[self._known[few]]
        out = (_products(self._whole[few].astype(np.float32), asked) - usual) / max(1 - usual, 1e-9)
        found = [(self._items[at], float(much)) for at, much in zip(few, out, strict=True) if much >= LEAST]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def _begin(self, width: int) -> None:
        room = len(self._known)
        self._whole = np.zeros((room, width), dtype=np.float16)
        self._short = np.zeros((room, min(width, SHORT)), dtype=np.float32)

    def _grow(self) -> None:
        """Room for every item, and some more, so that it is seldom made."""
        more = len(self._items) - len(self._known)
        if more > 0:
            more += len(self._known) // 4
            self._known = np.pad(self._known, (0, more))
            self._whole = np.pad(self._whole, ((0, more), (0, 0)))
            self._short = np.pad(self._short, ((0, more), (0, 0)))
