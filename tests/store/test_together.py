"""Small writes of many threads in one commit: each is answered after it, and each trouble meets its own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import IntegrityError

from store import inbox
from store.database import open_database, reading, transaction
from store.gate import Busy
from store.together import MOST, Together, Undone
from store.workspaces import Workspace

Keep = Callable[..., Callable[[Connection], bool]]


@pytest.fixture
def keep(workspace: Workspace, now: datetime) -> Keep:
    """The write of one delivery."""

    def make(ident: str, workspace_id: int = workspace.id) -> Callable[[Connection], bool]:
        return partial(
            inbox.keep,
            workspace_id=workspace_id,
            system="jira",
            delivery_id=ident,
            headers={},
            body=b"x" * 2000,
            now=now,
        )

    return make


@pytest.fixture
def commits(database: Engine) -> Iterator[list[None]]:
    seen: list[None] = []

    def committed(_conn: Connection) -> None:
        seen.append(None)

    event.listen(database, "commit", committed)
    yield seen
    event.remove(database, "commit", committed)


def kept(engine: Engine) -> set[str]:
    """What another connection sees: so it is committed."""
    with reading(engine) as conn:
        return set(conn.scalars(select(inbox.inbox.c.delivery_id)))


def at_once(database: Engine, together: Together, writes: list[Callable[[Connection], bool]]) -> list[object]:
    """Each in a thread of its own, all waiting before the first can begin. What each gave or raised."""

    def one(write: Callable[[Connection], bool]) -> object:
        try:
            return together.write(database, write)
        except Exception as error:  # noqa: BLE001 - the answer
            return error

    with ThreadPoolExecutor(len(writes)) as threads:
        with transaction(database):
            answers = [threads.submit(one, write) for write in writes]
            leads = database.dialect.name == "sqlite"
            while leads and len(together._waiting) < len(writes):
                time.sleep(0.001)
        return [answer.result(30) for answer in answers]


def test_what_is_answered_is_committed(database: Engine, keep: Keep) -> None:
    together = Together()

    def write_and_look(number: int) -> bool:
        assert together.write(database, keep(str(number)))
        return str(number) in kept(database)

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(write_and_look, range(200)))
    assert len(kept(database)) == 200


def test_what_came_before_is_told_from_what_is_new(database: Engine, keep: Keep) -> None:
    together = Together()
    assert together.write(database, keep("a")) is True
    assert together.write(database, keep("a")) is False
    assert sorted(map(str, at_once(database, together, [keep("b")] * 5))) == ["False"] * 4 + ["True"]


def test_on_sqlite_those_who_wait_share_one_commit(
    database: Engine, keep: Keep, commits: list[None], dbms: str
) -> None:
    if dbms != "sqlite":
        pytest.skip("Postgres commits many at once by itself")
    at_once(database, Together(), [keep(str(n)) for n in range(MOST // 2)])
    begun_by_the_test = 1
    assert len(commits) == begun_by_the_test + 1
    assert len(kept(database)) == MOST // 2


def test_a_row_that_cannot_be_kept_fails_alone(database: Engine, keep: Keep) -> None:
    of_nobody = keep("b", 999)
    good_a, bad, good_c = at_once(database, Together(), [keep("a"), of_nobody, keep("c")])
    assert (good_a, good_c) == (True, True)
    assert isinstance(bad, IntegrityError)
    assert kept(database) == {"a", "c"}


def test_a_commit_that_fails_is_told_to_all_who_were_in_it_and_the_next_goes_well(
    database: Engine, keep: Keep, dbms: str
) -> None:
    if dbms != "sqlite":
        pytest.skip("there each is alone")
    together = Together()

    def gives_up(conn: Connection) -> bool:
        conn.exec_driver_sql("ROLLBACK")  # as SQLite does by itself where a disk is full or gone
        raise OSError("the disk is gone")

    answers = at_once(database, together, [keep("a"), gives_up, keep("c")])
    assert all(isinstance(answer, Undone) for answer in answers)
    assert together.write(database, keep("d"))
    assert kept(database) == {"d"}


def test_who_cannot_begin_within_its_time_is_told_to_try_again_and_nobody_waits_for_ever(
    database_url: str, keep: Keep, monkeypatch: pytest.MonkeyPatch, dbms: str
) -> None:
    if dbms != "sqlite":
        pytest.skip("Postgres has no gate")
    monkeypatch.setattr("store.database.BUSY_S", 0.1)
    engine, together = open_database(database_url), Together()
    with ThreadPoolExecutor(8) as threads:
        with transaction(engine):
            answers = [threads.submit(together.write, engine, keep(str(n))) for n in range(8)]
            assert all(isinstance(answer.exception(30), Undone | Busy) for answer in answers)
        assert together.write(engine, keep("later"))
    assert kept(engine) == {"later"}
    engine.dispose()


def test_the_others_of_this_process_come_in_between(database: Engine, keep: Keep) -> None:
    together, stop, between = Together(), threading.Event(), 0

    def flood(lane: int) -> None:
        number = 0
        while not stop.is_set():
            together.write(database, keep(f"{lane}-{number}"))
            number += 1

    with ThreadPoolExecutor(8) as threads:
        lanes = [threads.submit(flood, lane) for lane in range(8)]
        for _ in range(20):
            with transaction(database) as conn:
                between += conn.scalar(select(func.count()).select_from(inbox.inbox)) is not None
        stop.set()
        for lane in lanes:
            lane.result(30)
    assert between == 20
