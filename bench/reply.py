"""From Done in Jira to the reply on the ticket, on an idle system without a quiet period."""

import statistics
import time
from collections.abc import Iterator

from bench.measure import Line
from tests.journeys.house import opened

TIMES = 40
GOAL_S = 2.0
LONGEST_S = 30.0


def run() -> Iterator[Line]:
    """The real server with its worker, the sandbox vendors, real HTTP between them."""
    with opened({"KITHSPARK_SWEEP_S": "5"}) as house:
        house.operator.policy("--hold", "0")
        waiting = []
        for number in range(TIMES):
            key = house.issue(f"Issue {number}")
            waiting.append((key, house.linked(house.customer(f"Customer{number}"), f"Wish {number}", key)))
        house.quiet()
        time.sleep(5)  # idle
        took = []
        for key, ticket in waiting:
            begin = time.perf_counter()
            house.engineer.done(key)
            while not house.replies(ticket) and time.perf_counter() - begin < LONGEST_S:
                time.sleep(0.005)
            took.append(time.perf_counter() - begin)
            house.quiet()
    p95 = statistics.quantiles(took, n=20)[18]
    note = f"median {statistics.median(took):.2f} s, longest {max(took):.2f} s, {TIMES} times"
    yield Line("done in Jira to reply: p95 / 2 s", p95, GOAL_S, [p95 / GOAL_S], 1.0, note=note)
