"""A disk without room: what cannot be kept is not acknowledged, and nothing that waits is used up or lost."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, select
from structlog.testing import capture_logs

from store import inbox, writable
from store.attempt import Work
from store.database import reading, transaction, utc_now
from store.inbox import SHELF
from store.together import Together, Undone
from store.waiting import Claimed
from store.worker import Worker
from store.workspaces import Workspace
from tests.full_disk import no_room, read_only

KB = 1024

CUTS = {"no room": (no_room, writable.FAILING), "read-only": (read_only, writable.CLOSED)}


@pytest.fixture(scope="session")
def dbms() -> str:
    """A server's disk is not ours to fill."""
    return "sqlite"


def write(workspace_id: int, name: str, now: datetime) -> Callable[[Connection], bool]:
    return partial(
        inbox.keep, workspace_id=workspace_id, system="jira", delivery_id=name, headers={}, now=now,
        body=b"x" * 20 * KB,
    )  # fmt: skip


def kept(engine: Engine) -> set[str]:
    with reading(engine) as conn:
        return set(conn.scalars(select(inbox.inbox.c.delivery_id)))


@pytest.mark.parametrize("cut", CUTS)
def test_what_cannot_be_kept_is_not_acknowledged(
    database: Engine, workspace: Workspace, now: datetime, cut: str
) -> None:
    together, (how, _) = Together(), CUTS[cut]
    assert together.write(database, write(workspace.id, "before", now))
    with how(database), ThreadPoolExecutor(8) as many:
        tries = [
            many.submit(together.write, database, write(workspace.id, f"during {n}", now)) for n in range(8)
        ]
        ends = [one.exception(10) for one in tries]
    assert ends
    assert all(end is not None and (isinstance(end, Undone) or writable.trouble(end)) for end in ends), ends
    assert kept(database) == {"before"}
    assert together.write(database, write(workspace.id, "after", now))
    assert kept(database) == {"before", "after"}


@pytest.mark.parametrize("cut", CUTS)
def test_it_is_said_what_to_do(database: Engine, workspace: Workspace, cut: str) -> None:
    how, words = CUTS[cut]
    assert not writable.why_not(database)
    with how(database):
        assert writable.why_not(database) == words
    assert not writable.why_not(database)


def test_a_full_file_is_told_from_a_bug(database: Engine, workspace: Workspace, now: datetime) -> None:
    with database.connect() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1")  # as small as it may be: what it has now
        with pytest.raises(Exception, match="full") as raised:
            write(workspace.id, "too much", now)(conn)
    assert writable.trouble(raised.value) == writable.FULL


@pytest.mark.parametrize("cut", CUTS)
def test_a_worker_rests_says_why_and_goes_on(
    database: Engine, workspace: Workspace, now: datetime, cut: str
) -> None:
    """The disk fills up while a row is done; hours later (here, leases) there is room again."""
    how, words = CUTS[cut]
    done: list[int] = []
    full = threading.Event()

    def handle(claimed: Claimed) -> None:
        full.set()
        ready.wait(5)
        with transaction(database) as conn:
            write(workspace.id, f"from {claimed.id}", now)(conn)
            SHELF.done(conn, claimed)
        done.append(claimed.id)

    with transaction(database) as conn:
        write(workspace.id, "first", now)(conn)
    ready, stop = threading.Event(), threading.Event()
    worker = Worker(
        database, {"inbox": Work(SHELF, handle, lanes=1)}, lease_s=0.4, sweep_s=0.1, clock=utc_now
    )
    running = threading.Thread(target=worker.run_forever, args=(stop,))
    with capture_logs() as said:
        running.start()
        assert full.wait(5)
        with how(database):
            ready.set()
            time.sleep(0.5)
            assert not done
            assert running.is_alive()
        until = time.monotonic() + 10
        _hurry(database)
        while len(done) < 1 and time.monotonic() < until:
            time.sleep(0.02)
        stop.set()
        worker.wake()
        running.join(10)
    assert done
    assert "from 1" in kept(database)
    reasons = {line.get("reason") for line in said}
    assert words in reasons, reasons
    assert not [line for line in said if line["event"] == "row_failed"], "it was taken for a bug"


def _hurry(database: Engine) -> None:
    """A row that was put off by half a minute is due now."""
    with transaction(database) as conn:
        conn.execute(inbox.inbox.update().where(inbox.inbox.c.due_at.is_not(None)).values(due_at=utc_now()))
        assert conn.scalar(select(inbox.inbox.c.parked_at).where(inbox.inbox.c.id == 1)) is None
