import threading

import pytest
from sqlalchemy import Engine, inspect

from store import installation, migrate
from store.database import CannotOpen, open_database, reading, transaction


def test_the_file_named_head_names_the_newest_revision() -> None:
    assert (migrate.FOLDER / "HEAD").read_text().strip() == migrate.head()


def test_a_migrated_database_is_at_the_head_and_stays_as_it_is_when_migrated_again(database: Engine) -> None:
    with reading(database) as conn:
        before = installation.load(conn)
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.head()
    with reading(database) as conn:
        assert installation.load(conn) == before


def test_two_databases_are_two_installations(database: Engine, empty_url: str) -> None:
    other = open_database(empty_url)
    assert migrate.current(other) is None
    migrate.upgrade(other)
    with reading(database) as here, reading(other) as there:
        assert installation.load(here).id != installation.load(there).id


def test_a_restore_begins_another_epoch_of_the_same_installation(database: Engine) -> None:
    with transaction(database) as conn:
        before = installation.load(conn)
        after = installation.begin_epoch(conn)
    assert (after.id, after.epoch) == (before.id, before.epoch + 1)


def test_four_processes_that_migrate_at_once_wait_for_one_another(empty_url: str) -> None:
    problems = []

    def start() -> None:
        try:
            migrate.upgrade(open_database(empty_url))  # an engine each, as processes have: no gate in common
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(problem)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert migrate.current(open_database(empty_url)) == migrate.head()


def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(empty_url)

    def fail(*_given: object, **_named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(installation, "ensure", fail)
    with pytest.raises(OSError, match="disk full"):
        migrate.upgrade(engine)
    with reading(engine) as conn:
        assert inspect(conn).get_table_names() == []


def test_a_database_of_a_newer_version_is_refused_with_what_to_do(database: Engine) -> None:
    with transaction(database) as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_future'")
    with pytest.raises(CannotOpen, match=r"9999_future.*install"):
        migrate.upgrade(database)
