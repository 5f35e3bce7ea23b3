"""Runs every benchmark and prints what was measured beside its goal. Exits 1 when one misses."""

import sys
from collections.abc import Callable

from bench import shares

GOALS: dict[str, tuple[Callable[[], float], float]] = {
    "10,000 asks find where they rest, s": (shares.run, 5.0),
}
"""What is measured: the measurement, and the most it may be on two ordinary cores."""


def main() -> int:
    missed = 0
    for what, (measure, goal) in GOALS.items():
        got = measure()
        missed += got > goal
        print(f"{'ok' if got <= goal else 'MISSED':<7}{what:<45}{got:>8.2f}   goal {goal:g}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
