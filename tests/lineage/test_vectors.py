"""A model's vectors in memory: what stands out is what would by a comparison with each."""

import numpy as np
import pytest
from numpy.typing import NDArray

from lineage.likeness import vectors
from lineage.likeness.vectors import FEW, LEAST, Vector, Vectors, pack, unpack

Floats = NDArray[np.float64]


def packed(rows: Floats) -> list[tuple[str, str]]:
    return [(str(n), pack(row.tolist())) for n, row in enumerate(rows)]


def unit(row: Floats) -> Vector:
    return unpack(pack(row.tolist()))


def known_of(rows: Floats) -> Vectors:
    known = Vectors(1)
    kept = packed(rows)
    for start in range(0, len(kept), 700):
        known.put(kept[start : start + 700])
    return known


def crowd(width: int, many: int, *, topics: int = 60) -> tuple[Floats, Floats]:
    """Items about a few topics, all of them a little alike, as a model's are; and a text about each topic."""
    chance = np.random.default_rng(7)
    usual, themes = chance.standard_normal(width), chance.standard_normal((topics, width))
    items = 0.5 * usual + themes[np.arange(many) % topics] * chance.uniform(0.2, 1.2, (many, 1))
    items += chance.standard_normal((many, width))
    return items, 0.5 * usual + themes + 0.8 * chance.standard_normal((topics, width))


@pytest.mark.parametrize("width", [128, 384, 1024])
def test_the_five_that_stand_out_are_those_of_a_comparison_with_each(width: int) -> None:
    items, texts = crowd(width, 6_000)
    known, lengths = known_of(items), np.linalg.norm(items, axis=1)
    same = 0
    for text in texts:
        cosines = items @ text / lengths / np.linalg.norm(text)
        by_each = {str(n) for n in np.argsort(-cosines)[:5]}
        same += len(by_each & {item for item, _ in known.standing_out(unit(text))[:5]})
    assert same >= 0.99 * 5 * len(texts)


def test_what_stands_out_is_told_by_how_much_and_the_rest_is_not() -> None:
    rows = np.eye(8)
    known = known_of(rows)
    asked = unit(rows[3] + 0.5 * rows[4])
    found = known.standing_out(asked)
    usual = float(asked.sum()) / 8
    assert [item for item, _ in found] == ["3", "4"]
    for (_, much), cosine in zip(found, (asked[3], asked[4]), strict=True):
        assert much == pytest.approx((cosine - usual) / (1 - usual), abs=0.002)
    assert all(much >= LEAST for _, much in found)


def test_alike_to_all_is_alike_to_none() -> None:
    same = np.ones((20, 4))
    assert known_of(same).standing_out(unit(same[0])) == []


def test_what_is_known_no_more_or_of_another_length_does_not_stand_out() -> None:
    known = known_of(np.eye(8))
    asked = unit(np.eye(8)[3])
    usual = [much for _, much in known.standing_out(asked)]
    known.put([("3", ""), ("9", ""), ("10", pack([1.0, 0.0]))])
    assert known.standing_out(asked) == []
    known.put([("3", pack(np.eye(8)[3].tolist()))])
    assert [item for item, _ in known.standing_out(asked)] == ["3"]
    assert [much for _, much in known.standing_out(asked)] == pytest.approx(usual), (
        "the two count for nothing"
    )
    assert known.standing_out(unit(np.eye(4)[0])) == [] and Vectors(1).standing_out(asked) == []


def test_an_item_has_its_newest_vector() -> None:
    known = known_of(np.eye(8))
    known.put([("3", pack(np.eye(8)[5].tolist()))])
    assert [item for item, _ in known.standing_out(unit(np.eye(8)[5]))] == ["3", "5"]


def test_the_first_may_be_unknown() -> None:
    known = Vectors(1)
    known.put([("1", ""), ("2", "")])
    known.put(packed(np.eye(4)))
    assert [item for item, _ in known.standing_out(unit(np.eye(4)[2]))] == ["2"]


def test_a_vector_is_kept_with_length_one_and_nothing_is_left_of_nothing() -> None:
    assert unpack(pack([3.0, 4.0])) == pytest.approx([0.6, 0.8], abs=0.001)
    assert pack([0.0, 0.0]) == ""


def test_a_longer_vector_is_folded_and_cosines_stay_as_they_were() -> None:
    chance = np.random.default_rng(7)
    one, noise = chance.standard_normal((2, 100, 4 * vectors.KEPT))
    other = one + noise
    off = []
    for a, b in zip(one, other, strict=True):
        assert len(unit(a)) == vectors.KEPT
        off.append(abs(float(unit(a) @ unit(b)) - a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    assert np.mean(off) < 0.03


def test_the_few_that_are_compared_in_full_are_more_than_are_joined() -> None:
    items, texts = crowd(64, 3 * FEW, topics=1)
    assert len(known_of(items).standing_out(unit(texts[0]))) <= FEW
