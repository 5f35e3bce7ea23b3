"""The sidebar of a ticket that is linked to fifty issues: what the screen takes on the server.

The anchor is the same screen of a ticket that is linked to one issue.
"""

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import insert

from bench.company import DAY, FIRST, Company, build, count
from bench.measure import Do, Line, in_turns, line
from lineage.tables import asks
from plugin import create_app, identity
from plugin.bearer import Bearer, mint
from plugin.settings import Settings
from store.database import transaction

REQUESTS = 10_000
LINKED = 50
GOAL_S = 0.050
PER_ITEM = 0.5
"""Of what a screen with one issue takes, so much at most for each further one."""
ROUNDS, TIMES = 5, 20
TICKET, OTHER = FIRST, FIRST + 1


def run(folder: Path) -> Iterator[Line]:
    company = build(folder, REQUESTS)
    _link(company)
    open_ = _opens(folder, company)
    timed = in_turns({"many": open_(TICKET), "one": open_(OTHER)}, rounds=ROUNDS, times=TIMES)
    every = [one for of in timed["many"].rounds for one in of]
    p95 = statistics.quantiles(every, n=20)[-1]
    note = f"p50 {statistics.median(every) * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms"
    yield Line(f"sidebar of {LINKED} linked issues, p95", p95, GOAL_S, [p95 / GOAL_S], 1.0, note=note)
    yield line(f"sidebar of {LINKED} / of one", timed["many"], timed["one"], LINKED * PER_ITEM)


def _link(company: Company) -> None:
    """The ticket asks for fifty ordinary issues, each with parts that others ask for too."""
    with transaction(company.engine) as conn:
        rows = [
            {
                "id": 2 * FIRST + n, "workspace_id": company.workspace.id, "request_id": TICKET,
                "item_id": str(FIRST + n), "linked_at": DAY, "linked_by": "bench",
            }
            for n in range(1, LINKED)
        ]  # fmt: skip
        conn.execute(insert(asks), rows)
    count(company.engine, company.workspace)


def _opens(folder: Path, company: Company) -> Callable[[int], Callable[[int], Do]]:
    settings = Settings(data_dir=folder, public_url="http://127.0.0.1:1")
    app = create_app(settings, engine=company.engine, clock=lambda: DAY)
    with app.app_context():
        bearer = Bearer("zendesk", company.workspace.id, "bench", "bench", began_at=DAY)
        token = mint(bearer, keys=identity.signing_keys(), now=DAY)
    client: FlaskClient = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}

    def open_(ticket: int) -> Callable[[int], Do]:
        def ready(_: int) -> Do:
            def do() -> None:
                assert client.get(f"/zendesk/acme/tickets/{ticket}", headers=headers).status_code == 200

            return do

        return ready

    return open_
