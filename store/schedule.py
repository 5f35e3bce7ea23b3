"""When a row that did not get done is tried again."""

import random
from datetime import datetime, timedelta

RETRY_AFTER_S = (5, 30, 120, 600, 1800, 7200, 21600, 43200)
JITTER = 0.2
LONGEST_S = 86_400


def next_try(
    attempts: int, now: datetime, *, after_s: float | None = None, rng: random.Random
) -> datetime | None:
    """When to try again after `attempts` failed tries; None: never, a person must look at it.

    `after_s`: the wait in seconds that the other side asked for. It is obeyed (never sooner, a little
    later, so that not all come back at once; at most a day) and does not use up a try.
    """
    if after_s is not None:
        wait_s = min(max(after_s, 1.0), LONGEST_S) * rng.uniform(1, 1 + JITTER)
    elif attempts <= len(RETRY_AFTER_S):
        wait_s = RETRY_AFTER_S[attempts - 1] * rng.uniform(1 - JITTER, 1 + JITTER)
    else:
        return None
    return now + timedelta(seconds=wait_s)
