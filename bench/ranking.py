"""The first fifty by demand: counted anew over all requests, and read from the kept rows."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import text

from bench.company import Company
from bench.measure import Do, Line, in_turns, line
from lineage.questions.demand import ranked_rows
from store.database import reading

NAIVE = text("""
    WITH RECURSIVE passed(item, person) AS (
        SELECT asks.item_id, requests.person_id FROM asks JOIN requests ON requests.id = asks.request_id
        WHERE asks.workspace_id = :workspace AND asks.withdrawn_at IS NULL
        UNION
        SELECT edges.dst, passed.person FROM passed
        JOIN edges ON edges.workspace_id = :workspace AND edges.src = passed.item
        WHERE edges.removed_at IS NULL
    )
    SELECT item, count(*) AS people FROM passed GROUP BY item ORDER BY people DESC LIMIT 50
""")
"""The obvious query: it does not even count money, or know of parts."""

FASTER, FLAT = 5_000.0, 1.5


def run(companies: Sequence[Company], *, rounds: int) -> Iterator[Line]:
    small, large = companies[0], companies[-1]
    timed = in_turns({"small": _ours(small), "large": _ours(large)}, rounds=rounds, times=30)
    sizes = f"{large.size:,} / {small.size:,}"
    yield line(f"first fifty by score: {sizes}", timed["large"], timed["small"], FLAT)
    naive = in_turns({"naive": _naive(large), "ours": _ours(large)}, rounds=3, times=1)
    goal = FASTER if large.size >= 1_000_000 else FASTER * large.size / 1_000_000
    what = f"first fifty, counted anew / ours: {large.size:,}"
    yield line(what, naive["ours"], naive["naive"], goal, lower=False)


def _ours(company: Company) -> Callable[[int], Do]:
    def ready(_: int) -> Do:
        def do() -> None:
            with reading(company.engine) as conn:
                assert len(ranked_rows(conn, company.workspace, top=50, sort="score")) == 50

        return do

    return ready


def _naive(company: Company) -> Callable[[int], Do]:
    def ready(_: int) -> Do:
        def do() -> None:
            with reading(company.engine) as conn:
                assert len(conn.execute(NAIVE, {"workspace": company.workspace.id}).all()) == 50

        return do

    return ready
