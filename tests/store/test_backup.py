"""A backup shows one moment, comes back whole on either database, and is refused where it is not sound."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, func, insert, inspect, select, update

from lineage.demand_days import demand_days
from store import (
    backup,
    backup_file,
    connections,
    in_use,
    inbox,
    installation,
    looks,
    migrate,
    restore,
    workspaces,
)
from store.backup import tables_of
from store.backup_file import BadBackup, Manifest
from store.database import CannotOpen, open_database, reading, transaction
from store.new_file import Exists
from store.restore import CannotRestore
from store.secrets import Unreadable, Vault
from tests.postgres.server import Server

VAULT = Vault([Fernet.generate_key().decode()])
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def nothing(_conn: Connection) -> None:
    """Nothing is done afterwards."""


@pytest.fixture
def filled(database: Engine) -> Engine:
    """A bit of everything that a value can be: bytes, days, sealed text, JSON, truths, nothing."""
    with transaction(database) as conn:
        acme = workspaces.add(conn, slug="acme", name="Acme äöü 日本", now=NOW)
        gone = workspaces.add(conn, slug="gone", name="Gone", now=NOW)
        workspaces.remove(conn, gone.id)
        connect(conn, acme.id)
        inbox.keep(conn, workspace_id=acme.id, system="jira", delivery_id="1", headers={"a": "b"},
                   body=b"\x00\xff{}", now=NOW)  # fmt: skip
        looks.ask(conn, workspace_id=acme.id, system="jira", kind="issue", object_id="1", now=NOW)
        row: dict[str, Any] = dict.fromkeys((column.name for column in demand_days.columns), 0)
        kept = {"workspace_id": acme.id, "day": date(2026, 3, 1), "item_id": "1", "ranked": True}
        row |= kept | {"currency": "USD", "oldest_at": None}
        conn.execute(insert(demand_days).values(row))
    return database


def connect(conn: Connection, workspace_id: int, vault: Vault = VAULT) -> None:
    connections.save(
        conn, vault, workspace_id=workspace_id, system="jira", url="https://a.example", config={},
        secrets={"api_token": "t"}, now=NOW,
    )  # fmt: skip


@pytest.fixture
def taken(filled: Engine, tmp_path: Path) -> Path:
    file = tmp_path / "a.backup"
    backup.take(filled, VAULT, file, now=NOW, tell=quiet)
    return file


@pytest.fixture(params=["alike", "other"])
def elsewhere(request: pytest.FixtureRequest, dbms: str, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the same kind, and of the other."""
    wanted = dbms if request.param == "alike" else OTHER[dbms]
    if wanted == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}")
        yield engine
        engine.dispose()
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as name:
        engine = open_database(server.url(name))
        yield engine
        engine.dispose()


def back(engine: Engine, file: Path, *, vault: Vault = VAULT, without_secrets: bool = False,
         afterwards: Callable[[Connection], None] = nothing) -> None:  # fmt: skip
    manifest = restore.judged(file, vault, without_secrets=without_secrets)
    restore.restore(
        engine, vault, file, manifest, now=NOW, afterwards=afterwards, tell=quiet,
        without_secrets=without_secrets,
    )  # fmt: skip


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as conn:
        return {
            table.name: sorted((tuple(row) for row in conn.execute(select(table))), key=repr)
            for table in tables_of(conn)
        }


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


