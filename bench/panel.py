"""The panel of an issue with a thousand requests: what its first answer takes on the server, and the rest.

The anchor is the same page without anybody: an issue that was read and that nobody asks for.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from bench.company import COLD, DAY, HOT, Company, build
from bench.measure import Do, Line, in_turns, line
from lineage import questions
from lineage.terms import ItemId
from plugin import create_app, identity
from plugin.bearer import Bearer, mint
from plugin.jira.around import around
from plugin.jira.panel import FEW
from plugin.settings import Settings
from store.database import reading

REQUESTS = 1_000
GOAL_S, FLAT = 0.050, 4.0
OVER_THE_QUERY = 8.0
"""How many times its three statements the page may take: names, shares, money, HTML, and who asks for it."""
ROUNDS, TIMES = 5, 40


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with one issue open."""

    client: FlaskClient
    headers: dict[str, str]
    here: str

    def reads(self, path: str = "") -> Callable[[int], Do]:
        def ready(_: int) -> Do:
            def do() -> None:
                assert self.client.get(self.here + path, headers=self.headers).status_code == 200

            return do

        return ready


def run(folder: Path) -> Iterator[Line]:
    company = build(folder, 5 * REQUESTS)  # a fifth of them ask for the hot issue
    hot, cold = _reader(folder, company, HOT), _reader(folder, company, COLD)
    for path, goal in (("", GOAL_S), ("/closing", None), ("/lineage", None)):
        things = {"hot": hot.reads(path), "cold": cold.reads(path), "raw": _statements(company)}
        timed = in_turns(things, rounds=ROUNDS, times=TIMES)
        every = [one for of in timed["hot"].rounds for one in of]
        p95 = statistics.quantiles(every, n=20)[-1]
        note = f"p50 {statistics.median(every) * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms"
        what = f"panel{path or ', first answer'}: {company.hot:,} requests"
        if goal is not None:
            yield Line(f"{what}, p95", p95, goal, [p95 / goal], 1.0, note=note)
            yield line(f"{what} / nobody", timed["hot"], timed["cold"], FLAT)
            yield line(f"{what} / its statements alone", timed["hot"], timed["raw"], OVER_THE_QUERY)
        else:
            yield Line(f"{what} / nobody (no goal)", timed["hot"].median, timed["cold"].median,
                       timed["hot"].over(timed["cold"]), float("inf"), note=note)  # fmt: skip


def _statements(company: Company) -> Callable[[int], Do]:
    """What the first answer reads, as it reads it, and nothing made of it."""

    def ready(_: int) -> Do:
        def do() -> None:
            with reading(company.engine) as conn:
                questions.waiting_for(conn, company.workspace, ItemId(HOT), limit=FEW)
                around(conn, company.workspace, ItemId(HOT))

        return do

    return ready


def _reader(folder: Path, company: Company, issue: str) -> Reader:
    settings = Settings(data_dir=folder, public_url="http://127.0.0.1:1")
    app = create_app(settings, engine=company.engine, clock=lambda: DAY)
    bearer = Bearer("jira", company.workspace.id, "bench", "bench", began_at=DAY, issue=ItemId(issue))
    with app.app_context():
        token = mint(bearer, keys=identity.signing_keys(), now=DAY)
    return Reader(app.test_client(), {"Authorization": f"Bearer {token}"}, f"/jira/acme/issues/{issue}")
