"""How much each item sounds like a text: three rankings, joined by reciprocal rank. Pure.

*Words*: BM25 of words and meanings. *Likeness*: the cosine of words, meanings and pieces. *Earlier*: what
earlier requests for the item said. All by how rare a feature is here. The weights of the first two were
tuned on the part of `bench/gold` that is for that, those of the third set by eye
(docs/decisions/0033-suggest-without-a-model.md). A connected model has a fourth: `vectors.py`.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lineage.likeness.features import Kind, features
from lineage.likeness.packed import KINDS
from lineage.likeness.segment import Numbers, Segment

K1, B = 1.2, 0.75
BM25 = {Kind.WORD: 0.3, Kind.MEANING: 1.0}
COSINE = {Kind.WORD: 0.5, Kind.MEANING: 1.0, Kind.PIECE: 0.2}
EARLIER = {Kind.WORD: 1.0, Kind.MEANING: 0.7}
EARLIER_FROM = 0.25
"""An item's earlier requests speak for it from this share of what the text says."""
RRF = 10.0
WEIGHTS = (1.0, 1.0, 0.6)
BY_MODEL = 1.0
"""The weight of a connected model's ranking, where there is one. Set by eye: no true model was at hand."""
FEWEST = 100
"""How rare a word is, is judged as if there were so many items at least: of three, nothing is rare."""
AGAINST = 0.9
"""So much of its score an item loses at most by requests like this one that agents said are about something
else. Where as much was linked to it, it loses nothing. Set by eye."""
POOL = 100
"""So many of each ranking are joined."""


