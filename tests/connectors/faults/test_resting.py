"""An account that asks for a rest gets it from all; one that takes us no more is left in peace."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from lineage import notices as acts
from lineage.outcomes import notices
from plugin.commands.doctor import _gets_through
from sandbox.faults import Fault
from store.database import transaction
from tests.connectors.faults.roads import owed, read_issue, reply
from tests.connectors.faults.town import Town, town_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@pytest.fixture
def town(migrated_file: Path, tmp_path: Path) -> Iterator[Town]:
    copyfile(migrated_file, tmp_path / "kithspark.db")
    with town_in(tmp_path / "kithspark.db") as made:
        made.jira.add_project("KS")
        yield made


def limited(seconds: int, *, path: str = ".*") -> Fault:
    return Fault("status", status=429, headers={"Retry-After": str(seconds)}, path=path)


def test_nothing_is_read_from_an_account_before_the_time_that_it_named(town: Town) -> None:
    jobs = [read_issue(town) for _ in range(12)]
    town.jira.faults.order(limited(300))
    town.asked.clear()
    town.step("looks")
    assert len(town.asked) == 1, "the first answer counts for all that were claimed with it"
    town.clock.advance(290)
    jobs.append(read_issue(town))
    town.step("looks")
    assert len(town.asked) == 1
    town.clock.advance(80)  # jitter spreads those that come back
    town.step("looks")
    assert [job.ended() for job in jobs] == [""] * 13


def test_no_message_goes_to_an_account_before_the_time_that_it_named(town: Town) -> None:
    jobs = [reply(town) for _ in range(4)]
    town.zendesk.faults.order(limited(300, path="/tickets/"))
    town.asked.clear()
    town.step("notices")
    calls = list(town.asked)
    town.clock.advance(290)
    town.step("notices")
    assert town.asked == calls
    for _ in range(12):
        town.clock.advance(30)
        town.step("notices")
    assert [job.ended() for job in jobs] == [""] * 4


@pytest.mark.parametrize("status", [401, 302])
def test_an_account_that_takes_us_no_more_is_said_so_and_goes_on_with_new_credentials(
    town: Town, status: int
) -> None:
    jobs = [read_issue(town) for _ in range(5)]
    town.jira.faults.order(Fault("status", status=status, times=1000))
    town.asked.clear()
    town.step("looks")
    assert len(town.asked) == 1
    [(what, well, words)] = _gets_through("acme", town.account("jira"))
    assert (what, well) == ("acme jira: work", False)
    assert "kithspark connect jira acme" in words
    town.jira.faults.clear()
    town.connect_again("jira")
    assert list(_gets_through("acme", town.account("jira"))) == []
    town.step("looks")
    assert [job.ended() for job in jobs] == [""] * 5


def test_an_account_that_takes_us_again_by_itself_needs_nobody(town: Town) -> None:
    job = read_issue(town)
    town.jira.faults.order(Fault("status", status=401))
    town.step("looks")
    assert town.account("jira").trouble
    town.clock.advance(725)
    town.step("looks")
    assert (job.ended(), town.account("jira").trouble) == ("", "")


def test_old_credentials_that_fail_late_do_no_harm_to_new_ones(town: Town) -> None:
    """They were replaced while the call was on its way."""
    job, before = read_issue(town), town.jira.app.wsgi_app

    def meanwhile(environ: Any, start: Any) -> Any:
        town.jira.app.wsgi_app = before  # type: ignore[method-assign]
        town.connect_again("jira")
        return before(environ, start)

    town.jira.app.wsgi_app = meanwhile  # type: ignore[method-assign, assignment]
    town.jira.faults.order(Fault("status", status=401))
    town.step("looks")
    assert not town.account("jira").trouble
    town.clock.advance(2)
    town.step("looks")
    assert job.ended() == ""


def test_a_reconciliation_that_is_refused_comes_again(town: Town) -> None:
    town.ask("zendesk", "sync", "all")
    town.zendesk.faults.order(Fault("status", status=403, path="/incremental/"))
    town.step("looks")
    row = town.look_row("zendesk", "sync", "all")
    assert (row["parked_at"], "403" in row["reason"]) == (None, True)


class Edge:
    """Asserts at the vendor's door that no two writes to one ticket overlap."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app, self._lock = app, threading.Lock()
        self._open: set[str] = set()
        self.overlaps: list[str] = []
        self.writes = 0

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path, writes = environ["PATH_INFO"].removesuffix(".json"), environ["REQUEST_METHOD"] == "PUT"
        if not writes:
            return self._app(environ, start)
        with self._lock:
            self.writes += 1
            if path in self._open:
                self.overlaps.append(path)
            self._open.add(path)
        try:
            threading.Event().wait(0.2)
            return self._app(environ, start)
        finally:
            with self._lock:
                self._open.discard(path)


def two_for_one_ticket(town: Town) -> Edge:
    """Several workers find two messages for one ticket at the same time."""
    ticket, job = owed(town)
    row = town.row(notices, job.row)
    note = {
        name: row[name]
        for name in ("person_id", "place", "language", "html", "digest", "created_at", "due_at")
    }
    facts = [{"mark": "note", "notice": row["id"], "item": ""}]
    town.put(
        notices, **note, lane="note", kind="note", state="queued", facts=facts, text="x", tried_places=[]
    )
    edge = Edge(town.zendesk.app.wsgi_app)
    town.zendesk.app.wsgi_app = edge  # type: ignore[method-assign, assignment]
    for _ in range(4):
        workers = [threading.Thread(target=town.step, args=("notices", 1)) for _ in range(2)]
        with transaction(town.app.engine) as conn:
            conn.execute(update(notices).where(notices.c.due_at.is_not(None)).values(due_at=town.clock.now()))
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        town.clock.advance(10)
    assert edge.writes >= 2
    assert len([one for one in town.zendesk.ledger if one.ticket == ticket.id and one.public]) == 1
    return edge


def test_two_writes_to_one_ticket_never_overlap(town: Town) -> None:
    assert two_for_one_ticket(town).overlaps == []


def test_without_the_guard_they_would(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "_in_flight", lambda conn, row: None)
    assert two_for_one_ticket(town).overlaps
