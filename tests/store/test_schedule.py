import random
from datetime import datetime, timedelta

import pytest

from store.schedule import RETRY_AFTER_S, next_try


def wait_s(attempts: int, now: datetime, after_s: float | None = None, seed: int = 0) -> float:
    at = next_try(attempts, now, after_s=after_s, rng=random.Random(seed))
    assert at is not None
    return (at - now) / timedelta(seconds=1)


@pytest.mark.parametrize(("attempts", "after_s"), list(enumerate(RETRY_AFTER_S, start=1)))
def test_the_waits_grow_and_no_two_rows_come_back_together(
    now: datetime, attempts: int, after_s: int
) -> None:
    waits = {wait_s(attempts, now, seed=seed) for seed in range(50)}
    assert len(waits) == 50
    assert all(0.8 * after_s <= wait <= 1.2 * after_s for wait in waits)


def test_after_the_last_wait_a_person_must_look_at_it(now: datetime) -> None:
    assert next_try(len(RETRY_AFTER_S) + 1, now, rng=random.Random(0)) is None


@pytest.mark.parametrize("attempts", [1, 9, 50])
def test_the_wait_that_the_other_side_asked_for_is_never_cut_short(now: datetime, attempts: int) -> None:
    assert all(37 <= wait_s(attempts, now, after_s=37, seed=seed) <= 45 for seed in range(50))


@pytest.mark.parametrize(("asked_s", "least", "most"), [(0, 1, 1.2), (-5, 1, 1.2), (1e12, 86400, 103680)])
def test_a_wait_that_makes_no_sense_is_brought_within_reason(
    now: datetime, asked_s: float, least: float, most: float
) -> None:
    assert least <= wait_s(1, now, after_s=asked_s) <= most
