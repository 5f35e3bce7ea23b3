"""What a model makes of texts: vectors, kept short, and which items' stand out beside a text's. Pure."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.likeness.segment import Numbers, Segment

MOST = 512
"""So many numbers are kept of a vector: 200 MB for 100,000 items. A longer one is folded to it, by which the
cosine of two is off by 0.04 on the average."""
LEAST = 0.3
"""An item stands out if its cosine is this part of the way from what is usual here to the same. What is usual
differs from model to model: 0.1 for some, 0.7 for others. Set by eye."""
SEED = 37

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text, as this model has it: `vector` is of length 1."""

    model: str
    vector: Vector


def pack(vector: Sequence[float] | Vector) -> str:
    """A model's vector as a row keeps it: folded, of length 1, little-endian floats in base64.

    Nothing is left of one that is all zeros.
    """
    short = _folded(np.asarray(vector, dtype=np.float64))
    length = float(np.linalg.norm(short))
    return base64.b64encode((short / length).astype("<f4").tobytes()).decode() if length else ""


def unpack(kept: str) -> Vector:
    return np.frombuffer(base64.b64decode(kept), dtype="<f4")


def _folded(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers that lie `MOST` apart are added up, each with a sign by lot, always the same."""
    if len(vector) <= MOST:
        return vector
    signs = np.random.PCG64(SEED).random_raw(len(vector)) & np.uint64(1)
    padded = np.zeros(-(-len(vector) // MOST) * MOST)
    padded[: len(vector)] = np.where(signs == 1, vector, -vector)
    return np.asarray(padded.reshape(-1, MOST).sum(axis=0))


class Vectors:
    """Those of one model and length, by item. The caller lets one thread in at a time."""

    def __init__(self, model: str, width: int) -> None:
        self.model, self.width = model, width
        self._place: dict[str, int] = {}
        self._rows = np.zeros((64, width), dtype=np.float32)
        self._found: list[tuple[Segment, int, NDArray[np.int64]]] = []

    def put(self, item: str, vector: Vector | None) -> None:
        """None, or one of another length: nothing is known of it."""
        at = self._place.setdefault(item, len(self._place))
        if at == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[at] = vector if vector is not None and len(vector) == self.width else 0

    def standing_out(self, asked: Vector, segments: Sequence[Segment]) -> Numbers:
        """Of each item of the segments, in their order, by how much it stands out: 0 to 1, mostly 0."""
        alike = self._rows[: len(self._place)] @ asked
        known = int(np.count_nonzero(self._rows[: len(self._place)].any(axis=1)))
        usual = float(alike.sum()) / max(known, 1)
        out = (alike - usual) / max(1 - usual, 1e-9)
        out[out < LEAST] = 0
        padded = np.append(out, 0).astype(float)  # the last is for those without a vector
        places = [self._places(one) for one in segments]
        self._found = [
            (one, len(self._place), at) for one, at in zip(segments, places, strict=True)
        ]  # those of segments that are no more go
        scores = [padded[at] * one.alive for one, at in zip(segments, places, strict=True)]
        return np.concatenate([*scores, np.empty(0)])

    def _places(self, segment: Segment) -> NDArray[np.int64]:
        """Where the vectors of its items are: looked up once, while neither changes."""
        for known, size, places in self._found:
            if known is segment and size == len(self._place):
                return places
        return np.array([self._place.get(item, -1) for item in segment.items], dtype=np.int64)
