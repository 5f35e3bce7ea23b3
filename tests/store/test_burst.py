"""`work --burst`: all that is due and what that brings, and then it ends."""

from datetime import timedelta

from store import inbox, looks
from store.attempt import Outcome, Work
from store.database import transaction, utc_now
from store.inbox import SHELF
from store.waiting import Claimed
from store.worker import Report, Worker
from tests.store.desk import Desk
from tests.store.desk import desk as desk  # noqa: PLC0414 - the fixture of this module


def test_a_burst_does_all_that_is_due_each_row_once(desk: Desk) -> None:
    desk.keep(*(str(n) for n in range(60)))
    assert desk.worker(batch=7, lanes=3).burst(0) == Report(done=60)
    assert len(desk.seen) == len(set(desk.seen)) == 60
    assert desk.worker().burst(0) == Report()


def test_a_burst_waits_for_a_row_that_falls_due_soon_but_not_for_one_due_tomorrow(desk: Desk) -> None:
    desk.keep("soon", "tomorrow")
    table = inbox.inbox
    with transaction(desk.engine) as conn:
        for name, wait in (("soon", timedelta(seconds=0.3)), ("tomorrow", timedelta(days=1))):
            conn.execute(table.update().where(table.c.delivery_id == name).values(due_at=utc_now() + wait))
    assert desk.worker().burst(5) == Report(done=1)


def test_a_burst_does_what_its_own_work_brings(desk: Desk) -> None:
    looked = []

    def ask(_: Claimed) -> None:
        with transaction(desk.engine) as conn:
            looks.ask(
                conn,
                workspace_id=desk.workspace.id,
                system="jira",
                kind="issue",
                object_id="1",
                now=utc_now(),
                due_in_s=0.1,
            )

    def look(claimed: Claimed) -> None:
        looked.append(claimed.row["object_id"])
        with transaction(desk.engine) as conn:
            looks.finish(conn, claimed, claimed.row["asked"])

    desk.keep("1")
    desk.meddle = ask
    work = {"inbox": Work(SHELF, desk.handle), "looks": Work(looks.SHELF, look)}
    assert Worker(desk.engine, work).burst(5) == Report(done=2)
    assert looked == ["1"]


def test_a_burst_waits_for_a_row_that_a_dead_worker_held(desk: Desk) -> None:
    desk.keep("1")
    with transaction(desk.engine) as conn:
        assert SHELF.claim(conn, now=utc_now(), lease_s=0.4, limit=1)
    assert desk.worker().burst(5) == Report(done=1)


def test_a_burst_does_not_begin_anew_with_a_row_that_is_put_off_again_and_again(desk: Desk) -> None:
    def put_off(claimed: Claimed) -> Outcome | None:
        desk.seen.append(claimed.id)
        with transaction(desk.engine) as conn:
            if len(desk.seen) < 20:
                SHELF.later(conn, claimed, at=utc_now() + timedelta(seconds=0.4), reason="", counts=False)
                return Outcome.LATER
            SHELF.done(conn, claimed)
            return None

    desk.keep("1")
    report = Worker(desk.engine, {"inbox": Work(SHELF, put_off)}, sweep_s=0.2).burst(1)
    assert report == Report(later=len(desk.seen))
    assert 2 <= len(desk.seen) <= 4
