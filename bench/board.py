"""A page of the demand board, as an operator gets it, beside the query of its rows alone."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bench.company import Company, build
from bench.measure import Do, Line, in_turns
from lineage import past_places, placing
from lineage.questions.board import Filters, ranked_page
from plugin import create_app
from plugin.identity_tables import operators
from plugin.settings import Settings
from store.database import reading, transaction, utc_now

PAGE_S = 0.1
"""The 95th percentile of a page, in seconds: what issue 5 asks for."""
FIRST = "then and now, of a day that nobody compared with"
SLOW = {"of a segment in a thousand": 1.0, FIRST: 1.0}
"""Pages that look at every issue of the ranking once, with what they may take, in seconds (decision 32)."""
OVER_THE_QUERY = 150.0
"""How many times the query of its rows a page may take: names, companies, lines of twelve weeks, HTML."""
TIMES = 40

PAGES = {
    "the first page": "",
    "by people": "?sort=requesters",
    "a page far behind": "?sort=oldest&after={after}",
    "of one project in twenty": "?project=P7",
    "of one component in fifty": "?component=C7",
    "of a segment in five": "?segment=S3",
    "of a segment in a thousand": "?segment=RARE",
    "asked for in 30 days": "?within=30",
    "asked for in a year": "?within=365",
    FIRST: "?then={then}",
    "then and now": "?then={then}",
    "then and now, by people": "?then={then}&sort=requesters",
    "then and now, a page far behind": "?then={then}&sort=oldest&after={after}",
    "then and now, of one project in twenty": "?then={then}&project=P7",
    "then and now, of a segment in five": "?then={then}&segment=S3",
}

PAST = """
    INSERT INTO demand_days (workspace_id, item_id, day, ranked, requesters, companies, votes, reach_customer,
        reach_pipeline, customer, pipeline, currency, score_hundredths, oldest_at)
    SELECT workspace_id, item_id, date('now', '-{days} days'), ranked, requesters / 2, companies / 2, votes,
        reach_customer, reach_pipeline, customer, pipeline, 'USD', score_hundredths / 2, oldest_at
    FROM demands WHERE true ON CONFLICT DO NOTHING
"""
COMPONENTS = """
    INSERT INTO item_components (workspace_id, component, item_id)
    SELECT workspace_id, 'C' || (CAST(id AS INTEGER) % 50), id FROM items
"""
DRESSED = (
    "UPDATE items SET project = 'P' || (CAST(id AS INTEGER) % 20)",
    "UPDATE companies SET segment = CASE WHEN id % 1000 = 7 THEN 'RARE' ELSE 'S' || (id % 5) END",
    COMPONENTS,
    *(PAST.format(days=days) for days in (90, 60, 30)),
)
"""What the board filters by, and a past to compare with: SQLite's own words, in bulk."""


def run(folder: Path, sizes: Sequence[int], *, rounds: int) -> Iterator[Line]:
    """Every page at the largest size; the first page at the others."""
    for size in sizes:
        begin = time.perf_counter()
        company = build(folder, size)
        with transaction(company.engine) as conn:
            for statement in DRESSED:
                conn.execute(text(statement))
        _say(f"{size:,} requests written and counted in {time.perf_counter() - begin:.0f} s")
        client = _signed_in(company, folder)
        wanted = PAGES if size == sizes[-1] else {"the first page": ""}
        for name, query in wanted.items():
            asked = _filled(company, query)
            if "then=" in asked and name != FIRST:
                _keep_places(company, client, asked)
            yield from _lines(company, client, name, asked, rounds=rounds)


def _lines(company: Company, client: FlaskClient, name: str, query: str, *, rounds: int) -> Iterator[Line]:
    timed = in_turns(
        {"page": _page(client, f"/admin/acme/board{query}"), "query": _query(company)},
        rounds=rounds, times=TIMES,
    )  # fmt: skip
    every = sorted(one for times in timed["page"].rounds for one in times)
    p95 = every[math.ceil(len(every) * 0.95) - 1]
    what, may_s = f"board, {name}: {company.size:,}", SLOW.get(name, PAGE_S)
    yield Line(f"{what}, p95", p95, may_s, [p95 / may_s], 1.0)
    if not query:
        page, alone = timed["page"], timed["query"]
        yield Line(f"{what} / its rows alone", page.median, alone.median, page.over(alone), OVER_THE_QUERY)


def _keep_places(company: Company, client: FlaskClient, query: str) -> None:
    """Somebody compares with a day, and the worker writes down where each issue stood then."""
    client.get(f"/admin/acme/board{query}")
    begin = time.perf_counter()
    with transaction(company.engine) as conn:
        waiting = past_places.SHELF.claim(conn, now=utc_now(), lease_s=600, limit=1)
    for claimed in waiting:
        placing.place(company.engine, claimed, clock=utc_now, lease_s=600)
        _say(f"places of a past day written down in {time.perf_counter() - begin:.1f} s")


def _page(client: FlaskClient, address: str) -> Callable[[int], Do]:
    def ready(_: int) -> Do:
        def do() -> None:
            assert client.get(address).status_code == 200

        return do

    return ready


def _query(company: Company) -> Callable[[int], Do]:
    def ready(_: int) -> Do:
        def do() -> None:
            with reading(company.engine) as conn:
                ranked_page(conn, company.workspace, sort="score", filters=Filters(), after=None, top=50)

        return do

    return ready


def _filled(company: Company, query: str) -> str:
    """With the end of a page far behind, and a day that is over."""
    columns = "oldest_at, score_hundredths, item_id"
    half = f"SELECT {columns} FROM demands WHERE ranked ORDER BY {columns} LIMIT 1 OFFSET "  # noqa: S608 - ours
    with reading(company.engine) as conn:
        many = conn.scalar(text("SELECT count(*) FROM demands WHERE ranked"))
        row = conn.execute(text(f"{half}{many // 2}")).one()
        then = conn.scalar(text("SELECT date('now', '-45 days')"))
    return query.format(after=f"{many // 2}.{row[0]}.{row[1]}.{row[2]}", then=then)


def _signed_in(company: Company, folder: Path) -> FlaskClient:
    settings = Settings(
        data_dir=folder,
        database_url=str(company.engine.url),
        secret_keys=(Fernet.generate_key().decode(),),
        log="json",
    )
    app = create_app(settings, engine=company.engine)
    now = utc_now()
    with transaction(company.engine) as conn:
        conn.execute(
            insert(operators).values(id=1, email="olga@example.com", created_at=now, sessions_from=now)
        )
    client = app.test_client()
    with client.session_transaction() as session:
        session["operator"] = {"id": 1, "at": now.timestamp()}
    return client


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