class Prepared:
    """A segment, with what does not depend on the text."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        of_kind = [segment.lengths(n) for n in range(len(KINDS))]
        self.short = [K1 * (1 - B + B * one / max(one.mean(), 1e-9)) if len(one) else one for one in of_kind]
        own = segment.entries["own"]
        df = np.add.reduceat(own > 0, segment.starts) if len(segment.starts) else np.empty(0)
        rare = np.log1p((max(len(segment), FEWEST) - df + 0.5) / (df + 0.5))
        weight = np.array([COSINE[kind] for kind in KINDS])[segment.entries["kind"]]
        each = (weight * np.repeat(rare, segment.ends - segment.starts)) ** 2 * own
        self.rejected = bool(self.segment.entries["rejected"].any())
        self.norm = np.sqrt(segment.summed(segment.owner, each) + 0.5)


def scores(text: str, known: Sequence[Prepared]) -> list[tuple[Numbers, Numbers, Numbers]]:
    """Of each segment the three scores of its items."""
    asked = features(text)
    size = sum(len(one.segment) for one in known)
    found = [tuple(np.zeros(len(one.segment)) for _ in range(3)) for one in known]
    most = 1e-9
    for number, kind in enumerate(KINDS):
        for feature, count in asked[kind].items():
            _add_own(feature, number, count, known, found, size)
            if kind in EARLIER:
                most += EARLIER[kind] * _add_earlier(feature, kind, known, found, size)
    for one, (words, likeness, earlier) in zip(known, found, strict=True):
        np.divide(likeness, one.norm, out=likeness)
        np.divide(earlier, most, out=earlier)
        for score in (words, likeness, earlier):
            score[~one.segment.alive] = 0
        earlier[earlier < EARLIER_FROM] = 0
    return [(a, b, c) for a, b, c in found]


def against(text: str, known: Sequence[Prepared], earlier: Sequence[Numbers]) -> list[Numbers]:
    """What an item's score is worth, after requests of which agents said that they are not about it: from
    `1 - AGAINST` to 1. They count as those that were linked to it do, and no more than these outweigh.
    """
    size = sum(len(one.segment) for one in known)
    found = [np.zeros(len(one.segment)) for one in known]
    if not any(one.rejected for one in known):
        return [one + 1 for one in found]
    most, asked = 1e-9, features(text)
    for kind, weight in EARLIER.items():
        for feature in asked[kind]:
            places = [one.segment.where(feature) for one in known]
            rare = _rare(size, _having(known, places, "rejected"))
            most += weight * rare
            for one, at, score in zip(known, places, found, strict=True):
                score[one.segment.owner[at]] += weight * rare * _says(one, at, "rejected")
    shares = [np.where(score / most < EARLIER_FROM, 0, score / most) for score in found]
    return [1 - AGAINST * np.clip(no - yes, 0, 1) for no, yes in zip(shares, earlier, strict=True)]


def joined(rankings: Sequence[Numbers], by_model: Sequence[int] = ()) -> Mapping[int, float]:
    """The places of the best items of all rankings, with their joined score. `by_model`: the places that
    stand out to a model, best first.
    """
    total: dict[int, float] = {}
    for weight, score in zip(WEIGHTS, rankings, strict=True):
        few = min(POOL, len(score))
        best = np.argpartition(-score, few - 1)[:few] if few else np.empty(0, int)
        best = best[np.lexsort((best, -score[best]))]
        for rank, place in enumerate(best[score[best] > 0].tolist(), 1):
            total[place] = total.get(place, 0.0) + weight / (RRF + rank)
    for rank, place in enumerate(by_model[:POOL], 1):
        total[place] = total.get(place, 0.0) + BY_MODEL / (RRF + rank)
    return total


def _rare(size: int, df: int) -> float:
    return math.log1p((max(size, FEWEST) - df + 0.5) / (df + 0.5))


def _add_own(
    feature: int,
    number: int,
    count: int,
    known: Sequence[Prepared],
    found: Sequence[tuple[Numbers, ...]],
    size: int,
) -> None:
    """One feature of the text, in what the items say themselves."""
    kind, places = KINDS[number], [one.segment.where(feature) for one in known]
    df = sum(
        int(np.count_nonzero(one.segment.entries["own"][at])) for one, at in zip(known, places, strict=True)
    )
    if not df:
        return
    rare = _rare(size, df)
    for one, at, (words, likeness, _) in zip(known, places, found, strict=True):
        own, owner = one.segment.entries["own"][at].astype(float), one.segment.owner[at]
        if kind in BM25:
            full = own * (K1 + 1) / (own + one.short[number][owner])
            words[owner] += BM25[kind] * rare * min(count, 3) ** 0.5 * full
        likeness[owner] += (COSINE[kind] * rare) ** 2 * np.sqrt(count * own)


def _add_earlier(
    feature: int, kind: Kind, known: Sequence[Prepared], found: Sequence[tuple[Numbers, ...]], size: int
) -> float:
    """The same in earlier requests: said by one it counts, said by more it counts more, by half at most.

    How much the feature weighs, wherever it is.
    """
    places = [one.segment.where(feature) for one in known]
    rare = _rare(size, _having(known, places, "asked"))
    for one, at, (_, _, earlier) in zip(known, places, found, strict=True):
        earlier[one.segment.owner[at]] += EARLIER[kind] * rare * _says(one, at, "asked")
    return rare


def _having(known: Sequence[Prepared], places: Sequence[slice], what: str) -> int:
    """In how many items a feature is, in what was said of them in this way."""
    return sum(
        int(np.count_nonzero(one.segment.entries[what][at])) for one, at in zip(known, places, strict=True)
    )


def _says(one: Prepared, at: slice, what: str) -> Numbers:
    many = one.segment.entries[what][at].astype(float)
    return np.asarray(0.5 * (many > 0) + 0.5 * many / (many + 2))


def length_of(text: str, known: Sequence[Prepared]) -> float:
    """How long the text is as a vector, by what of it is anywhere: what the cosine is divided by."""
    size, total = sum(len(one.segment) for one in known), 0.0
    for kind, counts in features(text).items():
        for feature, count in counts.items():
            df = sum(
                int(np.count_nonzero(one.segment.entries["own"][one.segment.where(feature)])) for one in known
            )
            total += (COSINE[kind] * _rare(size, df)) ** 2 * count if df else 0.0
    return math.sqrt(total)
