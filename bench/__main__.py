"""Runs every benchmark and prints what was measured beside its goal. Exits 1 when one misses."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import suite

SIZES = (10_000, 100_000, 1_000_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many requests")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kithspark-bench-") as folder:
        missed = 0
        for line in suite.run(Path(folder), sorted(given.sizes), rounds=given.rounds):
            print(line, flush=True)
            missed += not line.passes
    print(f"{missed} missed" if missed else "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
