"""Real processes, killed at every point on the roads from a webhook to a confirmed message.

All of it is long; every run has the six points of the reply on SQLite, and a few others: which ones, turns
with the commit.
"""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.crashes.conftest import Towns
from tests.crashes.kill import killed_at
from tests.crashes.roads import ON_REPLIES, every_point
from tests.crashes.table import COMBINATIONS, PROPERTY, as_property
from tests.crashes.town import Database, Queue
from tests.our_files import ROOT

OTHERS = {("sqlite", "embedded"): 3, ("sqlite", "rq"): 2, ("postgres", "embedded"): 2, ("postgres", "rq"): 2}
"""How many further points every run kills at."""

SLOW = ("replans.claimed", "replans.done", "looks.put_off")


def _turn() -> int:
    """A number of this commit."""
    git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(git.stdout.strip()[:8] or "0", 16)


def _cases() -> Iterator[object]:
    turn = _turn()
    for place, (database, queue) in enumerate(COMBINATIONS):
        every = every_point(queue)
        turning = [point for point in every if point not in (*ON_REPLIES, *SLOW)]
        others = OTHERS[database, queue]
        first = (turn + place * 17) * others
        often = {turning[(first + n) % len(turning)] for n in range(others)}
        if place == 0:
            often |= {*ON_REPLIES}
        for point in every:
            marks = () if point in often else (pytest.mark.long,)
            yield pytest.param(database, queue, point, marks=marks, id=f"{point}-{database}-{queue}")


@pytest.mark.parametrize(("database", "queue", "point"), list(_cases()))
def test_killed_there_everybody_is_told_once(
    towns: Towns, record_property: Callable[[str, object], None], database: Database, queue: Queue, point: str
) -> None:
    with towns.of(database, queue) as town:
        result = killed_at(town, point)
        record_property(PROPERTY, as_property(database, queue, result))
        assert result.reached, f"Nobody came to {point}: which road leads there? See tests/crashes/roads.py."
        assert not result.wrong
        assert result.again_s < 30
