"""Kills real processes at every point, or at those named, and prints the table.

python -m tests.crashes [--on sqlite|postgres] [--with embedded|rq] [POINT …]
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.crashes import table
from tests.crashes.kill import killed_at
from tests.crashes.processes import Warm
from tests.crashes.roads import every_point
from tests.crashes.table import COMBINATIONS
from tests.crashes.town import Database, Queue, opened
from tests.postgres.server import started

IN_ONE_TOWN = 30
"""Points: after ten minutes all that happened in a town is read again, and nobody is calm for long."""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.crashes", description=__doc__)
    asked.add_argument("--on", choices=("sqlite", "postgres"))
    asked.add_argument("--with", dest="queue", choices=("embedded", "rq"))
    asked.add_argument("points", nargs="*")
    wanted = asked.parse_args()
    found, bad = [], 0
    with Warm() as warm:
        for database, queue in COMBINATIONS:
            if wanted.on in (None, database) and wanted.queue in (None, queue):
                said, wrong = _killed(warm, database, queue, wanted.points)
                found += said
                bad += wrong
    print("\n".join(table.lines(found)))
    print(f"{len(found)} kills; {bad} went wrong.")
    return 1 if bad else 0


def _killed(warm: Warm, database: Database, queue: Queue, points: list[str]) -> tuple[list[str], int]:
    found, bad, wanted = [], 0, list(points or every_point(queue))
    for first in range(0, len(wanted), IN_ONE_TOWN):
        with ExitStack() as ending:
            folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="kithspark-crash-")))
            postgres = ending.enter_context(started()) if database == "postgres" else None
            town = opened(folder, warm, database=database, queue=queue, postgres=postgres)
            there = ending.enter_context(town)
            for point in wanted[first : first + IN_ONE_TOWN]:
                result = killed_at(there, point)
                found.append(table.as_property(database, queue, result))
                bad += not result.good
                print(point, database, queue, *result.wrong, flush=True)
    return found, bad


if __name__ == "__main__":
    sys.exit(main())
