import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from store import inbox
from store.attempt import Outcome, Work, attempt
from store.database import reading, transaction, utc_now
from store.errors import GiveUp, TryLater
from store.inbox import SHELF
from store.schedule import RETRY_AFTER_S
from store.waiting import Claimed, Counts, Superseded
from store.worker import Report, Worker
from tests.store.desk import Desk
from tests.store.desk import desk as desk  # noqa: PLC0414 - the fixture of this module


def fail_with(error: Exception) -> Callable[[Claimed], None]:
    def meddle(_: Claimed) -> None:
        raise error

    return meddle


def try_once(desk: Desk, claimed: Claimed) -> Outcome:
    return attempt(desk.engine, Work(SHELF, desk.handle), claimed, clock=utc_now, rng=random.Random(1))


def test_a_row_that_cannot_be_done_now_is_put_off_by_the_schedule(desk: Desk) -> None:
    desk.keep("1")
    desk.meddle = fail_with(TryLater("Jira: 503. It comes back by itself."))
    before = utc_now()
    assert desk.worker().burst(0) == Report(later=1)
    with reading(desk.engine) as conn:
        due = SHELF.next_due(conn)
    assert due is not None
    assert 0.8 * RETRY_AFTER_S[0] <= (due - before).total_seconds() <= 1.2 * RETRY_AFTER_S[0] + 2
    assert desk.reason() == "Jira: 503. It comes back by itself."


def test_the_wait_that_a_vendor_asks_for_is_obeyed_and_uses_no_try(desk: Desk) -> None:
    desk.keep("1")
    desk.meddle = fail_with(TryLater("Zendesk: 429", after_s=77))
    before = utc_now()
    assert try_once(desk, desk.claim()) is Outcome.LATER
    with reading(desk.engine) as conn:
        row = conn.execute(select(inbox.inbox)).one()
    assert (row.due_at - before).total_seconds() >= 77
    assert row.attempts == 0


def test_what_was_refused_for_good_is_parked_with_its_reason(desk: Desk) -> None:
    desk.keep("1")
    desk.meddle = fail_with(GiveUp("Zendesk: 404, the ticket is gone."))
    assert desk.worker().burst(0) == Report(parked=1)
    with reading(desk.engine) as conn:
        [parked] = SHELF.parked(conn, workspace_id=desk.workspace.id)
    assert parked.reason == "Zendesk: 404, the ticket is gone."


def test_a_bug_is_tried_again_and_then_parked_with_its_place_but_not_its_words(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.keep("1")
    desk.meddle = fail_with(KeyError("canary of a customer"))
    outcomes = []
    for _ in range(len(RETRY_AFTER_S) + 1):
        outcomes.append(try_once(desk, desk.claim()))
        with transaction(desk.engine) as conn:
            conn.execute(
                inbox.inbox.update().where(inbox.inbox.c.due_at.is_not(None)).values(due_at=utc_now())
            )
    assert outcomes == [Outcome.LATER] * len(RETRY_AFTER_S) + [Outcome.PARKED]
    assert desk.reason().startswith("bug: KeyError at tests/store/test_worker.py:")
    assert desk.reason().endswith("in meddle (tried 9 times)")
    assert "canary" not in desk.reason() + "".join(capsys.readouterr())


def test_a_row_whose_workers_keep_dying_is_parked_untouched(desk: Desk) -> None:
    desk.keep("1")
    with transaction(desk.engine) as conn:
        conn.execute(inbox.inbox.update().values(attempts=len(RETRY_AFTER_S) + 1))
    assert try_once(desk, desk.claim()) is Outcome.PARKED
    assert desk.seen == []
    assert "Taken 9 times" in desk.reason()


def test_a_row_that_was_done_but_not_marked_counts_as_a_bug(desk: Desk) -> None:
    desk.keep("1")
    work = Work(SHELF, lambda _: None)
    assert Worker(desk.engine, {"inbox": work}).burst(0) == Report(later=1)
    assert desk.reason() == "bug: the row was done but not marked"


def test_a_worker_that_was_overtaken_leaves_the_row_alone(desk: Desk) -> None:
    desk.keep("1")
    desk.meddle = fail_with(Superseded("look 1"))
    slow = desk.claim()
    assert try_once(desk, slow) is Outcome.LOST
    desk.meddle = fail_with(TryLater("late"))
    with transaction(desk.engine) as conn:
        [quick] = SHELF.claim(conn, now=utc_now() + timedelta(seconds=30), lease_s=20, limit=1)
    assert try_once(desk, slow) is Outcome.LOST
    with transaction(desk.engine) as conn:
        assert SHELF.done(conn, quick)


def test_a_lease_is_renewed_while_a_vendor_is_slow(desk: Desk) -> None:
    desk.keep("1")
    desk.meddle = lambda _: time.sleep(0.5)
    first, second = desk.worker(lease_s=0.2), desk.worker(lease_s=0.2)
    other = threading.Thread(target=second.burst, args=(1,))
    other.start()
    first.burst(1)
    other.join(10)
    assert len(desk.seen) == 1


def start(worker: Worker) -> tuple[threading.Thread, threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    return thread, stop


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.005)


def test_a_worker_that_is_woken_does_not_wait_for_its_sweep(desk: Desk) -> None:
    worker = Worker(desk.engine, {"inbox": Work(SHELF, desk.handle)}, sweep_s=60)
    thread, stop = start(worker)
    time.sleep(0.05)
    desk.keep("1")
    worker.wake()
    until(lambda: len(desk.seen) == 1)
    stop.set()
    worker.wake()
    thread.join(5)
    assert not thread.is_alive()


def test_a_worker_finds_what_nobody_told_it_of(desk: Desk) -> None:
    thread, stop = start(desk.worker())
    time.sleep(0.05)
    desk.keep("1")
    until(lambda: len(desk.seen) == 1)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_worker_told_to_stop_finishes_what_it_began_and_gives_back_the_rest(desk: Desk) -> None:
    desk.keep("1", "2", "3", "4")
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: Claimed) -> None:
        begun.set()
        go_on.wait(5)

    desk.meddle = hold
    thread, stop = start(desk.worker(lanes=1))
    begun.wait(5)
    stop.set()
    until(lambda: counts(desk).due == 3)
    assert counts(desk).leased == 1
    go_on.set()
    thread.join(5)
    assert not thread.is_alive()
    assert len(desk.seen) == 1
    desk.meddle = lambda _: None
    assert desk.worker().burst(0) == Report(done=3)


def counts(desk: Desk) -> Counts:
    with reading(desk.engine) as conn:
        return SHELF.counts(conn, now=utc_now())


def test_a_database_that_fails_for_a_moment_does_not_end_the_worker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.keep("1")
    with transaction(desk.engine) as conn:
        conn.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    thread, stop = start(desk.worker())
    time.sleep(0.1)
    with transaction(desk.engine) as conn:
        conn.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
    until(lambda: len(desk.seen) == 1)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
