import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from store.connections import connections
from store.database import (
    CannotOpen,
    insert_or_ignore,
    open_database,
    reading,
    transaction,
    upsert,
)
from store.workspaces import Workspace, workspaces


def test_a_moment_comes_back_to_the_microsecond_and_in_utc(database: Engine, workspace: Workspace) -> None:
    told = datetime(2026, 7, 1, 14, 0, 0, 123457, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with transaction(database) as conn:
        conn.execute(workspaces.update().values(created_at=told))
        kept = conn.scalar(select(workspaces.c.created_at))
    assert kept == told
    assert kept.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(database: Engine, workspace: Workspace) -> None:
    naive = datetime(2026, 7, 1, 14, 0)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="names no time zone"), transaction(database) as conn:
        conn.execute(workspaces.update().values(created_at=naive))


def test_equal_json_values_are_equal_texts(database: Engine, workspace: Workspace, now: datetime) -> None:
    row = {"workspace_id": workspace.id, "url": "", "secrets": "", "created_at": now}
    with transaction(database) as conn:
        conn.execute(insert(connections).values(row | {"system": "a", "config": {"b": 1, "a": ["ü"]}}))
        conn.execute(insert(connections).values(row | {"system": "b", "config": {"a": ["ü"], "b": 1}}))
        texts = conn.exec_driver_sql("SELECT DISTINCT config FROM connections").scalars().all()
    assert texts == ['{"a":["ü"],"b":1}']


def test_a_page_cannot_write(database: Engine, workspace: Workspace) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), reading(database) as conn:
        conn.execute(workspaces.update().values(name="Other"))
    with transaction(database) as conn:
        conn.execute(workspaces.update().values(name="Other"))
    with reading(database) as conn:
        assert conn.scalar(select(workspaces.c.name)) == "Other"


def test_a_page_sees_one_moment_and_does_not_wait_for_writers(database: Engine, workspace: Workspace) -> None:
    with reading(database) as page:
        before = page.scalar(select(workspaces.c.name))
        with transaction(database) as conn:
            conn.execute(workspaces.update().values(name="Other"))
        assert page.scalar(select(workspaces.c.name)) == before == "Acme"


def test_what_is_raised_undoes_the_transaction(database: Engine, workspace: Workspace) -> None:
    def write_and_fail() -> None:
        with transaction(database) as conn:
            conn.execute(workspaces.update().values(name="Other"))
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    with reading(database) as conn:
        assert conn.scalar(select(workspaces.c.name)) == "Acme"


def test_many_threads_that_read_and_then_write_lose_nothing_and_never_find_the_database_locked(
    database: Engine, database_url: str, workspace: Workspace
) -> None:
    """On two engines, as two processes have: the gate of one does not order the other."""
    other, problems = open_database(database_url), []

    def raise_by_one(engine: Engine) -> None:
        try:
            for _ in range(10):
                with transaction(engine) as conn:
                    hold_s = conn.scalar(select(workspaces.c.hold_s).with_for_update()) or 0
                    conn.execute(workspaces.update().values(hold_s=hold_s + 1))
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(problem)

    threads = [threading.Thread(target=raise_by_one, args=(engine,)) for engine in (database, other) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    with reading(database) as conn:
        assert conn.scalar(select(workspaces.c.hold_s)) == 900 + 12 * 10


def test_inserting_what_exists_says_so_and_changes_nothing(database: Engine, now: datetime) -> None:
    row = {"slug": "a", "auto_kinds": "", "hold_s": 0, "deliver": "done", "currency": "USD"}
    row |= {"push_amounts": False, "paused": False, "created_at": now}
    with transaction(database) as conn:
        assert insert_or_ignore(conn, workspaces, {**row, "name": "first"})
        assert not insert_or_ignore(conn, workspaces, {**row, "name": "second"})
        assert conn.scalars(select(workspaces.c.name)).all() == ["first"]


def test_an_upsert_inserts_and_then_overwrites(database: Engine, workspace: Workspace, now: datetime) -> None:
    keys = {"workspace_id": workspace.id, "system": "jira"}
    rest = {"config": {}, "secrets": "", "created_at": now}
    with transaction(database) as conn:
        for url in ("one", "two"):
            upsert(conn, connections, list(keys), {**keys, **rest, "url": url})
        assert conn.scalars(select(connections.c.url)).all() == ["two"]


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "sqlite:////no/where/x.db"]
)
def test_an_address_that_cannot_work_is_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(CannotOpen, match=r"KITHSPARK|Use sqlite"):
        open_database(url)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # the tests may run as root, who may do anything
    with pytest.raises(CannotOpen, match="cannot be written"):
        open_database(f"sqlite:///{tmp_path / 'x.db'}")
