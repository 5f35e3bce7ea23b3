import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from store import connections, inbox, installation, looks, migrate, workspaces
from store.database import CannotOpen, metadata, open_database, reading, transaction

OURS = (
    connections.connections,
    inbox.inbox,
    installation.installation,
    looks.looks,
    workspaces.workspaces,
)


def shape(engine: Engine, table: str) -> dict[str, list[str]]:
    """All that the database knows about one table, in an order that can be compared."""
    with reading(engine) as conn:
        here = inspect(conn)
        return {
            "columns": sorted(
                repr(sorted((k, str(v)) for k, v in c.items())) for c in here.get_columns(table)
            ),
            "keys": [repr(here.get_pk_constraint(table))],
            "foreign": sorted(map(repr, here.get_foreign_keys(table))),
            "unique": sorted(map(repr, here.get_unique_constraints(table))),
            "indexes": sorted(
                f"{i['name']} {i['column_names']} {i['unique']} {str_values(i.get('dialect_options', {}))}"
                for i in here.get_indexes(table)
            ),
        }


def str_values(options: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


@pytest.mark.parametrize("table", [table.name for table in OURS])
def test_the_migrations_from_nothing_make_the_tables_that_the_code_describes(
    database: Engine, tmp_path: Path, table: str
) -> None:
    described = open_database(f"sqlite:///{tmp_path / 'described.db'}")
    with transaction(described) as conn:
        metadata.create_all(conn, tables=OURS)
    assert shape(database, table) == shape(described, table)


def test_alembic_finds_nothing_to_change_in_our_tables(database: Engine) -> None:
    names = {table.name for table in OURS}
    with reading(database) as conn:
        differences = compare_metadata(MigrationContext.configure(conn), metadata)
    assert [found for found in differences if any(repr(name) in repr(found) for name in names)] == []


def test_the_file_named_head_names_the_newest_revision() -> None:
    assert (migrate.FOLDER / "HEAD").read_text().strip() == migrate.head()


def test_a_migrated_database_is_at_the_head_and_stays_as_it_is_when_migrated_again(database: Engine) -> None:
    with reading(database) as conn:
        before = installation.load(conn)
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.head()
    with reading(database) as conn:
        assert installation.load(conn) == before


def test_two_databases_are_two_installations(database: Engine, tmp_path: Path) -> None:
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    assert migrate.current(other) is None
    migrate.upgrade(other)
    with reading(database) as here, reading(other) as there:
        assert installation.load(here).id != installation.load(there).id


def test_a_restore_begins_another_epoch_of_the_same_installation(database: Engine) -> None:
    with transaction(database) as conn:
        before = installation.load(conn)
        after = installation.begin_epoch(conn)
    assert (after.id, after.epoch) == (before.id, before.epoch + 1)


def test_four_processes_that_migrate_at_once_wait_for_one_another(tmp_path: Path) -> None:
    url, problems = f"sqlite:///{tmp_path / 'new.db'}", []

    def start() -> None:
        try:
            migrate.upgrade(open_database(url))  # an engine each, as processes have: no gate in common
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(problem)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert migrate.current(open_database(url)) == migrate.head()


def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'half.db'}")

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
