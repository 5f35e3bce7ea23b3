"""The table of the kills: point x database x queue, and whether everybody was told once."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # every run of the tests comes by here
    from tests.crashes.kill import Result
    from tests.crashes.town import Database, Queue

PROPERTY = "killed at"
COMBINATIONS: "tuple[tuple[Database, Queue], ...]" = (
    ("sqlite", "embedded"),
    ("sqlite", "rq"),
    ("postgres", "embedded"),
    ("postgres", "rq"),
)


def as_property(database: "Database", queue: "Queue", result: "Result") -> str:
    """What a test hands on to the end of the run, maybe from another process."""
    said = "told once" if result.good else "NOT REACHED" if not result.reached else "WRONG"
    return json.dumps([result.point, f"{database}/{queue}", f"{said}, {result.again_s:.1f} s"])


def lines(found: Iterable[str]) -> list[str]:
    """The table, of what was handed on: a row for each point, a column for each database and queue."""
    cells: dict[tuple[str, str], str] = {}
    for one in found:
        point, where, said = json.loads(one)
        cells[point, where] = said
    if not cells:
        return []
    from tests.crashes.roads import every_point

    columns = [f"{database}/{queue}" for database, queue in COMBINATIONS]
    rows = [
        [point, *(cells.get((point, where), "-") for where in columns)]
        for point in every_point("rq")
        if any(there == point for there, _ in cells)
    ]
    head = ["killed at", *columns]
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    return [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in [head, *rows]
    ]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """At the end of every run of the tests that killed something."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    found = [
        value
        for one in reports
        if one.when == "call"
        for name, value in one.user_properties
        if name == PROPERTY
    ]
    for line in lines(found):
        terminalreporter.write_line(line)
