"""A backup shows one moment, and comes back whole on either database."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, inspect, select

from store import backup, connections, installation, looks, migrate, workspaces
from store.database import CannotOpen, open_database, reading, transaction
from store.new_file import Exists
from tests.store.backups import NOW, VAULT, back, everything, quiet


def test_everything_comes_back_on_either_database(filled: Engine, taken: Path, elsewhere: Engine) -> None:
    back(elsewhere, taken)
    before, after = everything(filled), everything(elsewhere)
    assert before.keys() == after.keys()
    for name, rows in before.items():
        assert rows == after[name], name
    assert migrate.current(elsewhere) == migrate.head()
    with reading(elsewhere) as conn:
        assert connections.load(conn, VAULT, 1, "jira").secrets == {"api_token": "t"}


def test_a_number_that_was_given_once_is_not_given_again(taken: Path, elsewhere: Engine) -> None:
    back(elsewhere, taken)
    with transaction(elsewhere) as conn:
        assert workspaces.add(conn, slug="new", name="New", now=NOW).id == 3
        looks.ask(conn, workspace_id=1, system="jira", kind="issue", object_id="2", now=NOW)
        assert conn.scalar(select(func.max(looks.looks.c.id))) == 2


def test_a_backup_is_readable_by_its_owner_only_and_never_overwritten(filled: Engine, taken: Path) -> None:
    assert taken.stat().st_mode & 0o777 == 0o600
    before = taken.read_bytes()
    with pytest.raises(Exists, match="is not overwritten: name another file"):
        backup.take(filled, VAULT, taken, now=NOW, tell=quiet)
    assert taken.read_bytes() == before
    assert b"api_token" not in gzip.decompress(before)


def test_a_backup_that_fails_leaves_nothing_behind(filled: Engine, tmp_path: Path) -> None:
    def full(_done: int, _total: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        backup.take(filled, VAULT, tmp_path / "b.backup", now=NOW, tell=full)
    assert [one.name for one in tmp_path.iterdir() if "b.backup" in one.name] == []


def test_what_is_written_meanwhile_is_not_in_it(filled: Engine, tmp_path: Path) -> None:
    """One moment: a row that is committed while the backup is taken is in none of its tables."""
    seen: list[int] = []

    def meanwhile(_done: int, _total: int) -> None:
        seen.append(1)
        with transaction(filled) as conn:
            looks.ask(
                conn, workspace_id=1, system="jira", kind="issue", object_id=f"9{len(seen)}", now=NOW
            )  # fmt: skip

    manifest = backup.take(filled, VAULT, tmp_path / "c.backup", now=NOW, tell=meanwhile)
    assert len(seen) > 3
    assert manifest.rows["looks"] == 1
    with reading(filled) as conn:
        assert conn.scalar(select(func.count()).select_from(looks.looks)) == 1 + len(seen)


def test_without_a_database_there_is_nothing_to_back_up(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="run `kithspark migrate`"):
        backup.take(open_database(empty_url), VAULT, tmp_path / "d.backup", now=NOW, tell=quiet)
    assert list(tmp_path.glob("*d.backup*")) == []


def test_a_backup_of_a_newer_version_is_refused_and_of_an_older_one_upgraded(
    empty_url: str, elsewhere: Engine, tmp_path: Path
) -> None:
    old, file = open_database(empty_url), tmp_path / "old.backup"
    with transaction(old) as conn:
        migrate.step(conn, "0008_rules")
        installation.ensure(conn, now=NOW)
        conn.exec_driver_sql(  # a row of that time
            "INSERT INTO workspaces (slug, name, auto_kinds, hold_s, deliver, currency, push_amounts, paused,"
            " created_at, deliver_in) VALUES ('acme', 'Acme', '', 900, 'done', 'USD', false, false, 0, '{}')"
        )
    manifest = backup.take(old, VAULT, file, now=NOW, tell=quiet)
    assert (manifest.revision, migrate.current(old)) == ("0008_rules", "0008_rules")
    back(elsewhere, file)
    assert migrate.current(elsewhere) == migrate.head()
    with reading(elsewhere) as conn:
        assert [one.slug for one in workspaces.list_all(conn)] == ["acme"]
        assert inspect(conn).has_table("restores")
    assert not migrate.knows("9999_next")
