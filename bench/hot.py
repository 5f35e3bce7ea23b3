"""One hot issue with ten thousand requesters is merged into another."""

import time
from collections.abc import Iterator

from sqlalchemy import Column, MetaData, Table

from bench.company import COLD, HOT, Company
from bench.events import NOW, cost, seen
from bench.measure import Line
from lineage import ledger
from lineage.outcomes import passes
from lineage.seen import EdgeSeen
from lineage.terms import EdgeKind, ItemId
from store.database import transaction, upsert_many

LINK = "77777777"
GOAL = 3.0
ROUNDS = 5


def run(company: Company) -> Line:
    """Merged and taken back, again and again, beside an upsert of as many rows as that wrote."""
    scratch = _scratch(company)
    rows = cost(company, lambda: _merge(company, 0))["rows"]
    _take_back(company, 0)
    merged, upserted = [], []
    for round_ in range(1, ROUNDS + 1):
        begin = time.perf_counter()
        _merge(company, round_)
        merged.append(time.perf_counter() - begin)
        _take_back(company, round_)
        begin = time.perf_counter()
        with transaction(company.engine) as conn:
            key = ("workspace_id", "ask_id", "item_id", "own")
            upsert_many(conn, scratch, key, list(_rows(company, rows, round_)))
        upserted.append(time.perf_counter() - begin)
    ratios = [mine / theirs for mine, theirs in zip(merged, upserted, strict=True)]
    what = f"{company.hot:,} requesters merged / an upsert of as many rows: {company.size:,}"
    return Line(what, sorted(merged)[2], sorted(upserted)[2], ratios, GOAL, note=f"{rows} rows")


def _merge(company: Company, round_: int) -> None:
    edge = EdgeSeen(LINK, EdgeKind.MERGED, ItemId(HOT), ItemId(COLD), f"KS-{COLD}", NOW)
    with transaction(company.engine) as conn:
        change = seen(HOT, edge, minute=10 * round_)
        assert ledger.record(conn, company.workspace, change, cause=f"hot:{round_}", now=NOW)


def _take_back(company: Company, round_: int) -> None:
    with transaction(company.engine) as conn:
        for number in (HOT, COLD):
            change = seen(number, minute=10 * round_ + 5)
            cause = f"hot:{round_}:{number}:back"
            ledger.record(conn, company.workspace, change, cause=cause, now=NOW)


def _scratch(company: Company) -> Table:
    """A table like `passes`, with its key and indexes."""
    metadata = MetaData()
    columns = [Column(c.name, c.type, primary_key=c.primary_key, autoincrement=False) for c in passes.c]
    table = Table("bench_passes", metadata, *columns, sqlite_with_rowid=False)
    with transaction(company.engine) as conn:
        metadata.create_all(conn)
        for name in ("person_id, own, weight", "asked_at"):
            index = name.split(",", maxsplit=1)[0]
            conn.exec_driver_sql(
                f"CREATE INDEX bench_{index} ON bench_passes (workspace_id, item_id, {name})"
            )
    return table


def _rows(company: Company, many: int, round_: int) -> Iterator[dict[str, object]]:
    for number in range(many):
        yield {
            "workspace_id": company.workspace.id, "ask_id": number, "item_id": str(round_), "own": False,
            "person_id": number, "company_id": number % 997, "weight": 2, "vote": False, "direct": False,
            "asked_at": NOW,
        }  # fmt: skip