def lines_of(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


def with_lines(file: Path, lines: list[bytes]) -> None:
    file.write_bytes(gzip.compress(b"".join(lines)))


def manifest_with(**changed: Any) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [json.dumps(json.loads(lines[0]) | changed).encode() + b"\n", *lines[1:]]


SPOILT: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "cut off": (lambda lines: lines[:-1], "ends before its end"),
    "a row is missing": (lambda lines: [*lines[:2], *lines[3:]], "changed or damaged"),
    "a letter is another": (lambda lines: [one.replace(b"Acme", b"Axme") for one in lines], "changed or dam"),
    "of a newer program": (manifest_with(kithspark_backup=2), "newer version"),
    "something else": (lambda lines: [b'{"hello": 1}\n'], "no backup of Kithspark's"),
    "no JSON": (lambda lines: [b"hello\n"], "no whole backup"),
    "empty": (lambda lines: [], "ends before its end"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_file_that_is_not_sound_is_refused_with_what_to_do(taken: Path, what: str) -> None:
    spoil, words = SPOILT[what]
    with_lines(taken, spoil(lines_of(taken)))
    with pytest.raises(BadBackup, match=words):
        restore.judged(taken, VAULT, without_secrets=False)


def test_a_file_that_was_cut_in_the_middle_of_its_bytes_is_refused(taken: Path) -> None:
    taken.write_bytes(taken.read_bytes()[:-40])
    with pytest.raises(BadBackup, match="no whole backup"):
        restore.judged(taken, VAULT, without_secrets=False)
    taken.write_bytes(b"not gzip at all")
    with pytest.raises(BadBackup, match="no whole backup"):
        restore.judged(taken, VAULT, without_secrets=False)
    with pytest.raises(CannotRestore, match="There is no file"):
        restore.judged(taken.with_name("none"), VAULT, without_secrets=False)


def test_a_backup_of_a_newer_version_is_refused_and_of_an_older_one_upgraded(
    empty_url: str, elsewhere: Engine, tmp_path: Path
) -> None:
    old, file = open_database(empty_url), tmp_path / "old.backup"
    with transaction(old) as conn:
        migrate.step(conn, "0008_rules")
        installation.ensure(conn, now=NOW)
        workspaces.add(conn, slug="acme", name="Acme", now=NOW)
    manifest = backup.take(old, VAULT, file, now=NOW, tell=quiet)
    assert (manifest.revision, migrate.current(old)) == ("0008_rules", "0008_rules")
    back(elsewhere, file)
    assert migrate.current(elsewhere) == migrate.head()
    with reading(elsewhere) as conn:
        assert [one.slug for one in workspaces.list_all(conn)] == ["acme"]
        assert inspect(conn).has_table("restores")
    assert not migrate.knows("9999_next")


def test_a_revision_that_this_version_does_not_know_is_refused(
    taken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Manifest("9999_next", NOW, "i", "s", {}, {})
    monkeypatch.setattr(backup_file, "check", lambda _file: unknown)
    with pytest.raises(CannotRestore, match="9999_next, which this version does not know"):
        restore.judged(taken, VAULT, without_secrets=False)


def test_other_keys_are_refused_before_anything_is_touched(taken: Path, elsewhere: Engine) -> None:
    other = Vault([Fernet.generate_key().decode()])
    with pytest.raises(CannotRestore, match="KITHSPARK_SECRET_KEYS"):
        back(elsewhere, taken, vault=other)
    back(elsewhere, taken, vault=other, without_secrets=True)
    with reading(elsewhere) as conn, pytest.raises(Unreadable):
        connections.load(conn, other, 1, "jira")


def test_every_account_must_open_not_only_what_was_sealed_last(
    filled: Engine, elsewhere: Engine, tmp_path: Path
) -> None:
    old, file = Vault([Fernet.generate_key().decode()]), tmp_path / "two.backup"
    with transaction(filled) as conn:
        second = workspaces.add(conn, slug="second", name="Second", now=NOW)
        connect(conn, second.id, old)
    backup.take(filled, VAULT, file, now=NOW, tell=quiet)
    with pytest.raises(Unreadable):
        back(elsewhere, file)
    assert migrate.current(elsewhere) is None


def test_a_restore_that_fails_leaves_what_was_there(filled: Engine, taken: Path) -> None:
    with transaction(filled) as conn:
        workspaces.add(conn, slug="later", name="Later", now=NOW)
    before = everything(filled)

    def fails(_conn: Connection) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        back(filled, taken, afterwards=fails)
    assert everything(filled) == before
    assert not restore.is_empty(filled)
    back(filled, taken)
    with reading(filled) as conn:
        assert [one.slug for one in workspaces.list_all(conn)] == ["acme"]


def test_it_is_refused_while_a_worker_holds_a_row(filled: Engine, taken: Path) -> None:
    held = update(looks.looks).values(lease_until=NOW + timedelta(seconds=20))
    with transaction(filled) as conn:
        conn.execute(held)
    with pytest.raises(in_use.InUse, match="stop `kithspark serve`"):
        back(filled, taken)


def test_it_is_refused_while_another_process_is_connected(
    filled: Engine, taken: Path, database_url: str
) -> None:
    code = (
        "import sys; from store.database import open_database, reading\n"
        "with reading(open_database(sys.argv[1])) as conn:\n"
        " conn.exec_driver_sql('SELECT 1 FROM workspaces').all(); print('open', flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    with pytest.raises(in_use.InUse, match="Another process"):
        back(filled, taken)
    other.communicate("\n")
    back(filled, taken)
