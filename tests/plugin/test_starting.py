"""Started where nothing can be written: it says what to do, waits, and goes on once there is room."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import requests
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from plugin import starting, work
from plugin.opening import open_installation
from plugin.settings import Settings
from store import connections, looks, workspaces, writable
from store.database import CannotOpen, CannotWriteThere, open_database, reading, transaction, utc_now
from store.workspaces import Workspace
from tests.full_disk import read_only
from tests.plugin.house import free_port

Found = TypeVar("Found")

COMMAND = [sys.executable, "-c", "from plugin.commands import main; main()"]
NO_ROOM, ROOM = 1024, resource.RLIM_INFINITY
"""A quota on the length of files, in bytes: it needs no file system of its own, and bites root too."""

LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.argv[2], sys.argv[2:])
"""
WAITS = "waiting_until_it_can_be_written"


def until(there: Callable[[], Found | None], within_s: float = 30) -> Found:
    end = time.monotonic() + within_s
    while (found := there()) is None or found is False:  # an answer of 503 counts as false
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)
    return found


class Started:
    """One of our commands, on a disk without room until `finds_room`."""

    def __init__(self, folder: Path, words: list[str], most: int) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KITHSPARK_")}
        environment |= {
            "KITHSPARK_DATA_DIR": str(folder), "KITHSPARK_LISTEN": f"127.0.0.1:{port}",
            "KITHSPARK_PUBLIC_URL": self.url, "KITHSPARK_LOG": "json", "KITHSPARK_SWEEP_S": "0.2",
        }  # fmt: skip
        limited = [sys.executable, "-c", LIMITED, str(most), *COMMAND, *words]
        self.process = subprocess.Popen(
            limited, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def finds_room(self) -> None:
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (ROOM, ROOM))

    def says(self, words: str) -> str:
        """The first line with these words, once it is there."""
        return until(lambda: next((line for line in self.lines if words in line), None))

    def answers(self, path: str, status: int) -> requests.Response:
        """Once it does so."""

        def asked() -> requests.Response | None:
            try:
                answer = requests.get(self.url + path, timeout=5)
            except requests.ConnectionError:
                return None
            return answer if answer.status_code == status else None

        return until(asked)

    def ends(self) -> tuple[int, str]:
        """Its exit code, and all that it said."""
        code = self.process.wait(30)
        self._reading.join(5)
        return code, "".join(self.lines)

    def told_to_stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.ends()[0]

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(iter(self.process.stderr.readline, ""))


