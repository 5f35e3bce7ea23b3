"""How far a large sending is: what an operator reads while it goes out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from connectors import delivery
from connectors.zendesk import limits
from lineage import notices, questions
from lineage.changes import Erased
from lineage.outcomes import ENDED
from lineage.questions import Progress
from plugin.progress import progress_in_words
from sandbox.faults import Fault
from store import tally, workspaces
from store.database import reading, transaction
from store.workspaces import Workspace
from tests.connectors.office import Office


@pytest.fixture
def office(database: Engine, workspace: Workspace) -> Iterator[Office]:
    it = Office(database, workspace)
    yield it
    it.close()


def progress(office: Office) -> Progress:
    with reading(office.engine) as conn:
        workspace = workspaces.by_id(conn, office.workspace.id)
        return questions.progress(conn, workspace, now=office.clock())


def test_in_an_idle_workspace_nothing_is_under_way(office: Office) -> None:
    assert not progress(office).under_way
    assert progress_in_words(progress(office)) == ""


def test_while_many_are_told_it_says_how_many_and_until_when(office: Office) -> None:
    for n in range(30):
        office.ticket(office.zendesk.add_user(f"U{n}", f"u{n}@acme.example"))
    office.issue("done")
    assert not progress(office).under_way, "the quiet period is not over"
    office.pass_time(60)
    assert (progress(office).sent, progress(office).total) == (0, 30)
    office.zendesk.faults.order(Fault("status", method="PUT", status=422))
    for claimed in office.claim():
        office.deliver(claimed)
    now = progress(office)
    assert (now.sent, now.total, now.blocked, now.per_minute) == (9, 30, 1, 60)
    assert now.expected_at is not None
    assert timedelta(seconds=15) < now.expected_at - office.clock() < timedelta(seconds=22)
    said = progress_in_words(now)
    assert said.startswith("9 of 30 sent · 60 a minute · done about ")
    assert said.endswith(" UTC · 1 blocked")
    for _ in range(5):
        office.work(rounds=1)
    assert not progress(office).under_way


def test_of_a_paused_workspace_nobody_knows_the_end(office: Office) -> None:
    office.ticket(office.zendesk.add_user("Ana", "ana@acme.example"))
    office.issue("done")
    office.pass_time(60)
    policy = workspaces.Policy(hold_s=60, paused=True)
    with transaction(office.engine) as conn:
        workspaces.set_policy(conn, office.workspace.id, policy)
    assert progress(office).under_way
    assert progress(office).expected_at is None


def test_a_message_of_several_parts_waited_as_long_as_the_oldest_of_them() -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    done = [
        {"happened": happened, "at": (now - ago).isoformat()}
        for happened, ago in (
            ("delivered", timedelta(minutes=1)),
            ("delivered", timedelta(days=3)),
            ("declined", timedelta(days=9)),
        )
    ]
    assert delivery.waited_s(done, now) == timedelta(days=3).total_seconds()
    assert delivery.waited_s(done[:1], now) == 60
    assert delivery.waited_s([], now) is delivery.waited_s(done[2:], now) is None


def say_that_it_is_done(office: Office) -> None:
    """After the quiet period, by one worker, whose counts are written."""
    office.issue("done")
    office.pass_time(70)
    tally._counted.clear()
    office.work(rounds=1)
    tally.write(office.engine)


def test_it_is_counted_how_tries_ended_with_how_many_calls_and_how_late_somebody_heard(
    office: Office,
) -> None:
    office.ticket(office.zendesk.add_user("Ana", "ana@acme.example"))
    say_that_it_is_done(office)
    with reading(office.engine) as conn:
        assert tally.read(conn, delivery.TRIES) == [({"outcome": "said"}, 1)]
        assert tally.read(conn, delivery.SAID) == [({"state": "confirmed"}, 1)]
        assert tally.read(conn, delivery.TRY_CALLS) == [({}, limits.CALLS_A_REPLY)]
        assert tally.read(conn, delivery.TOLD_AFTER) == [({"le": "300"}, 1)]
        ((_, spent),) = tally.read(conn, delivery.TOLD_AFTER_SUM)
    assert 70 <= spent < 90


def test_a_message_that_mailed_nobody_is_counted_as_such(office: Office) -> None:
    office.ticket(office.zendesk.add_user("Ana", "ana@acme.example"))
    office.zendesk.knobs.mail_on_comment = False
    say_that_it_is_done(office)
    with reading(office.engine) as conn:
        assert tally.read(conn, delivery.SAID) == [({"state": "posted_not_emailed"}, 1)]
    assert [row.state for row in office.notices()] == ["posted_not_emailed"]


def test_it_is_counted_what_ended_unsaid_and_how(office: Office) -> None:
    for who in ("Ana", "Bo", "Cy", "Di"):
        office.ticket(office.zendesk.add_user(who, f"{who}@acme.example"))
    tally._counted.clear()
    office.issue("done")
    cancelled, forgotten, *_ = office.notices()
    with transaction(office.engine) as conn:
        notices.cancel(conn, office.workspace, cancelled.id, by="agnes", now=office.clock())
    office.record(Erased(forgotten.person_id, by="agnes", at=office.clock()))
    office.issue("new")
    assert sorted(row.state for row in office.notices()) == ["cancelled", "cancelled", "cancelled", "skipped"]
    tally.write(office.engine)
    with reading(office.engine) as conn:
        assert tally.read(conn, ENDED) == [({"state": "cancelled"}, 3), ({"state": "skipped"}, 1)]
