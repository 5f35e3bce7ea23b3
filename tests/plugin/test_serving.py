"""The server as an operator starts it: one process for app and worker, which ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.plugin.house import free_port

COMMAND = [sys.executable, "-c", "from plugin.commands import main; main()"]
Serve = Callable[..., "Served"]

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes by /proc")


class Served:
    """A running server: granian's process, and the app's below it."""

    def __init__(self, folder: Path, port: int, *words: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KITHSPARK_")}
        environment |= {
            "KITHSPARK_DATA_DIR": str(folder), "KITHSPARK_LISTEN": f"127.0.0.1:{port}",
            "KITHSPARK_PUBLIC_URL": self.url, "KITHSPARK_LOG": "json",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [*COMMAND, "serve", *words],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ready(self) -> "Served":
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return self
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError(self.process.communicate(timeout=1)[1])

    @property
    def app(self) -> int:
        """The process id of the app."""
        [child] = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(child)


def gone(process: int, within_s: float = 5) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if not Path(f"/proc/{process}").exists():
            return True
        time.sleep(0.05)
    return False


def ended(process: int, within_s: float = 10) -> bool:
    """Whether it is over, though nobody has asked yet how it went."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    started: list[Served] = []

    def start(*words: str, port: int | None = None) -> Served:
        started.append(Served(tmp_path, port or free_port(), *words))
        return started[-1]

    yield start
    for one in started:
        try:
            os.killpg(one.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        finally:
            one.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_makes_its_database_serves_and_ends_in_order(serve: Serve, number: signal.Signals) -> None:
    server = serve().ready()
    app = server.app
    assert requests.get(f"{server.url}/metrics", timeout=5).ok
    assert requests.post(f"{server.url}/webhooks/jira/acme", json={}, timeout=5).status_code == 401
    os.killpg(server.process.pid, number)
    assert server.process.wait(20) == 0
    assert gone(app)


def test_an_app_that_ends_before_granian_has_heard_of_the_end_is_no_error(serve: Serve) -> None:
    server = serve("--no-worker").ready()
    app = server.app
    server.process.send_signal(signal.SIGSTOP)
    os.killpg(server.process.pid, signal.SIGTERM)
    assert ended(app)
    server.process.send_signal(signal.SIGCONT)
    assert server.process.wait(20) == 0


def test_without_its_worker_it_only_serves(serve: Serve) -> None:
    server = serve("--no-worker").ready()
    server.process.terminate()
    assert server.process.wait(20) == 0


def test_an_address_that_is_taken_is_one_sentence(serve: Serve) -> None:
    first = serve().ready()
    second = serve(port=int(first.url.rpartition(":")[2]))
    _, said = second.process.communicate(timeout=20)
    assert second.process.returncode == 1
    assert "end what listens there, or set KITHSPARK_LISTEN" in said


def test_no_process_is_left_when_granian_is_killed(serve: Serve) -> None:
    server = serve().ready()
    app = server.app
    server.process.kill()
    assert gone(app)


def test_it_ends_with_an_error_when_the_app_is_killed(serve: Serve) -> None:
    server = serve().ready()
    os.kill(server.app, signal.SIGKILL)
    assert server.process.wait(20) == 1