Start = Callable[..., Started]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Empty: nothing was ever started here."""
    there = tmp_path / "data"
    there.mkdir()
    return there


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    every: list[Started] = []

    def started(*words: str, most: int = NO_ROOM) -> Started:
        every.append(Started(folder, [*words], most))
        return every[-1]

    yield started
    for one in every:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()


@pytest.fixture
def waiting(folder: Path, migrated_file: Path) -> Iterator[Engine]:
    """A database in which a ticket is to be looked at."""
    shutil.copyfile(migrated_file, folder / "kithspark.db")
    (folder / "secret.keys").write_text(Fernet.generate_key().decode())
    engine, now = open_database(f"sqlite:///{folder / 'kithspark.db'}"), utc_now()
    with transaction(engine) as conn:
        there = workspaces.add(conn, slug="acme", name="Acme", now=now)
        looks.ask(conn, workspace_id=there.id, system="zendesk", kind="ticket", object_id="7", now=now)
    engine.dispose()
    yield engine
    engine.dispose()


def tried(engine: Engine) -> bool:
    """Whether the ticket was gone for: the workspace has no Zendesk."""
    with reading(engine) as conn:
        return conn.scalar(select(looks.looks.c.parked_at)) is not None


def test_a_server_waits_asks_vendors_to_come_back_and_goes_on(start: Start, waiting: Engine) -> None:
    server = start("serve")
    assert server.answers("/readyz", 503).text == f"{writable.FAILING}\n"
    assert writable.FAILING in server.says(WAITS)
    sent = requests.post(f"{server.url}/webhooks/jira/acme", data=b"x" * 50_000, timeout=5)
    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "30")
    assert server.answers("/healthz", 200).text == "ok\n"
    server.finds_room()
    server.answers("/readyz", 200)
    assert requests.post(f"{server.url}/webhooks/jira/acme", json={}, timeout=5).status_code == 401
    until(lambda: tried(waiting))
    assert server.told_to_stop() == 0


def test_a_worker_waits_and_goes_on(start: Start, waiting: Engine) -> None:
    worker = start("work")
    assert writable.FAILING in worker.says(WAITS)
    worker.finds_room()
    until(lambda: tried(waiting))
    assert worker.told_to_stop() == 0


@pytest.mark.parametrize("command", ["serve", "work"])
def test_whoever_waits_can_be_told_to_stop(start: Start, waiting: Engine, command: str) -> None:
    started = start(command)
    started.says(WAITS)
    assert started.told_to_stop() == 0


@pytest.mark.parametrize(
    ("command", "most"),
    [
        ("serve", 16),
        ("migrate", NO_ROOM),
        pytest.param("serve", NO_ROOM, marks=pytest.mark.long),
        pytest.param("migrate", 16, marks=pytest.mark.long),
    ],
)
def test_where_nothing_is_yet_it_ends_with_the_sentence(
    start: Start, folder: Path, command: str, most: int
) -> None:
    code, said = start(command, most=most).ends()
    assert (code, WAITS in said, "Traceback" in said) == (1, False, False)
    assert said.startswith("Error: The disk of the database cannot be written: see its quota")
    assert said.endswith("Then try again.\n")
    assert not [one for one in folder.iterdir() if one.name.startswith("secret.keys.")]


@pytest.mark.parametrize(
    "command",
    [
        "work --burst",
        pytest.param("migrate", marks=pytest.mark.long),
        pytest.param("failures", marks=pytest.mark.long),
    ],
)
def test_a_command_that_does_one_thing_ends_with_the_sentence(
    start: Start, waiting: Engine, command: str
) -> None:
    code, said = start(*command.split()).ends()
    assert (code, "Then try again." in said, "Traceback" in said) == (1, True, False)
    assert not tried(waiting)


def test_what_waiting_does_not_help_is_raised(folder: Path, waiting: Engine) -> None:
    def begin() -> None:
        raise CannotOpen("of another version")

    with pytest.raises(CannotOpen, match="another version"):
        starting.when_it_can_be_written(_settings(folder), begin, listens=False)


@pytest.mark.parametrize(("least", "words"), [(0, writable.FAILING), (1 << 60, writable.FULL)])
def test_a_disk_without_a_byte_is_called_full_whatever_fails_first(
    folder: Path, waiting: Engine, monkeypatch: pytest.MonkeyPatch, least: int, words: str
) -> None:
    monkeypatch.setattr(starting, "LEAST_BYTES", least)
    tries: list[Exception] = [writable.CannotWrite(writable.FAILING), CannotWriteThere("no right to")]

    def begin() -> None:
        if tries:
            raise tries.pop(0)

    with capture_logs() as said:
        assert starting.when_it_can_be_written(_settings(folder), begin, listens=False)
    assert [line["reason"] for line in said] == [words, writable.CLOSED]


def test_the_schedule_is_armed_once_it_can_be_written(
    folder: Path, database: Engine, database_url: str, workspace: Workspace
) -> None:
    app = open_installation(_settings(folder, database_url), engine=database)
    with transaction(database) as conn:
        connections.save(
            conn, app.vault, workspace_id=workspace.id, system="jira", url="https://acme.example", config={},
            secrets={}, now=utc_now(),
        )  # fmt: skip
    stop = threading.Event()
    arming = threading.Thread(target=work.arm_at_last, args=(app, stop))
    with read_only(database), capture_logs() as said:
        arming.start()
        until(lambda: len(said) > 1)
        assert {line["reason"] for line in said} == {writable.CLOSED}
    arming.join(10)
    with reading(database) as conn:
        assert conn.scalars(select(looks.looks.c.kind)).all() == ["sync"]


def _settings(folder: Path, url: str = "") -> Settings:
    keys = (Fernet.generate_key().decode(),)
    return Settings(
        data_dir=folder, database_url=url or f"sqlite:///{folder / 'kithspark.db'}", secret_keys=keys,
        sweep_s=0.05,
    )  # fmt: skip
