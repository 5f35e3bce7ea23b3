"""Every invariant, by name, and how it is looked at. `test_mutations.py` breaks each of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from tests.lineage.invariants import of_asks, of_counts, of_news, of_time
from tests.lineage.invariants.now import Now
from tests.lineage.twin import broken
from tests.lineage.twin.broken import Broken
from tests.lineage.twin.twin import Twin

Check: TypeAlias = Callable[[Now], Iterator[str]]
Wrong: TypeAlias = dict[str, list[str]]
"""What was found, by invariant."""

OFTEN: Mapping[str, Check] = {
    broken.SHARES: of_asks.shares_sum_to_one,
    broken.RESTS: of_asks.they_rest_where_the_model_says,
    broken.FAR: of_asks.they_are_as_far_as_the_model_says,
    broken.COUNTS: of_counts.they_count_what_the_model_says,
    broken.PARTS: of_counts.the_parts_add_up,
    broken.CAP: of_counts.nobody_is_above_their_amount,
    broken.DISTINCT: of_counts.counts_equal_a_recount,
    broken.PUSHED: of_counts.what_differs_is_pushed,
    broken.ONCE: of_news.nobody_is_told_twice,
    broken.SILENCE: of_news.nobody_hears_who_must_not,
    broken.OWED: of_news.they_are_owed_what_the_model_says,
}
"""Looked at every few events."""
AT_THE_END: Mapping[str, Check] = {
    broken.RECOMPUTE: of_time.a_full_recompute_says_the_same,
    broken.MENDED: of_time.rebuilding_mends,
    broken.ORDER: of_time.hearing_late_changes_nothing,
    broken.REPETITION: of_time.hearing_again_changes_nothing,
}
"""Looked at once a history: they cost as much as many events."""
BY_EVENTS = (broken.UNDO, broken.REPETITION, broken.RUNS)
"""Shown by events themselves."""
INVARIANTS = {*OFTEN, *AT_THE_END, *BY_EVENTS}


def look(twin: Twin, checks: Mapping[str, Check]) -> Wrong:
    now, wrong = Now(twin), Wrong()
    for name, check in checks.items():
        with noted(wrong, name):
            if found := list(check(now)):
                wrong[name] = found
    return wrong


@contextmanager
def noted(wrong: Wrong, name: str) -> Iterator[None]:
    """What is raised was found by this invariant, unless it names another."""
    try:
        yield
    except Broken as error:
        wrong[error.invariant] = [str(error)]
    except Exception as error:  # noqa: BLE001 - whatever the engine does, it is a finding
        lost = "credit was made or lost" in str(error)
        wrong[broken.SHARES if lost else name] = [f"{type(error).__name__}: {error}"]


def said(wrong: Wrong) -> Iterable[str]:
    return [f"{name}: {one}" for name, found in wrong.items() for one in found]
