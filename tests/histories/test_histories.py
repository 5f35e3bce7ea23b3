"""Webhooks that come twice, late, in another order or never: in the end all is as on an orderly day.

Signed bodies through the app's own routes, the inbox, the looks, the vendors' pages, the ledger, the plan and
the replies: what runs in production runs here, on one thread and by a clock that stands still.
"""

import pytest

from tests.histories.judge import differences
from tests.histories.playing import LONG_S, SHORT_S, drawn, play
from tests.histories.town import Town

DAYS = 3
"""Bad days of one history."""

AT_ONCE = 5
"""Histories in one test."""

QUIET = {"nobody is told before the end": LONG_S, "people are told in the middle": SHORT_S}


def first_difference(town: Town, seeds: range, quiet_s: int) -> str:
    for seed in seeds:
        history = drawn(seed, quiet_s=quiet_s)
        orderly = play(town, history)
        for day in range(DAYS):
            if found := differences(orderly, play(town, history, day=day)):
                told = "\n".join(found)
                return f"drawn({seed}, quiet_s={quiet_s}), day {day}:\n{orderly}\n{told}"
    return ""


@pytest.mark.parametrize("quiet", QUIET)
@pytest.mark.parametrize("part", range(10))
def test_a_bad_day_ends_as_an_orderly_one(town: Town, part: int, quiet: str) -> None:
    """Ten parts, five histories, three bad days, two quiet periods: 300 bad days."""
    found = first_difference(town, range(part * AT_ONCE, (part + 1) * AT_ONCE), QUIET[quiet])
    assert not found, found


@pytest.mark.long
@pytest.mark.parametrize("quiet", QUIET)
@pytest.mark.parametrize("part", range(40))
def test_thousands_of_bad_days_end_as_orderly_ones(town: Town, part: int, quiet: str) -> None:
    first = 1000 + part * 25
    found = first_difference(town, range(first, first + 25), QUIET[quiet])
    assert not found, found
