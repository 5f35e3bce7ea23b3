"""Somebody kills the program with `kill -9` while replies go out: all are told, nobody is told twice."""

import random
import time
from collections import Counter

import pytest

from tests.journeys.house import House, opened

IMPATIENT = {"KITHSPARK_LEASE_S": "2", "KITHSPARK_SETTLE_S": "4"}
"""Short leases and rests, so that what was cut off is taken up soon; the protocol is the same."""

PEOPLE = 4
KILLS = 3


@pytest.mark.long
def test_killed_again_and_again_while_replies_go_out_each_is_told_once() -> None:
    rng = random.Random(11)
    with opened(IMPATIENT) as house:
        key = house.issue("Undo everywhere")
        tickets = [house.linked(house.customer(f"Kim{n}"), "Undo everywhere", key) for n in range(PEOPLE)]
        house.quiet()
        house.engineer.done(key)
        for _ in range(KILLS):
            _until_replies_leave(house, rng)
            house.stage.kithspark.kill()
            house.stage.kithspark.start()
        house.quiet()
        told = Counter(len(house.replies(ticket)) for ticket in tickets)
        assert told == {1: PEOPLE}, f"how often each was told: {dict(told)}"


def _until_replies_leave(house: House, rng: random.Random) -> None:
    """Wait for one more reply than there is, or for a moment like any other."""
    written, until = len(house.stage.zendesk.ledger), time.monotonic() + rng.uniform(0.5, 4.0)
    while len(house.stage.zendesk.ledger) == written and time.monotonic() < until:
        time.sleep(0.002)
