"""Items by what their words are made of, in arrays: which items have a feature, and how much of it. Pure."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lineage.likeness.packed import ENTRY, Entries

Numbers = NDArray[np.float64]


class Segment:
    """Never changed once made. `items`: their ids; every other array goes by their places in it."""

    def __init__(self, packed: Mapping[str, Entries]) -> None:
        self.items = list(packed)
        self.place = {item: n for n, item in enumerate(self.items)}
        every = np.concatenate([*packed.values(), np.empty(0, ENTRY)])
        owner = np.repeat(
            np.arange(len(packed), dtype=np.int32), np.array([len(one) for one in packed.values()], dtype=int)
        )
        order = np.argsort(every["feature"], kind="stable")
        self.entries, self.owner = every[order], owner[order]
        self.features, self.starts = np.unique(self.entries["feature"], return_index=True)
        self.ends = np.append(self.starts[1:], len(self.entries))
        self.alive = np.ones(len(packed), dtype=bool)

    def __len__(self) -> int:
        return len(self.items)

    def where(self, feature: int) -> slice:
        """The entries of one feature."""
        at = int(np.searchsorted(self.features, feature))
        if at == len(self.features) or self.features[at] != feature:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.ends[at]))

    def summed(self, owners: NDArray[np.int32], weights: Numbers) -> Numbers:
        """What is said of each item, added up."""
        return np.bincount(owners, weights, minlength=len(self)).astype(float)

    def lengths(self, kind: int) -> Numbers:
        """How many words, or meanings, each item has itself."""
        of_kind = self.entries["kind"] == kind
        return self.summed(self.owner[of_kind], self.entries["own"][of_kind].astype(float))
