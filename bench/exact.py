"""Ten thousand random events and their undo: not a cent, and not a row, may differ from a full recompute."""

import random

from bench.company import Company
from bench.events import NOW
from bench.happenings import MAKERS, Happening, Tracker
from bench.measure import Line
from lineage import ledger
from lineage.counting import rebuild, whole
from store.database import checkpoint, reading, transaction

EVENTS = 10_000
TOGETHER = 200
"""So many stand at the same time; were it all of them, every issue would be part of every other."""


def run(company: Company) -> Line:
    """The number of rows that differ: in the midst of the events, after their undo, and from before them."""
    before, wrong = _snapshot(company), 0
    chance, tracker = random.Random(7), Tracker.of(company)
    for first in range(0, EVENTS, TOGETHER):
        decided = dict(tracker.decided)
        numbers = range(first, first + TOGETHER)
        made = [_one(company, chance, tracker, number) for number in numbers]
        if first % (10 * TOGETHER) == 0:
            wrong += recompute(company)
        for number, happening in zip(reversed(numbers), reversed(made), strict=True):
            _tell(company, happening, number, back=True)
        tracker.decided = decided
    wrong += recompute(company)
    after = _snapshot(company)
    wrong += sum(
        before[name].get(key) != after[name].get(key)
        for name in before
        for key in before[name].keys() | after[name].keys()
    )
    what = f"rows that differ after {EVENTS:,} random events and their undo: {company.size:,}"
    return Line(what, 0.0, 0.0, [float(wrong)], 0.0)


def recompute(company: Company) -> int:
    """Works everything out anew; how many rows differ."""
    with reading(company.engine) as conn:
        every = rebuild.every_item(conn, company.workspace)
        return len(rebuild.look(conn, company.workspace, every, mend=False, now=NOW).differences)


def _one(company: Company, chance: random.Random, tracker: Tracker, number: int) -> Happening:
    happening = chance.choice(MAKERS)(chance, number, tracker)
    _tell(company, happening, number)
    return happening


def _tell(company: Company, happening: Happening, number: int, *, back: bool = False) -> None:
    told = happening.undo() if back else happening.do()
    with transaction(company.engine) as conn:
        for step, change in enumerate(told):
            cause = f"exact:{number}:{step}:{'back' if back else ''}"
            ledger.record(conn, company.workspace, change, cause=cause, now=NOW)
    if number % 500 == 0:
        checkpoint(company.engine)


def _snapshot(company: Company) -> dict[str, whole.Rows]:
    with reading(company.engine) as conn:
        return whole.kept(conn, company.workspace.id, rebuild.every_item(conn, company.workspace))
