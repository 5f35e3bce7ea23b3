"""Runs every benchmark and prints what was measured beside its goal. Exits 1 when one misses."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import OWN_TIME, Line, count_own_time

SIZES = (10_000, 100_000, 1_000_000)
PARTS = ("lineage", "board", "panel", "sidebar", "ingest", "reply", "fanout", "suggest")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(PARTS)}; else all")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many requests")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=300, help="how many are told in the fan-out")
    parser.add_argument("--held-out", action="store_true", help="judge suggestions by what is held out")
    parser.add_argument("--cpu", action="store_true", help="our own processor time: for a busy machine")
    given = parser.parse_args()
    if strangers := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strangers))}")
    if given.cpu:
        if others := set(given.parts or PARTS) - set(OWN_TIME):
            parser.error(f"--cpu says nothing of {', '.join(sorted(others))}: they work in several processes")
        count_own_time()
    missed = 0
    for part in given.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="kithspark-bench-") as folder:
            for line in _lines(part, Path(folder), given):
                print(line, flush=True)
                missed += not line.passes
    print(f"{missed} missed" if missed else "every goal is met")
    return 1 if missed else 0


def _lines(part: str, folder: Path, given: argparse.Namespace) -> Iterator[Line]:
    """What a part needs is imported only for it: the vendors' libraries are heavy."""
    if part == "lineage":
        from bench.suite import run as lineage

        yield from lineage(folder, sorted(given.sizes), rounds=given.rounds)
    elif part == "board":
        from bench.board import run as board

        yield from board(folder, sorted(given.sizes), rounds=given.rounds)
    elif part == "panel":
        from bench.panel import run as panel

        yield from panel(folder)
    elif part == "sidebar":
        from bench.sidebar import run as sidebar

        yield from sidebar(folder)
    elif part == "ingest":
        from bench.ingest import run as ingest

        yield from ingest(folder, rounds=given.rounds)
    elif part == "reply":
        from bench.reply import run as reply

        yield from reply()
    elif part == "suggest":
        from bench.suggest import run as suggest

        yield from suggest(held_out=given.held_out)
    else:
        from bench.fanout import run as fanout

        yield from fanout(folder, people=given.people)


if __name__ == "__main__":
    sys.exit(main())
