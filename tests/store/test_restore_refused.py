"""A backup that is not sound, or not for this place and moment, is refused, and nothing is lost."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, update

from store import backup, backup_file, connections, in_use, looks, migrate, restore, workspaces
from store.backup_file import BadBackup, Manifest
from store.database import reading, transaction
from store.restore import CannotRestore
from store.secrets import Unreadable, Vault
from tests.store.backups import NOW, VAULT, back, connect, everything, quiet


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
