"""Every goal of §7, smallest company first."""

import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from bench import exact, hot, ranking
from bench.company import Company, build
from bench.events import KINDS, bare_commit, cost, happens
from bench.measure import Line, Timed, in_turns, line
from store.database import checkpoint

FLAT, COMMITS, NAIVE = 1.5, 2.0, 1_000.0
TIMES = 25
"""Events of each kind in a round."""


def run(folder: Path, sizes: Sequence[int], *, rounds: int) -> Iterator[Line]:
    """Builds a company of each size and measures; what takes long says so on standard error."""
    companies = []
    for size in sizes:
        begin = time.perf_counter()
        companies.append(build(folder, size))
        _say(f"{size:,} requests written and counted in {time.perf_counter() - begin:.0f} s")
    yield exact.run(companies[0])
    whole = {company.size: _whole(company) for company in companies}
    yield from _events(companies, whole, rounds)
    yield from ranking.run(companies, rounds=rounds)
    for company in companies:
        if company.hot >= 10_000:
            yield hot.run(company)


def _events(companies: Sequence[Company], whole: dict[int, Timed], rounds: int) -> Iterator[Line]:
    """The smallest, the largest and the bare commit take turns, kind by kind."""
    small, large = companies[0], companies[-1]
    for kind in KINDS:
        costs = [cost(company, happens(company, kind, 0)(0)) for company in (small, large)]
        note = f"rows {costs[0]['rows']} and {costs[1]['rows']}, statements {costs[1]['statements']}"
        timed = in_turns(
            {
                "small": happens(small, kind, 1), "large": happens(large, kind, 1),
                "bare": bare_commit(large, kind.name),
            },
            rounds=rounds, times=TIMES, between=partial(_checkpoint, companies),
        )  # fmt: skip
        sizes = f"{large.size:,} / {small.size:,}"
        yield line(f"{kind.name}: {sizes}", timed["large"], timed["small"], FLAT, note=note)
        yield line(f"{kind.name}: {large.size:,} / a bare commit", timed["large"], timed["bare"], COMMITS)
        if large.size >= 1_000_000:
            once = Timed([[timed["large"].median]])
            yield line(
                f"a full recompute / {kind.name}: {large.size:,}", once, whole[large.size], NAIVE, lower=False
            )


def _checkpoint(companies: Sequence[Company]) -> None:
    """Off the commits, as the worker does it."""
    for company in companies:
        checkpoint(company.engine)


def _whole(company: Company) -> Timed:
    """A full recompute of everything, once."""
    begin = time.perf_counter()
    exact.recompute(company)
    took = time.perf_counter() - begin
    _say(f"a full recompute of {company.size:,} requests takes {took:.1f} s")
    return Timed([[took]])


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
