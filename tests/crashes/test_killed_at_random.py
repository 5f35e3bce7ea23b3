"""Real processes, killed at any moment: 5,000 times in the long run, a few times in every run."""

import random

import pytest

from tests.crashes.at_random import round_of_kills
from tests.crashes.conftest import Towns
from tests.crashes.table import COMBINATIONS
from tests.crashes.town import Database, Queue

KILLS = {
    ("sqlite", "embedded"): 800,
    ("postgres", "embedded"): 800,
    ("sqlite", "rq"): 1700,
    ("postgres", "rq"): 1700,
}
PARTS = 25
"""Each in a town of its own."""


def test_killed_a_few_times_each_is_told_once(towns: Towns) -> None:
    with towns.of("sqlite", "embedded") as town:
        assert round_of_kills(town, random.Random(11)) > 0


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("database", "queue"), COMBINATIONS)
def test_killed_thousands_of_times_each_is_told_once(
    towns: Towns, database: Database, queue: Queue, part: int
) -> None:
    rng, killed, wanted = random.Random(part), 0, KILLS[database, queue] // PARTS
    towns.leave(database, queue)
    while killed < wanted:
        with towns.of(database, queue) as town:
            killed += round_of_kills(town, rng)
    print(f"killed {killed} times")
