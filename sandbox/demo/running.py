"""Kithspark itself, as a process of its own: the same program that an operator starts."""

import contextlib
import json
import os
import signal
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

START_S = 60.0
STOP_S = 25.0
"""A worker may take 20 s to finish what it holds."""

COMMAND = Path(sysconfig.get_path("scripts")) / "kithspark"


class DidNotStart(Exception):
    """The server ended, or said nothing in time. The message holds its last words."""


class Kithspark:
    """One installation: its settings, and its server once started.

    `settings` may be added to before anything is run; `hear` is given every event of the server's log.
    """

    def __init__(self, *, port: int, settings: Mapping[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        listen = {"KITHSPARK_PUBLIC_URL": self.url, "KITHSPARK_LISTEN": f"127.0.0.1:{port}"}
        self.settings = {**listen, "KITHSPARK_LOG": "json", **settings}
        self.hear: Callable[[dict[str, Any]], None] = lambda event: None
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._listening: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """This process's, without whatever Kithspark of their own its user has set up there."""
        kept = {
            name: value for name, value in os.environ.items() if not name.upper().startswith("KITHSPARK_")
        }
        return {**kept, **self.settings, "PYTHONUNBUFFERED": "1"}

    @property
    def warnings(self) -> list[str]:
        """The lines of its log that say of some trouble."""
        return [line for line in self.lines if '"level": "error"' in line or '"level": "warning"' in line]

    def start(self) -> None:
        """Serve, with the embedded worker. Raises DidNotStart."""
        self._process = subprocess.Popen(
            [str(COMMAND), "serve"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C is ours to handle: it ends in order
        )
        self._listening = threading.Thread(target=self._listen, name="kithspark log", daemon=True)
        self._listening.start()
        self._wait_until_ready()

    def kill(self) -> None:
        """End it at once, server and worker, as `kill -9` or a power cut would: nothing is finished."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """End it as an operator would, with SIGTERM; by force only if that does not help."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self._listening is not None:
            self._listening.join(1.0)

    def _listen(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip())
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict):
                    self.hear(event)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            with contextlib.suppress(requests.RequestException):
                if direct().get(f"{self.url}/readyz", timeout=2).ok:
                    return
            time.sleep(0.05)
        words = "\n".join(self.lines[-12:]) or "It said nothing."
        self.stop()
        raise DidNotStart(f"Kithspark did not start. Its last words:\n{words}")


def direct() -> requests.Session:
    """A session with no proxy between this machine and itself."""
    session = requests.Session()
    session.trust_env = False
    return session
